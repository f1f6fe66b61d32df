namespace SingleWindowBridge.Interop.Channels.Files;

/// <summary>
/// Removes what was handled long ago, and what failed long ago. What waits is never removed, nor a submission whose answer has not come,
/// nor an answer before its submission.
/// </summary>
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
        Remove(folders.SentBox, now - term, folders.IsAnswered);
        Remove(folders.FailBox, now - failTerm, folders.IsAnswered);
        var kept = ((string[])[folders.OutBox, folders.SentBox, folders.FailBox])
            .SelectMany(Directory.EnumerateFiles).Select(path => Folders.MessageIdOf(Path.GetFileName(path))).ToHashSet(StringComparer.Ordinal);
        Remove(folders.Done, now - term, name => Folders.MessageIdOf(name) is not { } id || !kept.Contains(id));
        Remove(folders.TempBox, now - TempTerm, name => name.EndsWith(".tmp", StringComparison.Ordinal));
        // A message that waits or failed may need a file that is as old as itself.
        var oldest = ((string[])[folders.OutBox, folders.InBox, folders.FailBox])
            .SelectMany(Directory.EnumerateFiles).Select(File.GetLastWriteTimeUtc).Append(DateTime.MaxValue).Min();
        if (oldest > (now - term).UtcDateTime) Remove(folders.Attachments, now - term, _ => true);
    }

    private static void Remove(string folder, DateTimeOffset before, Func<string, bool> may)
    {
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            try
            {
                if (File.GetLastWriteTimeUtc(path) < before.UtcDateTime && may(Path.GetFileName(path))) File.Delete(path);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // It is tried again in an hour; nothing waits for it.
            }
        }
    }
}
