using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Exchange;

namespace SingleWindow.Tests.Simulation;

/// <summary>What Customs must have done to a case in the end, from what the authority has handed in and the scenario alone.</summary>
internal static class ExpectedCourse
{
    /// <summary>Compares; called when nothing is on its way any more.</summary>
    /// <param name="on">The case, which was not worked on by hand.</param>
    /// <param name="accountScenario">What its account has chosen.</param>
    /// <param name="misread">How many submissions of its account Customs may at most have been unable to read.</param>
    /// <exception cref="BreachException">Something is missing, came twice or in another order.</exception>
    public static void Check(KnownCase on, string accountScenario, int misread)
    {
        var scenario = Scenarios.Find(on.Scenario.Length > 0 ? on.Scenario : accountScenario)!;
        var turns = on.Kind == CaseKind.Review ? scenario.ReviewTurns : scenario.Turns;
        var counts = new Dictionary<SubmissionKind, int>();
        var done = on.Steps.Where(step => step.Actor == Actor.Customs && step.Event != CaseEvent.StartReview).Select(step => step.Event).ToList();
        var expected = new List<CaseEvent>();
        foreach (var kind in on.Steps.Where(step => step.Actor == Actor.Authority).Select(KindOf).OfType<SubmissionKind>())
        {
            if (misread > 0 && done.Count > expected.Count && done[expected.Count] == CaseEvent.ReceiveFailed)
            {
                misread--;
                expected.Add(CaseEvent.ReceiveFailed);
                continue;
            }

            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            expected.AddRange(turns.For(kind, counts[kind]).Where(act => act is not StartReview).Select(CustomsActs.EventOf));
        }

        if (!done.SequenceEqual(expected))
        {
            throw new BreachException(
                done.Count < expected.Count ? BreachKind.Lost : done.Count > expected.Count ? BreachKind.Doubled : BreachKind.Reordered,
                $"{on.Name}, {scenario.Name}, ends at {on.Place}: Customs did\n  {string.Join(' ', done)}\nof\n  {string.Join(' ', expected)}");
        }
    }

    private static SubmissionKind? KindOf(CaseStep step) => (step.Event, step.Stage) switch
    {
        (CaseEvent.Submit, Stage.Application) => SubmissionKind.Application,
        (CaseEvent.Submit, Stage.Questionnaire) => SubmissionKind.Questionnaire,
        (CaseEvent.Submit, Stage.Assessment) => SubmissionKind.Rectification,
        (CaseEvent.Submit, Stage.ProtocolNegotiation) => SubmissionKind.ProtocolReply,
        (CaseEvent.Submit, _) => SubmissionKind.CertificateReply,
        (CaseEvent.SubmitSignatories, _) => SubmissionKind.Signatories,
        (CaseEvent.AcceptReview, _) => SubmissionKind.ReviewAcceptance,
        (CaseEvent.DeclineReview, _) => SubmissionKind.ReviewRefusal,
        _ => null,
    };
}
