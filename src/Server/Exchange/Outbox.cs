using System.Text.Json;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>What waits to be handed to Customs. A submission keeps one message id over every attempt and redelivery.</summary>
public static class Outbox
{
    private const int Sent = 1;
    private const int Failed = 2;

    /// <summary>Adds what a change sends, and gives the message's id.</summary>
    public static async Task<string> EnqueueAsync(this Sql sql, CaseChange change)
    {
        var messageId = Guid.NewGuid().ToString().ToUpperInvariant();
        var now = change.Now.ToMicroseconds();
        await sql.ExecuteAsync(
            """
            INSERT INTO outbox (message_id, authority_id, case_id, content, moves_case, delivery, attempts, state, due_at, created_at)
            VALUES (@messageId, @AuthorityId, @CaseId, @content, @movesCase, 1, 0, 0, @now, @now)
            """,
            new
            {
                messageId,
                change.Case.AuthorityId,
                change.Case.CaseId,
                content = JsonSerializer.Serialize(change.Outgoing),
                movesCase = change.Transition.NextStatus is not null,
                now,
            });
        return messageId;
    }

    /// <summary>Has the last failed submission of a case sent again, and gives its message's id.</summary>
    public static Task<string> RequeueAsync(this Sql sql, string caseId, DateTimeOffset now) => sql.GetAsync<string>(
        """
        UPDATE outbox SET state = 0, delivery = delivery + 1, attempts = 0, due_at = @now
        WHERE message_id = (
            SELECT message_id FROM outbox WHERE case_id = @caseId AND moves_case = TRUE ORDER BY created_at DESC, message_id DESC LIMIT 1)
        RETURNING message_id
        """,
        new { caseId, now = now.ToMicroseconds() });

    /// <summary>The submissions that are due, oldest first.</summary>
    public static async Task<IReadOnlyList<OutboxItem>> ListDueAsync(this Sql sql, DateTimeOffset now, int most)
    {
        var rows = await sql.ListAsync<Row>(
            """
            SELECT o.message_id, o.authority_id, o.case_id, c.number AS case_number, o.content, o.moves_case, o.delivery, o.attempts,
                o.created_at
            FROM outbox o JOIN cases c ON c.case_id = o.case_id
            WHERE o.state = 0 AND o.due_at <= @now ORDER BY o.created_at LIMIT @most
            """,
            new { now = now.ToMicroseconds(), most });
        return [.. rows.Select(row => row.ToItem())];
    }

    /// <summary>When the next submission is due; null if none waits.</summary>
    public static async Task<DateTimeOffset?> NextDueAsync(this Sql sql) =>
        await sql.GetAsync<long?>("SELECT MIN(due_at) FROM outbox WHERE state = 0") is { } due ? Times.FromMicroseconds(due) : null;

    /// <summary>Puts off the next attempt.</summary>
    public static Task PutOffAsync(this Sql sql, OutboxItem item, DateTimeOffset due) => sql.ExecuteAsync(
        "UPDATE outbox SET attempts = attempts + 1, due_at = @due WHERE message_id = @MessageId AND state = 0",
        new { item.Submission.MessageId, due = due.ToMicroseconds() });

    /// <summary>Marks a submission as handed over, or as failed for good.</summary>
    /// <returns>Whether this is the delivery that moves the case: not one that Customs' answer has overtaken, nor one beside it.</returns>
    public static async Task<bool> SettleAsync(this Sql sql, OutboxItem item, bool sent) =>
        await sql.FindAsync<bool?>(
            """
            UPDATE outbox SET state = @state, attempts = attempts + 1
            WHERE message_id = @MessageId AND state = 0 AND delivery = @Delivery
            RETURNING moves_case
            """,
            new { state = sent ? Sent : Failed, item.Submission.MessageId, item.Submission.Delivery }) == true;

    /// <summary>Customs has answered, so it has every earlier submission of the case, whatever our own delivery says.</summary>
    public static Task SettleAllAsync(this Sql sql, string caseId) => sql.ExecuteAsync(
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

/// <summary>A submission that waits.</summary>
/// <param name="Submission">What is to be sent.</param>
/// <param name="CaseId">The case's id.</param>
/// <param name="MovesCase">Whether its delivery changes the case's status; the list of signing officers goes beside it.</param>
/// <param name="Attempts">How often it was tried in this delivery.</param>
public sealed record OutboxItem(Submission Submission, string CaseId, bool MovesCase, int Attempts);
