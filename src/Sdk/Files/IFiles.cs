namespace SingleWindowBridge;

/// <summary>Files that go with a case: scanned applications, evidence, protocols, certificates. Allowed everywhere: .jpg .jpeg
/// .gif .png .pdf, at most 4 MiB (4,194,304 bytes) each, the content being what the name says.</summary>
public interface IFiles
{
    /// <summary>Uploads a file from disk, under its own name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is uploaded.</param>
    /// <param name="cancellationToken">Gives the upload up; nothing is kept then.</param>
    /// <exception cref="FileRejectedException">The file is too large, of another type, or not what its name says.</exception>
    /// <exception cref="FileDamagedException">The content was damaged on its way.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    Task<UploadedFile> UploadAsync(string path, UploadOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Uploads a file from a stream, from where it stands to its end. A stream that cannot seek is read into memory
    /// first, up to 4 MiB. The stream is left open.</summary>
    /// <param name="content">The content.</param>
    /// <param name="name">The file's name with its extension, at most 255 characters, without a path.</param>
    /// <param name="options">How it is uploaded.</param>
    /// <param name="cancellationToken">Gives the upload up; nothing is kept then.</param>
    /// <exception cref="FileRejectedException">The file is too large, of another type, or not what its name says.</exception>
    /// <exception cref="FileDamagedException">The content was damaged on its way.</exception>
    Task<UploadedFile> UploadAsync(
        Stream content, string name, UploadOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Gives a file's description.</summary>
    /// <param name="fileId">The file's id.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="StoredFileNotFoundException">The account has no such file.</exception>
    Task<StoredFile> GetAsync(string fileId, CancellationToken cancellationToken = default);

    /// <summary>Downloads a file to disk. It is written aside, checked against its SHA-256 and renamed into place, so that the
    /// path has the whole file or what it had before. A cut download goes on where it stopped. What is aside has the path's name with
    /// ".partial" behind it; a process that was killed leaves it, and the next download to the same path uses it up.</summary>
    /// <param name="fileId">The file's id.</param>
    /// <param name="path">Where to; a file there is replaced.</param>
    /// <param name="options">How it is downloaded.</param>
    /// <param name="cancellationToken">Gives the download up.</param>
    /// <exception cref="StoredFileNotFoundException">The account has no such file.</exception>
    /// <exception cref="FileDamagedException">What came is not the file; nothing is left at the path.</exception>
    /// <exception cref="IOException">The file cannot be written, or another download to the same path is under way.</exception>
    Task<StoredFile> DownloadAsync(
        string fileId, string path, TransferOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Downloads a file to a stream and checks its SHA-256. The stream is left open. After an exception, what was
    /// written to it is not to be used.</summary>
    /// <param name="fileId">The file's id.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="options">How it is downloaded.</param>
    /// <param name="cancellationToken">Gives the download up.</param>
    /// <exception cref="StoredFileNotFoundException">The account has no such file.</exception>
    /// <exception cref="FileDamagedException">What came is not the file.</exception>
    Task<StoredFile> DownloadAsync(
        string fileId, Stream destination, TransferOptions? options = null, CancellationToken cancellationToken = default);
}
