namespace SingleWindowBridge;

/// <summary>The file beside a download's path that takes what comes until all of it is there. It has one name for all downloads to the
/// path, so that what a killed one left is used up by the next; one at a time has it.</summary>
internal static class AsideFile
{
    // Windows renames a file that is held only where its holder lets it, and keeps other writers out all the same.
    private static readonly FileShare Alone = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

    /// <summary>Opens it, empty.</summary>
    /// <exception cref="IOException">Another download writes it.</exception>
    public static FileStream Open(string aside, string path)
    {
        while (true)
        {
            var file = Take(aside, path);

            // Another may have ended, and renamed or deleted it, between the opening and the lock: then it is this name's no more.
            if (File.GetLastWriteTimeUtc(file.SafeFileHandle) == File.GetLastWriteTimeUtc(aside))
            {
                file.SetLength(0);
                return file;
            }

            file.Dispose();
        }
    }

    private static FileStream Take(string aside, string path)
    {
        try
        {
            return new FileStream(aside, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = Alone,
                Options = FileOptions.Asynchronous,
            });
        }
        catch (IOException exception) when (exception.GetType() == typeof(IOException) && File.Exists(aside))
        {
            throw new IOException($"Another download to {path} is under way: {aside} is in use.", exception);
        }
    }
}
