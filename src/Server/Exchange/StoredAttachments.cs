using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>The files of submissions, for the channel that sends them: from the bridge's own database.</summary>
public sealed class StoredAttachments(IBridgeDatabase database) : IAttachmentSource
{
    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(string sha256, CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        var content = new MemoryStream();
        await sql.ReadContentAsync(sha256, 0, stream => stream.CopyToAsync(content, cancellationToken));
        content.Position = 0;
        return content;
    }
}
