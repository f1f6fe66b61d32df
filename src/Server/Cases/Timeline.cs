using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Cases;

/// <summary>The history of cases.</summary>
public static class Timeline
{
    /// <summary>Adds a line for a change. Each change has one, so its number is the case's version.</summary>
    internal static Task AddTimelineAsync(this Sql sql, CaseChange change, NewReceipt? receipt) => sql.PostAsync(
        """
        INSERT INTO timeline (case_id, sequence, at, actor, event, stage, status, opinion, opinion_stage, failure_reason, receipt_number)
        VALUES (@CaseId, @Sequence, @At, @Actor, @Event, @Stage, @Status, @Opinion, @OpinionStage, @FailureReason, @ReceiptNumber)
        """,
        new Line(change, receipt));

    /// <summary>At most so many lines of a case after a sequence number, oldest first.</summary>
    public static async Task<IReadOnlyList<TimelineEntry>> ListTimelineAsync(this Sql sql, string caseId, int after, int most)
    {
        var rows = await sql.ListAsync<Row>(
            """
            SELECT sequence, at, actor, event, stage, status, opinion, failure_reason, receipt_number
            FROM timeline WHERE case_id = @caseId AND sequence > @after ORDER BY sequence LIMIT @most
            """,
            new { caseId, after, most });
        return
        [
            .. rows.Select(row => new TimelineEntry
            {
                Sequence = row.Sequence,
                Time = Times.ToTimestamp(row.At),
                Actor = row.Actor,
                Event = row.Event,
                Stage = row.Stage,
                Status = row.Status,
                Opinion = row.Opinion,
                FailureReason = row.FailureReason,
                ReceiptNumber = row.ReceiptNumber,
            }),
        ];
    }

    /// <summary>Every opinion of Customs on a case, oldest first.</summary>
    public static async Task<IEnumerable<Opinion>> ListOpinionsAsync(this Sql sql, string caseId)
    {
        var rows = await sql.ListAsync<Row>(
            "SELECT at, event, opinion, opinion_stage AS stage FROM timeline WHERE case_id = @caseId AND opinion <> '' ORDER BY sequence",
            new { caseId });
        return rows.Select(row => new Opinion
        {
            Stage = row.Stage, Event = row.Event, Text = row.Opinion, Time = Times.ToTimestamp(row.At),
        });
    }

    // The receipt gets its number just before this line is sent.
    private sealed class Line(CaseChange change, NewReceipt? receipt)
    {
        public string CaseId => change.Case.CaseId;

        public int Sequence => (int)change.Case.Version;

        public long At { get; } = change.Now.ToMicroseconds();

        public Actor Actor => change.Actor;

        public CaseEvent Event => change.Event;

        public Stage Stage => change.Case.Stage;

        public Status Status => change.Case.Status;

        public string Opinion => change.Opinion;

        public Stage OpinionStage => change.Case.OpinionStage;

        public string FailureReason => change.FailureReason;

        public long ReceiptNumber => receipt?.Number ?? 0;
    }

    private sealed class Row
    {
        public int Sequence { get; init; }

        public long At { get; init; }

        public Actor Actor { get; init; }

        public CaseEvent Event { get; init; }

        public Stage Stage { get; init; }

        public Status Status { get; init; }

        public string Opinion { get; init; } = "";

        public string FailureReason { get; init; } = "";

        public long ReceiptNumber { get; init; }
    }
}
