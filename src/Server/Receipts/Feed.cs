using Google.Protobuf;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Proof;
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
    public static async Task RestartFeedAsync(this Sql sql, string authorityId)
    {
        await sql.LockFeedAsync(authorityId);
        sql.Attached<LockedFeeds>().Of(authorityId).Head = 0;
        await sql.ExecuteAsync(
            "UPDATE feeds SET epoch = @epoch, head = 0 WHERE authority_id = @authorityId",
            new { authorityId, epoch = Guid.NewGuid().ToString("N")[..12] });
    }

    /// <summary>Locks an authority's feed until the transaction ends; does nothing where it is locked by this transaction already.</summary>
    public static Task LockFeedAsync(this Sql sql, string authorityId) => sql.LockFeedsAsync([authorityId]);

    /// <summary>Locks the feeds of some authorities, always in the same order, so that no two servers wait for each other.</summary>
    public static async Task LockFeedsAsync(this Sql sql, IReadOnlyCollection<string> authorityIds)
    {
        var locked = sql.Attached<LockedFeeds>();
        var missing = authorityIds.Where(id => !locked.Has(id)).Order(StringComparer.Ordinal).ToArray();
        if (missing.Length == 0)
            return;

        var feeds = await sql.ListAsync<LockedFeed>(
            $"SELECT authority_id, head, audit_number, audit_hash FROM feeds WHERE {sql.Dialect.In("authority_id", "missing")} ORDER BY authority_id{sql.Dialect.ForUpdate}",
            new { missing });
        foreach (var feed in feeds)
            locked.Add(feed);
    }

    /// <summary>
    /// Adds the receipt of a change. It gets its number and its signature when it is sent; the feed is locked until then, and on.
    /// </summary>
    internal static async Task<NewReceipt> AddReceiptAsync(this Sql sql, CaseChange change, Signer key)
    {
        var row = change.Case;
        await sql.LockFeedAsync(row.AuthorityId);
        var feed = sql.Attached<LockedFeeds>().Of(row.AuthorityId);
        var receipt = new NewReceipt(
            feed,
            new Receipt
            {
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
                Proof = change.ProofOfSubmission(),
            },
            sql.Attached<UnsignedReceipts>(),
            key);
        await sql.PostAsync(
            "INSERT INTO receipts (authority_id, number, case_id, content) VALUES (@AuthorityId, @Number, @CaseId, @Content)", receipt);
        sql.KeepHeads(feed);
        return receipt;
    }

    /// <summary>Has the newest numbers of a locked feed and of its authority's audit kept with the commit.</summary>
    internal static void KeepHeads(this Sql sql, LockedFeed feed) =>
        // Never inserts: the row is there and locked. In this form many rows are changed by one statement.
        sql.PostLast(
            """
            INSERT INTO feeds (authority_id, epoch, head, audit_number, audit_hash) VALUES (@AuthorityId, '', @Head, @AuditNumber, @AuditHash)
            ON CONFLICT (authority_id) DO UPDATE SET head = excluded.head, audit_number = excluded.audit_number, audit_hash = excluded.audit_hash
            """,
            feed);

    /// <summary>The state of an authority's feed.</summary>
    public static Task<FeedState> GetFeedAsync(this Sql sql, string authorityId) => sql.GetAsync<FeedState>(
        "SELECT authority_id, epoch, head FROM feeds WHERE authority_id = @authorityId", new { authorityId });

    /// <summary>The state of the feeds of some authorities.</summary>
    public static Task<IReadOnlyList<FeedState>> ListFeedsAsync(this Sql sql, string[] authorityIds) => sql.ListAsync<FeedState>(
        $"SELECT authority_id, epoch, head FROM feeds WHERE {sql.Dialect.In("authority_id", "authorityIds")}", new { authorityIds });

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
