using System.Text.Json;
using SingleWindow.Admin.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>Finds and keeps the messages of Customs.</summary>
public static class InboxTable
{
    /// <summary>The first message that bore this id; null if none did.</summary>
    public static Task<InboxEntry?> FindFirstAsync(this Sql sql, string messageId) => sql.FindAsync<InboxEntry>(
        $"SELECT {InboxEntry.Columns} FROM customs_messages WHERE message_id = @messageId AND is_first = TRUE", new { messageId });

    /// <summary>The message that bears this id and says just this; null if there is none.</summary>
    public static Task<InboxEntry?> FindSameAsync(this Sql sql, string messageId, string contentHash) => sql.FindAsync<InboxEntry>(
        $"SELECT {InboxEntry.Columns} FROM customs_messages WHERE message_id = @messageId AND content_hash = @contentHash",
        new { messageId, contentHash });

    /// <summary>One entry; null if there is none.</summary>
    public static Task<InboxEntry?> FindEntryAsync(this Sql sql, string entryId) => sql.FindAsync<InboxEntry>(
        $"SELECT {InboxEntry.Columns} FROM customs_messages WHERE entry_id = @entryId", new { entryId });

    /// <summary>What waits on a case, by Customs' count, then in the order in which Customs made it.</summary>
    public static Task<IReadOnlyList<InboxEntry>> ListWaitingAsync(this Sql sql, string caseNumber) => sql.ListAsync<InboxEntry>(
        $"""
        SELECT {InboxEntry.Columns} FROM customs_messages WHERE case_number = @caseNumber AND state = @waiting
        ORDER BY sequence, created_at, entry_id
        """,
        new { caseNumber, waiting = (int)CustomsMessageState.Waiting });

    /// <summary>Whether something waits on a case.</summary>
    public static async Task<bool> AnyWaitingAsync(this Sql sql, string caseNumber) => await sql.GetAsync<long>(
        "SELECT COUNT(*) FROM customs_messages WHERE case_number = @caseNumber AND state = @waiting",
        new { caseNumber, waiting = (int)CustomsMessageState.Waiting }) > 0;

    /// <summary>The cases on which something waits that has not been tried since the case last changed.</summary>
    public static Task<IReadOnlyList<string>> ListRipeAsync(this Sql sql) => sql.ListAsync<string>(
        """
        SELECT DISTINCT m.case_number FROM customs_messages m LEFT JOIN cases c ON c.number = m.case_number
        WHERE m.state = @waiting AND (m.tried_version < 0 OR c.version <> m.tried_version)
        """,
        new { waiting = (int)CustomsMessageState.Waiting });

    /// <summary>Some of the entries that have waited for too long.</summary>
    public static Task<IReadOnlyList<InboxEntry>> ListOverdueAsync(this Sql sql, DateTimeOffset now) => sql.ListAsync<InboxEntry>(
        $"SELECT {InboxEntry.Columns} FROM customs_messages WHERE state = @waiting AND wait_until <= @now ORDER BY entry_id LIMIT 100",
        new { waiting = (int)CustomsMessageState.Waiting, now = now.ToMicroseconds() });

    /// <summary>How many of the messages of a case with a smaller count than this are done with: applied, or out of the way.</summary>
    public static Task<long> CountBeforeAsync(this Sql sql, string caseNumber, int sequence) => sql.GetAsync<long>(
        """
        SELECT COUNT(DISTINCT sequence) FROM customs_messages
        WHERE case_number = @caseNumber AND sequence > 0 AND sequence < @sequence AND state <> @waiting AND is_first = TRUE
        """,
        new { caseNumber, sequence, waiting = (int)CustomsMessageState.Waiting });

    /// <summary>What the message of an entry says; null where it was applied or cannot be read.</summary>
    public static async Task<CustomsReceipt?> FindReceiptAsync(this Sql sql, InboxEntry entry) =>
        entry.Event != default && await sql.FindContentAsync(entry.EntryId) is { } content
            ? JsonSerializer.Deserialize<CustomsReceipt>(content)
            : null;

    /// <summary>The bytes that are kept of an entry's message; null where it was applied.</summary>
    public static Task<byte[]?> FindContentAsync(this Sql sql, string entryId) =>
        sql.FindAsync<byte[]>("SELECT content FROM customs_messages WHERE entry_id = @entryId", new { entryId });

    /// <summary>Keeps a new entry; does nothing where the same message is kept already.</summary>
    public static Task AddEntryAsync(this Sql sql, InboxEntry entry, CustomsReceipt receipt)
    {
        var content = entry.State == CustomsMessageState.Applied ? null
            : receipt.Act is Unreadable broken ? broken.Content.ToArray()
            : JsonSerializer.SerializeToUtf8Bytes(receipt);
        return sql.ExecuteAsync(
            $"""
            INSERT INTO customs_messages ({InboxEntry.Columns}, content)
            VALUES (@EntryId, @MessageId, @ContentHash, @IsFirst, @AuthorityId, @CaseNumber, @Sequence, @Event, @Source, @CreatedAt,
                @ReceivedAt, @State, @Reason, @DetailZh, @DetailEn, @FirstState, @FirstDetail, @Attempts, @TriedAt, @TriedVersion,
                @WaitUntil, @SettledAt, @Operator, @DiscardReason, @Turn, @Answers, @content)
            ON CONFLICT DO NOTHING
            """,
            new
            {
                entry.EntryId,
                entry.MessageId,
                entry.ContentHash,
                entry.IsFirst,
                entry.AuthorityId,
                entry.CaseNumber,
                entry.Sequence,
                Event = (int)entry.Event,
                entry.Source,
                entry.CreatedAt,
                entry.ReceivedAt,
                State = (int)entry.State,
                Reason = (int)entry.Reason,
                entry.DetailZh,
                entry.DetailEn,
                FirstState = (int)entry.FirstState,
                entry.FirstDetail,
                entry.Attempts,
                entry.TriedAt,
                entry.TriedVersion,
                entry.WaitUntil,
                entry.SettledAt,
                entry.Operator,
                entry.DiscardReason,
                entry.Turn,
                entry.Answers,
                content,
            });
    }

