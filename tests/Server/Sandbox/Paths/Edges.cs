using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Tests.Sandbox.Paths;

/// <summary>One step that the workflow knows: from where, by whom, and what.</summary>
/// <param name="Kind">The kind of case.</param>
/// <param name="From">The stage and status where it begins, such as "RECEPTION SENT declined"; "-" where there is no case yet.</param>
/// <param name="Actor">Who acts.</param>
/// <param name="Event">What happens.</param>
public sealed record Edge(CaseKind Kind, string From, Actor Actor, CaseEvent Event)
{
    /// <summary>The step that begins where a case stands.</summary>
    public static Edge Of(CasePosition at, Actor actor, CaseEvent what) => new(at.Kind, Place(at), actor, what);

    /// <summary>Every step that a case can ever make, by the workflow table alone.</summary>
    public static IReadOnlyList<Edge> All { get; } =
    [
        .. from start in new[] { CasePosition.NoAssessment, CasePosition.NoReview }
           from at in WorkflowReach.Reachable(start)
           from row in WorkflowReach.At(at)
           let edge = Of(at, row.Actor, row.Event)
           group edge by edge into same
           select same.Key,
    ];

    /// <summary>The steps that a case made, from its history.</summary>
    public static IEnumerable<Edge> Of(CaseKind kind, IEnumerable<TimelineEntry> history)
    {
        var at = kind == CaseKind.Assessment ? CasePosition.NoAssessment : CasePosition.NoReview;
        foreach (var entry in history)
        {
            yield return Of(at, entry.Actor, entry.Event);
            var declined = entry.Event == CaseEvent.DeclineReview || (at.Declined && entry.Event != CaseEvent.AcceptReview);
            at = at with { Stage = entry.Stage, Status = entry.Status, Declined = declined };
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {From}, {Actor} {WireNames.Of(Event).ToLowerInvariant()}";

    private static string Place(CasePosition at) => !at.Exists
        ? "-"
        : $"{WireNames.Of(at.Stage)} {WireNames.Of(at.Status)}{(at is { Stage: Stage.Reception, Declined: true } ? " declined" : "")}";
}
