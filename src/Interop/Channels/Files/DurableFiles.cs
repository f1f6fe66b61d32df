using System.Runtime.InteropServices;

namespace SingleWindowBridge.Interop.Channels.Files;

/// <summary>Every write and every rename of the channel: a file is whole, on disk and under its name, or it is not there.</summary>
internal static class DurableFiles
{
    /// <summary>Writes a file aside, has it on disk, and renames it into place; what stood there is replaced.</summary>
    /// <param name="step">What is done, for the tests that kill the process.</param>
    /// <param name="temp">The path aside, on the same file system.</param>
    /// <param name="target">Its place.</param>
    /// <param name="write">Writes the content.</param>
    public static void Write(string step, string temp, string target, Action<Stream> write)
    {
        FaultPoint.At(step, "before the write");
        try
        {
            using (var file = new FileStream(temp, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 * 1024))
            {
                write(file);
                FaultPoint.At(step, "written, not on disk");
                file.Flush(flushToDisk: true);
            }

            FaultPoint.At(step, "after the write");
            Rename(step, temp, target);
        }
        catch
        {
            File.Delete(temp);
            throw;
        }
    }

    /// <summary>Renames a file, and has the new name on disk; what stood there is replaced.</summary>
    public static void Rename(string step, string from, string to)
    {
        FaultPoint.At(step, "before the rename");
        // With overwrite it is one rename; without, a link and then the removal of the old name.
        File.Move(from, to, overwrite: true);
        FaultPoint.At(step, "after the rename");
        Flush(Path.GetDirectoryName(to)!);
        if (Path.GetDirectoryName(from) is { } source && source != Path.GetDirectoryName(to)) Flush(source);
        FaultPoint.At(step, "on disk");
    }

    /// <summary>Has the names in a folder on disk. Windows does so by itself.</summary>
    private static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(folder, flags: 0);
        if (descriptor < 0) throw new IOException($"The folder {folder} cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        try
        {
            // Some network file systems know no flush of a folder: EINVAL (22) says so, and there is nothing more to do.
            if (Flush(descriptor) != 0 && Marshal.GetLastPInvokeError() is not 22 and var error)
                throw new IOException($"The folder {folder} cannot be flushed: error {error}.");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int descriptor);
}
