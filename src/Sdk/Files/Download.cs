using System.Security.Cryptography;

namespace SingleWindowBridge;

/// <summary>How far one download has come, over all its attempts.</summary>
internal sealed class Download(string operation, Stream destination, IProgress<long>? progress) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private StoredFile? _file;

    /// <summary>How many bytes have come: the first one still wanted.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether all bytes have come.</summary>
    public bool IsComplete => _file is not null && Offset == _file.SizeBytes;

    /// <summary>Takes the file's description, which must be the same in every attempt.</summary>
    public void Announce(StoredFile file)
    {
        if (_file is not null && (_file.Sha256 != file.Sha256 || _file.SizeBytes != file.SizeBytes))
            throw FileErrors.Damaged(operation, _file.Sha256, file.Sha256);
        _file = file;
    }

    /// <summary>Takes the next bytes.</summary>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        if (_file is null || Offset + chunk.Length > _file.SizeBytes)
            throw FileErrors.Damaged(operation, $"{_file?.SizeBytes ?? 0} bytes", $"{Offset + chunk.Length} bytes");
        await destination.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
        _hash.AppendData(chunk.Span);
        Offset += chunk.Length;
        progress?.Report(Offset);
    }

    /// <summary>Checks the content against the announced SHA-256.</summary>
    public StoredFile Check()
    {
        var sha256 = Convert.ToHexString(_hash.GetHashAndReset());
        if (!string.Equals(sha256, _file!.Sha256, StringComparison.OrdinalIgnoreCase))
            throw FileErrors.Damaged(operation, _file.Sha256, sha256.ToLowerInvariant());
        return _file;
    }

    public void Dispose() => _hash.Dispose();
}
