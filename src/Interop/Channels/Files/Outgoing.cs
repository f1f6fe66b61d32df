using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Interop.Channels.Files;

/// <summary>Puts submissions into OutBox, with their files.</summary>
internal sealed class Outgoing(Folders folders, DirectoryOptions options, IAttachmentSource source)
{
    /// <summary>Writes an attempt at sending a submission.</summary>
    /// <exception cref="FileNotFoundException">The source has not the content of a file.</exception>
    /// <exception cref="CustomsUnavailableException">The folders cannot be written to.</exception>
    public async Task PutAsync(Submission submission, int attempt, CancellationToken cancellationToken)
    {
        var inside = options.Files == FilePlacement.Inside ? new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal) : [];
        var room = options.InsideBytes;
        foreach (var file in submission.Content.AllFiles().DistinctBy(file => file.Sha256))
        {
            var goesInside = options.Files == FilePlacement.Inside && file.SizeBytes <= room;
            if (!goesInside && IsBeside(file)) continue;
            var content = await ReadAsync(file, cancellationToken);
            if (goesInside)
            {
                room -= file.SizeBytes;
                inside[file.Sha256] = content;
            }
            else
            {
                Writing(() => DurableFiles.Write(
                    "file beside", folders.NewTemp(file.Sha256), Path.Combine(folders.Attachments, file.Sha256), to => to.Write(content)));
            }
        }

        var name = Folders.NameOf(MessageXml.TypeOf(submission), submission.MessageId, attempt);
        var routing = new Routing(options.Sender, [options.Receiver], name);
        Writing(() => DurableFiles.Write(
            "message", folders.NewTemp(name), Path.Combine(folders.OutBox, name), to => MessageXml.Write(to, submission, routing, inside)));
    }

    /// <summary>Does what writes to the folders; where it fails, the submission can be tried again.</summary>
    public static void Writing(Action write)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CustomsUnavailableException(
                "海关数据交换目录无法写入。 The folders of the exchange with Customs cannot be written to.", fault);
        }
    }

    /// <summary>Whether the file is beside already; it counts as written now, so that it is kept as long as the message.</summary>
    private bool IsBeside(Attachment file)
    {
        var path = new FileInfo(Path.Combine(folders.Attachments, file.Sha256));
        if (!path.Exists || path.Length != file.SizeBytes) return false;
        Writing(() => path.LastWriteTimeUtc = DateTime.UtcNow);
        return true;
    }

    private async Task<byte[]> ReadAsync(Attachment file, CancellationToken cancellationToken)
    {
        await using var from = await source.OpenAsync(file.Sha256, cancellationToken);
        var content = new byte[file.SizeBytes];
        await from.ReadExactlyAsync(content, cancellationToken);
        return content;
    }
}
