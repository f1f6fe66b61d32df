using System.Collections.Concurrent;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Cases;

/// <summary>Where the workflow can still lead from where a case stands, whoever acts.</summary>
public static class WorkflowReach
{
    private static readonly ConcurrentDictionary<(CasePosition From, Actor Actor, CaseEvent Event), bool> Known = new();

    /// <summary>Whether an event can still happen to a case, now or later.</summary>
    /// <param name="from">Where the case stands.</param>
    /// <param name="actor">Who acts in the event.</param>
    /// <param name="what">The event.</param>
    public static bool CanStillHappen(CasePosition from, Actor actor, CaseEvent what) =>
        Known.GetOrAdd((from, actor, what), asked => Reachable(asked.From).Any(
            at => Workflow.Transitions.Any(row => row.Actor == asked.Actor && row.Event == asked.Event && row.Fits(at))));

    private static IEnumerable<CasePosition> Reachable(CasePosition from)
    {
        var seen = new HashSet<CasePosition> { from };
        var open = new Queue<CasePosition>(seen);
        while (open.TryDequeue(out var at))
        {
            yield return at;
            foreach (var row in Workflow.Transitions.Where(row => row.Fits(at)))
            {
                if (After(row, at) is { Exists: true } next && seen.Add(next))
                    open.Enqueue(next);
            }
        }
    }

    private static CasePosition After(Transition row, CasePosition at)
    {
        var (stage, status) = row.From(at);
        return at with
        {
            Stage = stage,
            Status = status,
            Submitted = at.Submitted || row.Event == CaseEvent.Submit,
            Declined = row.Event == CaseEvent.DeclineReview || (at.Declined && row.Event != CaseEvent.AcceptReview),
        };
    }
}
