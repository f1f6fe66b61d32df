using Google.Protobuf;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Receipts;

/// <summary>
/// The receipts of each authority, numbered 1, 2, 3 ... without a gap, in commit order: every change locks its authority's feed row
/// first, so whoever has number n has everything up to n.
/// </summary>
public static class Feed
{
    /// <summary>Makes an authority's feed; does nothing where there is one.</summary>
    public static Task CreateFeedAsync(this Sql sql, string authorityId) => sql.ExecuteAsync(
        "INSERT INTO feeds (authority_id, epoch, head) VALUES (@authorityId, @epoch, 0) ON CONFLICT (authority_id) DO NOTHING",
        new { authorityId, epoch = Guid.NewGuid().ToString("N")[..12] });

    /// <summary>Begins an authority's feed anew, under another epoch: cursors of before are refused by name.</summary>
    public static Task RestartFeedAsync(this Sql sql, string authorityId) => sql.ExecuteAsync(
        "UPDATE feeds SET epoch = @epoch, head = 0 WHERE authority_id = @authorityId",
        new { authorityId, epoch = Guid.NewGuid().ToString("N")[..12] });

    /// <summary>Locks an authority's feed until the transaction ends, and gives its newest receipt's number.</summary>
    public static Task<long> LockFeedAsync(this Sql sql, string authorityId) => sql.GetAsync<long>(
        $"SELECT head FROM feeds WHERE authority_id = @authorityId{sql.Dialect.ForUpdate}", new { authorityId });

    /// <summary>Adds the receipt of a change and gives its number.</summary>
    public static async Task<long> AddReceiptAsync(this Sql sql, CaseChange change)
    {
        var row = change.Case;
        var number = await sql.GetAsync<long>(
            "UPDATE feeds SET head = head + 1 WHERE authority_id = @AuthorityId RETURNING head", new { row.AuthorityId });
        var receipt = new Receipt
        {
            Number = number,
            CaseId = row.CaseId,
            CaseNumber = row.Number ?? "",
            Kind = row.Kind,
            Time = Times.ToTimestamp(change.Now.ToMicroseconds()),
            Actor = change.Actor,
            Event = change.Event,
            Stage = row.Stage,
            Status = row.Status,
            Opinion = change.Opinion,
            FailureReason = change.FailureReason,
            Files = { change.Files },
            MessageId = change.MessageId,
            Etag = row.Etag,
            QuestionIds = { change.QuestionIds },
        };
        await sql.ExecuteAsync(
            "INSERT INTO receipts (authority_id, number, case_id, content) VALUES (@AuthorityId, @number, @CaseId, @content)",
            new { row.AuthorityId, number, row.CaseId, content = receipt.ToByteArray() });
        return number;
    }

    /// <summary>The state of an authority's feed.</summary>
    public static Task<FeedState> GetFeedAsync(this Sql sql, string authorityId) => sql.GetAsync<FeedState>(
        "SELECT authority_id, epoch, head FROM feeds WHERE authority_id = @authorityId", new { authorityId });

    /// <summary>At most so many receipts after a number, oldest first.</summary>
    /// <exception cref="InvalidOperationException">The feed has a gap: a fault.</exception>
    public static async Task<IReadOnlyList<Receipt>> ListReceiptsAsync(this Sql sql, FeedState feed, long after, int most)
    {
        var rows = await sql.ListAsync<byte[]>(
            "SELECT content FROM receipts WHERE authority_id = @AuthorityId AND number > @after ORDER BY number LIMIT @most",
            new { feed.AuthorityId, after, most });
        var receipts = rows.Select(Receipt.Parser.ParseFrom).ToList();
        foreach (var receipt in receipts)
        {
            if (receipt.Number != ++after)
                throw new InvalidOperationException($"The feed of {feed.AuthorityId} has a gap: {receipt.Number} where {after} should be");
            receipt.Cursor = feed.CursorAt(receipt.Number);
        }

        return receipts;
    }
}
