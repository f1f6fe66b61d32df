namespace SingleWindowBridge.Interop.Channels.Files;

/// <summary>Removes what was handled long ago, and what failed long ago. What waits is never removed.</summary>
internal sealed class Retention(Folders folders, TimeSpan term, TimeSpan failTerm, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly TimeSpan TempTerm = TimeSpan.FromHours(1);

    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Removes what is due, once an hour. Only for the process that has the lock.</summary>
    public void Apply()
    {
        var now = time.GetUtcNow();
        if (now < _next) return;
        _next = now + Every;
        Remove(folders.SentBox, now - term);
        Remove(folders.Done, now - term);
        Remove(folders.FailBox, now - failTerm);
        Remove(folders.TempBox, now - TempTerm, ".tmp");
        // A message that waits or failed may need a file that is as old as itself.
        var oldest = ((string[])[folders.OutBox, folders.InBox, folders.FailBox])
            .SelectMany(Directory.EnumerateFiles).Select(File.GetLastWriteTimeUtc).Append(DateTime.MaxValue).Min();
        if (oldest > (now - term).UtcDateTime) Remove(folders.Attachments, now - term);
    }

    private static void Remove(string folder, DateTimeOffset before, string ending = "")
    {
        foreach (var path in Directory.EnumerateFiles(folder).Where(path => path.EndsWith(ending, StringComparison.Ordinal)))
        {
            try
            {
                if (File.GetLastWriteTimeUtc(path) < before.UtcDateTime) File.Delete(path);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // It is tried again in an hour; nothing waits for it.
            }
        }
    }
}
