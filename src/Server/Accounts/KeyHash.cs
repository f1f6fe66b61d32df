using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>What is kept of an API key: its SHA-256.</summary>
/// <param name="High">The first half.</param>
/// <param name="Low">The second half.</param>
public readonly record struct KeyHash(UInt128 High, UInt128 Low)
{
    /// <summary>The hash of a key.</summary>
    public static KeyHash Of(ReadOnlySpan<char> key)
    {
        var length = Encoding.UTF8.GetByteCount(key);
        var bytes = length <= 256 ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(key, bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return new KeyHash(BinaryPrimitives.ReadUInt128BigEndian(hash), BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
    }

    /// <summary>As the table holds it: 64 lower-case hexadecimal digits.</summary>
    public override string ToString() => $"{High:x32}{Low:x32}";
}
