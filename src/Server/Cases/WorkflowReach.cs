using System.Collections.Concurrent;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Cases;

/// <summary>Where the workflow can still lead from where a case stands, whoever acts.</summary>
public static class WorkflowReach
{
    private static readonly ConcurrentDictionary<(CasePosition From, Actor Actor, CaseEvent Event, bool WithSubmissions), bool> Known = new();

    /// <summary>Whether an event can still happen to a case, now or later.</summary>
    /// <param name="from">Where the case stands.</param>
    /// <param name="actor">Who acts in the event.</param>
    /// <param name="what">The event.</param>
    public static bool CanStillHappen(CasePosition from, Actor actor, CaseEvent what) => CanHappen(from, actor, what, withSubmissions: true);

    /// <summary>Whether an event can still happen to a case before the authority hands in anything more.</summary>
    /// <param name="from">Where the case stands.</param>
    /// <param name="actor">Who acts in the event.</param>
    /// <param name="what">The event.</param>
    public static bool CanHappenBeforeSubmission(CasePosition from, Actor actor, CaseEvent what) =>
        CanHappen(from, actor, what, withSubmissions: false);

    /// <summary>Everywhere that a case can come, the start first, in the order in which it comes there by the fewest steps.</summary>
    /// <param name="from">Where the case stands.</param>
    public static IEnumerable<CasePosition> Reachable(CasePosition from) => Reachable(from, withSubmissions: true);

    private static bool CanHappen(CasePosition from, Actor actor, CaseEvent what, bool withSubmissions) => Known.GetOrAdd(
        (from, actor, what, withSubmissions),
        asked => Reachable(asked.From, asked.WithSubmissions).Any(
            at => At(at).Any(row => row.Actor == asked.Actor && row.Event == asked.Event)));

    private static IEnumerable<CasePosition> Reachable(CasePosition from, bool withSubmissions)
    {
        var seen = new HashSet<CasePosition> { from };
        var open = new Queue<CasePosition>(seen);
        while (open.TryDequeue(out var at))
        {
            yield return at;
            foreach (var row in At(at).Where(row => withSubmissions || !IsSubmission(row.Event)))
            {
                if (After(row, at) is { Exists: true } next && seen.Add(next))
                    open.Enqueue(next);
            }
        }
    }

    /// <summary>The rows by which something happens to a case where it stands, one for each event.</summary>
    public static IEnumerable<Transition> At(CasePosition at) =>
        Workflow.Transitions.Where(row => row.Fits(at)).DistinctBy(row => (row.Actor, row.Event));

    private static bool IsSubmission(CaseEvent what) => what is CaseEvent.Submit or CaseEvent.AcceptReview or CaseEvent.DeclineReview;

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