    /// <summary>Keeps what became of an entry. What an applied message says is with the case from now on, and not kept twice.</summary>
    public static Task UpdateEntryAsync(this Sql sql, InboxEntry entry) => sql.ExecuteAsync(
        """
        UPDATE customs_messages SET state = @State, reason = @Reason, detail_zh = @DetailZh, detail_en = @DetailEn,
            authority_id = @AuthorityId, attempts = @Attempts, tried_at = @TriedAt, tried_version = @TriedVersion,
            wait_until = @WaitUntil, settled_at = @SettledAt, turn = @Turn, content = CASE WHEN @applied = TRUE THEN NULL ELSE content END
        WHERE entry_id = @EntryId
        """,
        new
        {
            entry.EntryId,
            State = (int)entry.State,
            Reason = (int)entry.Reason,
            entry.DetailZh,
            entry.DetailEn,
            entry.AuthorityId,
            entry.Attempts,
            entry.TriedAt,
            entry.TriedVersion,
            entry.WaitUntil,
            entry.SettledAt,
            entry.Turn,
            applied = entry.State == CustomsMessageState.Applied,
        });

    /// <summary>Has a message that can be read tried again at an operator's word, as if it had just come.</summary>
    public static Task RetryEntryAsync(this Sql sql, InboxEntry entry, string name, DateTimeOffset waitUntil) => sql.ExecuteAsync(
        """
        UPDATE customs_messages SET state = CASE WHEN event <> 0 AND is_first = TRUE THEN @waiting ELSE state END,
            operator = @name, tried_version = @TryAgain, wait_until = @until, attempts = attempts + 1
        WHERE entry_id = @EntryId
        """,
        new
        {
            waiting = (int)CustomsMessageState.Waiting,
            name,
            InboxEntry.TryAgain,
            until = waitUntil.ToMicroseconds(),
            entry.EntryId,
        });

    /// <summary>Puts a message that cannot be read back into quarantine.</summary>
    public static Task QuarantineAgainAsync(this Sql sql, InboxEntry entry) => sql.ExecuteAsync(
        """
        UPDATE customs_messages SET state = @quarantined, discard_reason = '', settled_at = NULL, attempts = attempts + 1
        WHERE entry_id = @EntryId AND state = @discarded
        """,
        new
        {
            quarantined = (int)CustomsMessageState.Quarantined,
            discarded = (int)CustomsMessageState.Discarded,
            entry.EntryId,
        });

    /// <summary>Drops a message for good at an operator's word.</summary>
    public static Task DiscardEntryAsync(this Sql sql, InboxEntry entry, string name, string reason, DateTimeOffset now) => sql.ExecuteAsync(
        """
        UPDATE customs_messages SET state = @discarded, operator = @name, discard_reason = @reason, settled_at = @now
        WHERE entry_id = @EntryId
        """,
        new { discarded = (int)CustomsMessageState.Discarded, name, reason, now = now.ToMicroseconds(), entry.EntryId });

    /// <summary>Has what waits on a case tried again, whatever the case's version.</summary>
    public static Task TryAgainAsync(this Sql sql, string caseNumber) => sql.ExecuteAsync(
        "UPDATE customs_messages SET tried_version = @TryAgain WHERE case_number = @caseNumber AND state = @waiting",
        new { InboxEntry.TryAgain, caseNumber, waiting = (int)CustomsMessageState.Waiting });

    /// <summary>Has the starts of reviews tried again that wait for an authority to pass an assessment.</summary>
    public static Task TryReviewsAgainAsync(this Sql sql, string authorityId) => sql.PostAsync(
        """
        UPDATE customs_messages SET tried_version = @TryAgain
        WHERE state IN (2, 3) AND state = @waiting AND reason = @reason AND authority_id = @authorityId
        """,
        new
        {
            InboxEntry.TryAgain,
            waiting = (int)CustomsMessageState.Waiting,
            reason = (int)HoldReason.AssessmentNotPassedYet,
            authorityId,
        });

    /// <summary>Notes that what waits on a case was tried at this version of it.</summary>
    public static Task NoteTriedAsync(this Sql sql, string caseNumber, long version) => sql.ExecuteAsync(
        "UPDATE customs_messages SET tried_version = @version WHERE case_number = @caseNumber AND state = @waiting",
        new { version, caseNumber, waiting = (int)CustomsMessageState.Waiting });
}
