using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>
/// The turns of a case: the first begins with the case, and another with every submission that the authority hands in. All that Customs
/// says belongs to one turn, that of the last submission it knew of, and applies in that turn or never (docs/adr/0008).
/// </summary>
public static class CaseTurns
{
    /// <summary>The turn in which a case without a submission is.</summary>
    public const int First = 1;

    /// <summary>
    /// The turn in which a case is; the first where there is no case yet. A submission that goes beside the case, such as the list of
    /// signing officers, makes none.
    /// </summary>
    public static async Task<int> TurnAsync(this Sql sql, CaseRow? row) => row is null ? First : First + (int)await sql.GetAsync<long>(
        "SELECT COUNT(*) FROM outbox WHERE case_id = @CaseId AND moves_case = TRUE", new { row.CaseId });

    /// <summary>The turn in which a submission was handed in; null where the case has no such submission.</summary>
    public static async Task<int?> TurnOfSubmissionAsync(this Sql sql, string caseId, string messageId)
    {
        var at = await sql.FindAsync<long?>(
            "SELECT created_at FROM outbox WHERE message_id = @messageId AND case_id = @caseId", new { messageId, caseId });
        return at is null
            ? null
            : First + (int)await sql.GetAsync<long>(
                "SELECT COUNT(*) FROM outbox WHERE case_id = @caseId AND moves_case = TRUE AND created_at <= @at", new { caseId, at });
    }

    /// <summary>
    /// The earliest turn in which something was applied that Customs said after this message, by its count where both are counted, else by
    /// its clock; null where there is none. The message belongs to no later turn.
    /// </summary>
    public static Task<int?> EarliestTurnAfterAsync(this Sql sql, InboxEntry entry) => sql.FindAsync<int?>(
        $"""
        SELECT MIN(turn) FROM customs_messages
        WHERE case_number = @CaseNumber AND state = @applied AND turn > 0
          AND {(entry.Sequence > 0 ? "sequence > @Sequence" : "created_at > @CreatedAt")}
        """,
        new { entry.CaseNumber, entry.Sequence, entry.CreatedAt, applied = (int)CustomsMessageState.Applied });
}
