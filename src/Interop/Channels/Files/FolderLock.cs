namespace SingleWindowBridge.Interop.Channels.Files;

/// <summary>
/// Lets one process at a time take in what comes: a file that is held open. The system lets go of it when the process ends, however
/// it ends, and another process takes over.
/// </summary>
internal sealed class FolderLock(string path) : IDisposable
{
    private FileStream? _held;

    /// <summary>Takes the lock if nobody else has it, and says whether this process has it now.</summary>
    public bool TryTake()
    {
        if (_held is not null) return true;
        try
        {
            _held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _held?.Dispose();
}
