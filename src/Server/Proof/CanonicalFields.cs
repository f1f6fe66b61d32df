using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SingleWindowBridge.Server.Proof;

/// <summary>
/// Fields written out so that two different contents never give the same bytes: each field is its length in bytes, as four bytes with
/// the highest first, then the bytes. Texts are UTF-8, numbers decimal digits, a list its count and then its items.
/// </summary>
public sealed class CanonicalFields
{
    private readonly ArrayBufferWriter<byte> bytes = new(512);

    /// <summary>Begins with the name of what is written, so that nothing of another kind can be taken for it.</summary>
    public CanonicalFields(string kind) => Add(kind);

    /// <summary>Adds a text.</summary>
    public CanonicalFields Add(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Encoding.UTF8.GetBytes(text, Next(length));
        return this;
    }

    /// <summary>Adds a number.</summary>
    public CanonicalFields Add(long number) => Add(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds bytes.</summary>
    public CanonicalFields Add(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Next(value.Length));
        return this;
    }

    /// <summary>Adds a list.</summary>
    public CanonicalFields AddAll<T>(IReadOnlyCollection<T> items, Action<CanonicalFields, T> add)
    {
        Add(items.Count);
        foreach (var item in items)
            add(this, item);
        return this;
    }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Bytes => bytes.WrittenSpan;

    /// <summary>The SHA-256 of what was written.</summary>
    public byte[] Sha256() => SHA256.HashData(bytes.WrittenSpan);

    private Span<byte> Next(int length)
    {
        var span = bytes.GetSpan(sizeof(int) + length);
        BinaryPrimitives.WriteInt32BigEndian(span, length);
        bytes.Advance(sizeof(int) + length);
        return span.Slice(sizeof(int), length);
    }
}
