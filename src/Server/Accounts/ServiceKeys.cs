using System.Globalization;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>Who may call a service.</summary>
public enum Role
{
    /// <summary>A competent authority, by a key of its account.</summary>
    Authority,

    /// <summary>Whoever runs the bridge, by a key under Bridge:OperatorKeys.</summary>
    Operator,

    /// <summary>The far end of the exchange, by a key under Exchange:Grpc:Keys.</summary>
    Customs,
}

/// <summary>The keys of operators and of Customs, from the settings: a name for each, and the key or its SHA-256 as sha256:(64 digits).</summary>
public sealed class ServiceKeys
{
    private const int ShortestKey = 20;
    private const string Hashed = "sha256:";

    private readonly Dictionary<KeyHash, (Role Role, string Name)> keys = [];

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">A key is too short, no hash, or there twice.</exception>
    public ServiceKeys(IConfiguration configuration)
    {
        Read(configuration, Role.Operator, "Bridge:OperatorKeys");
        Read(configuration, Role.Customs, "Exchange:Grpc:Keys");
    }

    /// <summary>Whose key it is, and its name; null where it is none of these.</summary>
    public (Role Role, string Name)? Find(KeyHash key) => keys.TryGetValue(key, out var found) ? found : null;

    /// <summary>Whether there is a key of this role.</summary>
    public bool Any(Role role) => keys.Values.Any(key => key.Role == role);

    private void Read(IConfiguration configuration, Role role, string section)
    {
        foreach (var setting in configuration.GetSection(section).GetChildren())
        {
            if (!keys.TryAdd(Parse(setting), (role, setting.Key)))
                throw new InvalidOperationException($"{setting.Path}: the same key stands in the settings twice; take one for each name.");
        }
    }

    private static KeyHash Parse(IConfigurationSection setting)
    {
        var value = setting.Value ?? "";
        if (!value.StartsWith(Hashed, StringComparison.Ordinal))
        {
            return value.Length >= ShortestKey
                ? KeyHash.Of(value)
                : throw new InvalidOperationException($"{setting.Path}: a key has at least {ShortestKey} characters.");
        }

        var digits = value[Hashed.Length..];
        return digits.Length == 64 && digits.All(char.IsAsciiHexDigit)
            ? new KeyHash(Half(digits[..32]), Half(digits[32..]))
            : throw new InvalidOperationException($"{setting.Path}: {Hashed} is followed by 64 hexadecimal digits.");
    }

    private static UInt128 Half(string digits) => UInt128.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
