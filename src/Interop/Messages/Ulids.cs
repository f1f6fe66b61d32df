using System.Buffers.Binary;

namespace SingleWindowBridge.Interop.Messages;

/// <summary>
/// ULIDs: 26 characters of Crockford's base 32, 48 bits of time then random bits. Of those made here each sorts after the one
/// before, also within a millisecond and when the clock is set back.
/// </summary>
public static class Ulids
{
    private const int Length = 26;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static readonly Lock Gate = new();
    private static UInt128 last;

    /// <summary>Makes a new one.</summary>
    public static string New(DateTimeOffset now)
    {
        // A version 7 UUID is laid out as a ULID is.
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(bytes, bigEndian: true, out _);
        var value = new UInt128(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        lock (Gate)
            last = value = value > last ? value : last + 1;

        return string.Create(Length, value, static (text, rest) =>
        {
            for (var place = text.Length - 1; place >= 0; place--, rest >>= 5)
                text[place] = Alphabet[(int)(rest & 31)];
        });
    }

    /// <summary>
    /// Whether a text is a ULID as it is written: upper case, without the letters I, L, O and U, and of 128 bits, so that the first
    /// character is 7 at most.
    /// </summary>
    public static bool IsUlid(string text) => text.Length == Length && text[0] <= '7' && text.All(Alphabet.Contains);
}
