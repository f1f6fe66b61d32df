using System.Security.Cryptography;

namespace SingleWindowBridge;

/// <summary>A file's content, ready to be sent once or more often: its size and SHA-256 are known, and it can go back to its
/// beginning.</summary>
internal sealed class UploadSource
{
    private const int ReadSize = 64 * 1024;
    private readonly Stream _content;
    private readonly long _start;

    private UploadSource(Stream content, long start, long size, string sha256)
    {
        _content = content;
        _start = start;
        Size = size;
        Sha256 = sha256;
    }

    public long Size { get; }

    public string Sha256 { get; }

    /// <summary>Reads the content through once; a stream that cannot seek is kept in memory.</summary>
    public static async Task<UploadSource> ReadAsync(Stream content, string operation, Guid requestId, CancellationToken cancellationToken)
    {
        var kept = content.CanSeek ? null : new MemoryStream();
        var start = content.CanSeek ? content.Position : 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[ReadSize];
        long size = 0;
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            size += read;
            if (size > FileCalls.MostBytes)
                throw FileErrors.TooLarge(operation, requestId);
            hash.AppendData(buffer, 0, read);
            kept?.Write(buffer, 0, read);
        }

        var sha256 = Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
        return new UploadSource(kept ?? content, start, size, sha256);
    }

    /// <summary>Goes to the beginning, for the next attempt.</summary>
    public void Rewind() => _content.Position = _start;

    /// <summary>Reads the next bytes; 0 at the end.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
}
