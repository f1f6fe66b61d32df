using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>What waits to be handed to Customs. A submission keeps one message id over every attempt and redelivery.</summary>
public static class Outbox
{
    private const int Sent = 1;
    private const int Failed = 2;

    /// <summary>Adds what a change sends, gives the message's id, and notes for the receipt what it was.</summary>
    public static async Task<string> EnqueueAsync(this Sql sql, CaseChange change)
    {
        var messageId = Guid.NewGuid().ToString().ToUpperInvariant();
        var now = change.Now.ToMicroseconds();
        var content = JsonSerializer.Serialize(change.Outgoing);
        var files = change.Outgoing!.AllFiles().Select(file => file.Sha256).Distinct().ToList();
        change.Submitted = new ReceiptProof
        {
            SubmissionMessageId = messageId,
            ContentSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))),
            AttachmentSha256S = { files.Count <= CanonicalReceipt.MostAttachments ? files : [] },
            AttachmentCount = files.Count,
        };

        // What goes beside, such as the list of signing officers, is not what Customs answers next.
        if (change.Transition.NextStatus is not null)
            change.Case.Submitted = change.Submitted.ToByteArray();
        await sql.PostAsync(
            """
            INSERT INTO outbox (message_id, authority_id, case_id, content, moves_case, delivery, attempts, state, due_at, created_at, queued_at)
            VALUES (@messageId, @AuthorityId, @CaseId, @content, @movesCase, 1, 0, 0, @now, @UpdatedAt, @now)
            """,
            new
            {
                messageId,
                change.Case.AuthorityId,
                change.Case.CaseId,
                content,
                movesCase = change.Transition.NextStatus is not null,
                now,
                change.Case.UpdatedAt,
            });
        return messageId;
    }

    /// <summary>Has the last failed submission of a case sent again, and gives its message's id.</summary>
    public static Task<string> RequeueAsync(this Sql sql, string caseId, DateTimeOffset now) => sql.GetAsync<string>(
        """
        UPDATE outbox SET state = 0, delivery = delivery + 1, attempts = 0, due_at = @now, queued_at = @now, leased_until = 0
        WHERE message_id = (
            SELECT message_id FROM outbox WHERE case_id = @caseId AND moves_case = TRUE ORDER BY created_at DESC, message_id DESC LIMIT 1)
        RETURNING message_id
        """,
        new { caseId, now = now.ToMicroseconds() });

    /// <summary>
    /// Takes the submissions that are due and that no other server has, oldest first. Of a case the oldest goes first: the next one
    /// is to be had when that is handed over or put off.
    /// </summary>
    public static async Task<IReadOnlyList<OutboxItem>> LeaseDueAsync(this Sql sql, OutboxLease lease, int most)
    {
        var rows = await sql.ListAsync<Row>(
            $"""
            WITH due AS (
                SELECT o.message_id FROM outbox o
                WHERE o.state = 0 AND o.due_at <= @Now AND o.leased_until <= @Now AND NOT EXISTS (
                    SELECT 1 FROM outbox e
                    WHERE e.case_id = o.case_id AND e.state = 0 AND (e.created_at, e.message_id) < (o.created_at, o.message_id)
                      AND (e.due_at <= @Now OR e.leased_until > @Now))
                ORDER BY o.created_at LIMIT @most{sql.Dialect.SkipLocked}
            )
            UPDATE outbox SET lease_owner = @Owner, leased_until = @Until WHERE message_id IN (SELECT message_id FROM due)
            RETURNING message_id, authority_id, case_id, (SELECT number FROM cases c WHERE c.case_id = outbox.case_id) AS case_number,
                content, moves_case, delivery, attempts, created_at
            """,
            new { lease.Owner, lease.Now, lease.Until, most });
        return [.. rows.OrderBy(row => row.CreatedAt).Select(row => row.ToItem())];
    }

    /// <summary>Takes submissions that cases wait for, that were put here before this, and that nobody has; due or not.</summary>
    public static async Task<IReadOnlyList<OutboxItem>> LeaseForgottenAsync(this Sql sql, OutboxLease lease, DateTimeOffset before)
    {
        var rows = await sql.ListAsync<Row>(
            $"""
            WITH forgotten AS (
                SELECT message_id FROM outbox
                WHERE state = 0 AND moves_case = TRUE AND queued_at <= @before AND leased_until <= @Now LIMIT 100{sql.Dialect.SkipLocked}
            )
            UPDATE outbox SET lease_owner = @Owner, leased_until = @Until WHERE message_id IN (SELECT message_id FROM forgotten)
            RETURNING message_id, authority_id, case_id, (SELECT number FROM cases c WHERE c.case_id = outbox.case_id) AS case_number,
                content, moves_case, delivery, attempts, created_at
            """,
            new { lease.Owner, lease.Now, lease.Until, before = before.ToMicroseconds() });
        return [.. rows.Select(row => row.ToItem())];
    }

    /// <summary>A submission that this owner took and that is not handed over; null where it has it no longer.</summary>
    public static async Task<OutboxItem?> FindLeasedAsync(this Sql sql, string messageId, string owner) =>
        (await sql.FindAsync<Row>(
            """
            SELECT o.message_id, o.authority_id, o.case_id, c.number AS case_number, o.content, o.moves_case, o.delivery, o.attempts,
                o.created_at
            FROM outbox o JOIN cases c ON c.case_id = o.case_id
            WHERE o.message_id = @messageId AND o.state = 0 AND o.lease_owner = @owner
            """,
            new { messageId, owner }))?.ToItem();

    /// <summary>What an authority has submitted with a message id; null where it has nothing.</summary>
    public static Task<SubmittedContent?> FindSubmittedAsync(this Sql sql, string authorityId, string messageId) => sql.FindAsync<SubmittedContent>(
        "SELECT message_id, case_id, content, created_at FROM outbox WHERE message_id = @messageId AND authority_id = @authorityId",
        new { messageId, authorityId });

    /// <summary>Whether Customs has a submission.</summary>
    public static async Task<bool> IsSentAsync(this Sql sql, string messageId) =>
        await sql.GetAsync<long>("SELECT COUNT(*) FROM outbox WHERE message_id = @messageId AND state = @Sent", new { messageId, Sent }) > 0;

    /// <summary>Whether a submission names an attachment with this SHA-256.</summary>
    public static async Task<bool> HasAttachmentAsync(this Sql sql, string messageId, string sha256) =>
        await sql.FindAsync<string>("SELECT content FROM outbox WHERE message_id = @messageId", new { messageId }) is { } content
        && content.Contains($"\"{sha256}\"", StringComparison.Ordinal);

    /// <summary>Counts an attempt at handing over a submission, before its outcome is known.</summary>
    public static Task CountAttemptAsync(this Sql sql, string messageId, string owner) => sql.ExecuteAsync(
        "UPDATE outbox SET attempts = attempts + 1 WHERE message_id = @messageId AND lease_owner = @owner", new { messageId, owner });

    /// <summary>Takes back the count of an attempt whose outcome is known now, and is counted with it.</summary>
    public static Task UncountAttemptAsync(this Sql sql, string messageId, string owner) => sql.ExecuteAsync(
        "UPDATE outbox SET attempts = attempts - 1 WHERE message_id = @messageId AND lease_owner = @owner AND state = 0",
        new { messageId, owner });

    /// <summary>Whether a submission is due that no other server has.</summary>
    public static async Task<bool> AnyDueAsync(this Sql sql, DateTimeOffset now) => await sql.FindAsync<int?>(
        "SELECT 1 FROM outbox WHERE state = 0 AND due_at <= @now AND leased_until <= @now LIMIT 1",
        new { now = now.ToMicroseconds() }) is not null;

    /// <summary>Keeps a submission for another term; false where it is no longer this server's.</summary>
    public static async Task<bool> RenewAsync(this Sql sql, OutboxItem item, OutboxLease lease) => await sql.ExecuteAsync(
        "UPDATE outbox SET leased_until = @Until WHERE message_id = @MessageId AND state = 0 AND lease_owner = @Owner",
        new { lease.Until, item.Submission.MessageId, lease.Owner }) > 0;

    /// <summary>Gives back what this server has not handed over.</summary>
    public static Task<int> ReleaseAsync(this Sql sql, string owner) => sql.ExecuteAsync(
        "UPDATE outbox SET leased_until = 0 WHERE state = 0 AND leased_until > 0 AND lease_owner = @owner", new { owner });

    /// <summary>Gives back one submission.</summary>
    public static Task ReleaseOneAsync(this Sql sql, string messageId, string owner) => sql.ExecuteAsync(
        "UPDATE outbox SET leased_until = 0 WHERE message_id = @messageId AND state = 0 AND lease_owner = @owner", new { messageId, owner });

    /// <summary>When the next submission that no other server has is due; null if none waits.</summary>
    public static async Task<DateTimeOffset?> NextDueAsync(this Sql sql, DateTimeOffset now) => await sql.GetAsync<long?>(
        "SELECT MIN(due_at) FROM outbox WHERE state = 0 AND leased_until <= @now",
        new { now = now.ToMicroseconds() }) is { } due ? Times.FromMicroseconds(due) : null;

    /// <summary>Whether something waits for longer than anything is put off or leased: the clock was set back since.</summary>
    public static async Task<bool> AnyBeyondAsync(this Sql sql, DateTimeOffset most) => await sql.FindAsync<int?>(
        "SELECT 1 FROM outbox WHERE state = 0 AND (due_at > @most OR leased_until > @most) LIMIT 1",
        new { most = most.ToMicroseconds() }) is not null;

    /// <summary>Makes that due now, and anybody's.</summary>
    public static Task<int> BringBackAsync(this Sql sql, DateTimeOffset now, DateTimeOffset most) => sql.ExecuteAsync(
        """
        UPDATE outbox SET due_at = @now, leased_until = 0, lease_owner = ''
        WHERE state = 0 AND (due_at > @most OR leased_until > @most)
        """,
        new { now = now.ToMicroseconds(), most = most.ToMicroseconds() });

    /// <summary>Puts off the next attempt, and lets go of the submission.</summary>
    public static Task PutOffAsync(this Sql sql, OutboxItem item, string owner, DateTimeOffset due) => sql.ExecuteAsync(
        """
        UPDATE outbox SET attempts = attempts + 1, due_at = @due, leased_until = 0, lease_owner = ''
        WHERE message_id = @MessageId AND state = 0 AND lease_owner = @owner
        """,
        new { item.Submission.MessageId, owner, due = due.ToMicroseconds() });

    /// <summary>Marks a submission as handed over, or as failed for good.</summary>
    /// <returns>Whether that moves the case, or is one beside it; null where Customs' answer has overtaken it, and nothing changed.</returns>
    public static Task<bool?> SettleAsync(this Sql sql, OutboxItem item, string owner, bool sent) =>
        sql.FindAsync<bool?>(
            """
            UPDATE outbox SET state = @state, attempts = attempts + 1
            WHERE message_id = @MessageId AND state = 0 AND delivery = @Delivery AND (@sent = TRUE OR lease_owner = @owner)
            RETURNING moves_case
            """,
            new { state = sent ? Sent : Failed, sent, owner, item.Submission.MessageId, item.Submission.Delivery });

    /// <summary>Customs has answered, so it has every earlier submission of the case, whatever our own delivery says.</summary>
    public static Task SettleAllAsync(this Sql sql, string caseId) => sql.PostAsync(
        "UPDATE outbox SET state = @Sent WHERE case_id = @caseId AND moves_case = TRUE AND state <> @Sent", new { Sent, caseId });

    private sealed class Row
    {
        public string MessageId { get; init; } = "";

        public string AuthorityId { get; init; } = "";

        public string CaseId { get; init; } = "";

        public string CaseNumber { get; init; } = "";

        public string Content { get; init; } = "";

        public bool MovesCase { get; init; }

        public int Delivery { get; init; }

        public int Attempts { get; init; }

        public long CreatedAt { get; init; }

        public OutboxItem ToItem() => new(
            new Submission(
                MessageId, Times.FromMicroseconds(CreatedAt), CaseNumber, AuthorityId, Delivery,
                JsonSerializer.Deserialize<SubmissionContent>(Content)!),
            CaseId,
            MovesCase,
            Attempts);
    }
}

/// <summary>How long a server keeps what it takes from the outbox.</summary>
/// <param name="Owner">The server.</param>
/// <param name="Now">The present, in microseconds.</param>
/// <param name="Until">The end of the term, in microseconds.</param>
public sealed record OutboxLease(string Owner, long Now, long Until);

/// <summary>A submission that waits.</summary>
/// <param name="Submission">What is to be sent.</param>
/// <param name="CaseId">The case's id.</param>
/// <param name="MovesCase">Whether its delivery changes the case's status; the list of signing officers goes beside it.</param>
/// <param name="Attempts">How often it was tried in this delivery.</param>
public sealed record OutboxItem(Submission Submission, string CaseId, bool MovesCase, int Attempts);

/// <summary>What was submitted, as it was written down.</summary>
public sealed class SubmittedContent
{
    /// <summary>The submission's message id.</summary>
    public string MessageId { get; init; } = "";

    /// <summary>The case's id.</summary>
    public string CaseId { get; init; } = "";

    /// <summary>The content as JSON.</summary>
    public string Content { get; init; } = "";

    /// <summary>When it was submitted, in microseconds.</summary>
    public long CreatedAt { get; init; }
}
