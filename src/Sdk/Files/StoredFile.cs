namespace SingleWindowBridge;

/// <summary>A file as the bridge keeps it. <see cref="IFiles.DownloadAsync(string, string, TransferOptions?,
/// CancellationToken)"/> gets its content.</summary>
public sealed record StoredFile
{
    /// <summary>The file's id: a ULID, given by the bridge.</summary>
    public required string Id { get; init; }

    /// <summary>The file's name with its extension, as it was given.</summary>
    public string Name { get; init; } = "";

    /// <summary>The media type found in the content: image/jpeg, image/gif, image/png or application/pdf.</summary>
    public string MediaType { get; init; } = "";

    /// <summary>The size in bytes, 1 to 4,194,304.</summary>
    public long SizeBytes { get; init; }

    /// <summary>The SHA-256 of the content, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Who gave the file.</summary>
    public FileOrigin Origin { get; init; }

    /// <summary>When the bridge stored it.</summary>
    public DateTimeOffset CreateTime { get; init; }
}

/// <summary>What an upload answers with.</summary>
public sealed record UploadedFile
{
    /// <summary>The file as the bridge keeps it.</summary>
    public required StoredFile File { get; init; }

    /// <summary>The request id under which it was uploaded. The same id with the same content gives the same file
    /// again.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The file's id, to be named in a later change.</summary>
    public string Id => File.Id;
}

/// <summary>How one file is moved.</summary>
public record TransferOptions
{
    /// <summary>Told how many bytes of the file have been moved so far. Begins again from where a repeated attempt
    /// does.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>How long the whole transfer may take, over all attempts; null for
    /// <see cref="SingleWindowClientOptions.TransferDeadline"/>.</summary>
    public TimeSpan? Deadline { get; init; }
}

/// <summary>How one file is uploaded.</summary>
public sealed record UploadOptions : TransferOptions
{
    /// <summary>The request id; null for a new one. The same id with the same content gives the same file again.</summary>
    public Guid? RequestId { get; init; }
}
