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
    private static readonly Fitting Now = new(CustomsMessageState.Applied, HoldReason.Unspecified, new LocalizedText());

    /// <summary>Looks where a message fits.</summary>
    /// <param name="sql">The transaction; the case's authority is locked.</param>
    /// <param name="entry">The message.</param>
    /// <param name="row">The case; null where there is none.</param>
    public static async Task<Fitting> OfAsync(Sql sql, InboxEntry entry, CaseRow? row)
    {
        if (row is null && entry.Event != CaseEvent.StartReview)
            return WithoutCase(entry);
        if (entry.Sequence > 1 && await sql.CountBeforeAsync(entry.CaseNumber, entry.Sequence) is var before
            && before < entry.Sequence - 1)
        {
            return Wait(
                HoldReason.OutOfSequence,
                $"是该业务的第 {entry.Sequence} 条报文，之前还有 {entry.Sequence - 1 - before} 条未到或未处理。",
                $"It is message {entry.Sequence} of the case; {entry.Sequence - 1 - before} before it have not come or still wait.");
        }

        return row is null ? Now : InCase(entry.Event, row.Position);
    }

    /// <summary>A message that cannot apply because it, or the bridge, is at fault.</summary>
    public static Fitting Never(HoldReason reason, LocalizedText detail) => new(CustomsMessageState.Quarantined, reason, detail);

    /// <summary>A message that cannot apply because it, or the bridge, is at fault.</summary>
    public static Fitting Never(HoldReason reason, string zh, string en) => Never(reason, new LocalizedText { Zh = zh, En = en });

    private static Fitting Wait(HoldReason reason, string zh, string en) =>
        new(CustomsMessageState.Waiting, reason, new LocalizedText { Zh = zh, En = en });

    // The numbers of assessments are made by the bridge, so one that it does not know is nobody's; those of reviews come from Customs.
    private static Fitting WithoutCase(InboxEntry entry) => Ulids.IsUlid(entry.CaseNumber)
        ? Wait(
            HoldReason.CaseNotKnownYet,
            $"尚无回顾性检查 {entry.CaseNumber}，等待其开始的报文。",
            $"There is no review {entry.CaseNumber} yet; the message that starts it may still come.")
        : Never(HoldReason.CaseUnknown, $"没有编号为 {entry.CaseNumber} 的业务。", $"There is no case {entry.CaseNumber}.");

    private static Fitting InCase(CaseEvent what, CasePosition at)
    {
        try
        {
            Workflow.Decide(at, Actor.Customs, what);
            return Now;
        }
        catch (BridgeException refusal)
        {
            return WorkflowReach.CanStillHappen(at, Actor.Customs, what)
                ? new Fitting(CustomsMessageState.Waiting, HoldReason.NotYet, refusal.Say())
                : Never(HoldReason.NeverFits, refusal.Say());
        }
    }
}
