using System.Numerics;
using System.Security.Cryptography;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>
/// The keys that the bridge makes: swb_live_ or swb_sandbox_, 32 characters that hold 160 random bits, and 7 that hold the CRC-32C of all
/// before them, so that one that is mistyped or cut off is told from one that is unknown without a look at the database. The alphabet has
/// no two characters that look alike.
/// </summary>
public static class ApiKey
{
    /// <summary>How a key for real cases begins.</summary>
    public const string LivePrefix = "swb_live_";

    /// <summary>How a key for the sandbox begins.</summary>
    public const string SandboxPrefix = "swb_sandbox_";

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int BitsEach = 5;
    private const int RandomCharacters = 32;
    private const int CheckCharacters = 7;

    /// <summary>A new key.</summary>
    public static string New(bool sandbox)
    {
        var random = RandomNumberGenerator.GetString(Alphabet, RandomCharacters);
        var key = (sandbox ? SandboxPrefix : LivePrefix) + random;
        return key + CheckOf(key);
    }

    /// <summary>What can be told of a key from itself.</summary>
    public static KeyShape ShapeOf(ReadOnlySpan<char> key)
    {
        var live = key.StartsWith(LivePrefix, StringComparison.Ordinal);
        var prefix = live ? LivePrefix : SandboxPrefix;
        if (!key.StartsWith(prefix, StringComparison.Ordinal))
            return KeyShape.Unmarked;

        var body = key[..^Math.Min(CheckCharacters, key.Length)];
        var whole = key.Length == prefix.Length + RandomCharacters + CheckCharacters && key[^CheckCharacters..].SequenceEqual(CheckOf(body));
        return (live, whole) switch
        {
            (true, true) => KeyShape.Live,
            (true, false) => KeyShape.BrokenLive,
            (false, true) => KeyShape.Sandbox,
            (false, false) => KeyShape.BrokenSandbox,
        };
    }

    private static string CheckOf(ReadOnlySpan<char> text)
    {
        var crc = uint.MaxValue;
        foreach (var character in text)
            crc = BitOperations.Crc32C(crc, character);
        crc = ~crc;
        return string.Create(CheckCharacters, crc, static (characters, rest) =>
        {
            for (var index = characters.Length - 1; index >= 0; index--, rest >>= BitsEach)
                characters[index] = Alphabet[(int)(rest & ((1 << BitsEach) - 1))];
        });
    }
}

/// <summary>What can be told of a key from itself.</summary>
public enum KeyShape
{
    /// <summary>It has no mark of ours: only one from the settings looks so.</summary>
    Unmarked,

    /// <summary>A key for real cases.</summary>
    Live,

    /// <summary>One that is mistyped, cut off or invented.</summary>
    BrokenLive,

    /// <summary>A key for the sandbox.</summary>
    Sandbox,

    /// <summary>One that is mistyped, cut off or invented, or simple and from the settings of a sandbox.</summary>
    BrokenSandbox,
}
