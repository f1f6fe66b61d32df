using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Files;

/// <summary>
/// Contents read whole before any of it is sent: a reader that takes its time, or takes nothing, then holds the memory that is counted
/// against its account, and no connection that others need.
/// </summary>
internal static class ContentPieces
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>The size of a content in bytes; null where there is none with this SHA-256.</summary>
    public static Task<long?> FindContentSizeAsync(this Sql sql, string sha256) => sql.FindAsync<long?>(
        "SELECT CAST(LENGTH(content) AS BIGINT) FROM blobs WHERE sha256 = @sha256", new { sha256 });

    /// <summary>Reads a content, from so many bytes after its start to its end, in pieces as they are sent.</summary>
    /// <param name="sql">Where it is.</param>
    /// <param name="sha256">The content.</param>
    /// <param name="size">Its size in bytes, counted in memory by now.</param>
    /// <param name="offset">Where to begin.</param>
    public static async Task<Queue<byte[]>> ReadPiecesAsync(this Sql sql, string sha256, long size, long offset = 0)
    {
        // Arrays this small are given back soon after they were sent; one large one would stay for long.
        var pieces = new Queue<byte[]>();
        await sql.ReadContentAsync(sha256, offset, async content =>
        {
            for (var left = size - offset; left > 0; left -= PieceBytes)
            {
                var piece = new byte[Math.Min(left, PieceBytes)];
                await content.ReadExactlyAsync(piece, sql.CancellationToken);
                pieces.Enqueue(piece);
            }
        });
        return pieces;
    }
}
