using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>Whether a message of Customs can apply to its case: now, later or never.</summary>
/// <param name="State">APPLIED for one that can apply now, WAITING for later, QUARANTINED for never.</param>
/// <param name="Reason">Why not now.</param>
/// <param name="Detail">The same in words.</param>
public sealed record Fitting(CustomsMessageState State, HoldReason Reason, LocalizedText Detail)
{
    /// <summary>It can apply now, or has just been applied.</summary>
    public static Fitting Now { get; } = new(CustomsMessageState.Applied, HoldReason.Unspecified, new LocalizedText());

    /// <summary>Looks where a message fits, and binds it to the turn of the case to which it belongs.</summary>
    /// <param name="sql">The transaction; the case's authority is locked.</param>
    /// <param name="entry">The message.</param>
    /// <param name="row">The case; null where there is none.</param>
    /// <param name="turn">The turn in which the case is.</param>
    public static async Task<Fitting> OfAsync(Sql sql, InboxEntry entry, CaseRow? row, int turn)
    {
        // What Customs does not count answers no submission that was handed in after it had come.
        if (entry is { Sequence: 0, Turn: 0 })
            entry.Turn = turn;
        if (row is null && entry.Event != CaseEvent.StartReview)
            return WithoutCase(entry);
        if (row is not null && await OutOfTurnAsync(sql, entry, row, turn) is { } late)
            return late;
        if (entry.Sequence > 1 && await sql.CountBeforeAsync(entry.CaseNumber, entry.Sequence) is var before
            && before < entry.Sequence - 1)
        {
            return Wait(
                HoldReason.OutOfSequence,
                $"是该业务的第 {entry.Sequence} 条报文，之前还有 {entry.Sequence - 1 - before} 条未到或未处理。",
                $"It is message {entry.Sequence} of the case; {entry.Sequence - 1 - before} before it have not come or still wait.");
        }

        var fitting = row is null ? Now : InCase(entry, row.Position);
        if (fitting == Now)
            entry.Turn = turn;
        return fitting;
    }

    /// <summary>A message that cannot apply because it, or the bridge, is at fault.</summary>
    public static Fitting Never(HoldReason reason, LocalizedText detail) => new(CustomsMessageState.Quarantined, reason, detail);

    /// <summary>A message that cannot apply because it, or the bridge, is at fault.</summary>
    public static Fitting Never(HoldReason reason, string zh, string en) => Never(reason, new LocalizedText { Zh = zh, En = en });

    /// <summary>A message that can apply later.</summary>
    public static Fitting Wait(HoldReason reason, string zh, string en) =>
        new(CustomsMessageState.Waiting, reason, new LocalizedText { Zh = zh, En = en });

    // The numbers of assessments are made by the bridge, so one that it does not know is nobody's; those of reviews come from Customs.
    private static Fitting WithoutCase(InboxEntry entry) => Ulids.IsUlid(entry.CaseNumber)
        ? Wait(
            HoldReason.CaseNotKnownYet,
            $"尚无回顾性检查 {entry.CaseNumber}，等待其开始的报文。",
            $"There is no review {entry.CaseNumber} yet; the message that starts it may still come.")
        : Never(HoldReason.CaseUnknown, $"没有编号为 {entry.CaseNumber} 的业务。", $"There is no case {entry.CaseNumber}.");

    private static async Task<Fitting?> OutOfTurnAsync(Sql sql, InboxEntry entry, CaseRow row, int turn)
    {
        if (entry.Answers.Length > 0)
        {
            if (await sql.TurnOfSubmissionAsync(row.CaseId, entry.Answers) is not { } answered)
            {
                return Never(
                    HoldReason.NeverFits,
                    $"其所答复的报文 {entry.Answers} 不属于该业务。", $"It answers the submission {entry.Answers}, which the case does not have.");
            }

            entry.Turn = answered;
        }

        if (turn == CaseTurns.First)
            return null;
        if (entry.Turn > 0 && entry.Turn < turn)
        {
            return Never(
                HoldReason.Overtaken,
                $"它所答复的是此前的申报（第 {entry.Turn} 轮），主管当局此后已再次申报（现为第 {turn} 轮）。",
                $"It answers an earlier submission (turn {entry.Turn} of the case); the authority has submitted since (turn {turn}).");
        }

        return await sql.EarliestTurnAfterAsync(entry) is { } after && after < turn
            ? Never(
                HoldReason.Overtaken,
                $"海关在它之后发出的报文已于第 {after} 轮处理，主管当局此后已再次申报（现为第 {turn} 轮）。",
                $"What Customs said after it was applied in turn {after} of the case; the authority has submitted since (turn {turn}).")
            : null;
    }

    private static Fitting InCase(InboxEntry entry, CasePosition at)
    {
        try
        {
            Workflow.Decide(at, Actor.Customs, entry.Event);
            return Now;
        }
        catch (BridgeException refusal)
        {
            // What is counted may wait for the authority: nothing of Customs comes between. What is not belongs to this turn, or to none.
            var possible = entry.Sequence > 0
                ? WorkflowReach.CanStillHappen(at, Actor.Customs, entry.Event)
                : WorkflowReach.CanHappenBeforeSubmission(at, Actor.Customs, entry.Event);
            return possible
                ? new Fitting(CustomsMessageState.Waiting, HoldReason.NotYet, refusal.Say())
                : Never(HoldReason.NeverFits, refusal.Say());
        }
    }
}
