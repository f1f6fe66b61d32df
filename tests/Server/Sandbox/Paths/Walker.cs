using Dapper;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace SingleWindowBridge.Server.Tests.Sandbox.Paths;

/// <summary>
/// An account on a real sandbox whose clock stands, so that Customs acts only when the walker lets it: what a case goes through does not
/// depend on who is quicker. It notes every step that its cases made.
/// </summary>
internal sealed class Walker(BridgeServer server, Authority us)
{
    private string file = "";

    /// <summary>The steps of all cases so far.</summary>
    public HashSet<Edge> Gone { get; } = [];

    public Authority Us => us;

    /// <summary>Has the clock stand, and an assessment passed, so that there can be reviews.</summary>
    public async Task BeginAsync()
    {
        await us.Sandbox.StopClockAsync(new StopClockRequest());
        file = await us.UploadAsync();
        await WalkAsync("straight_through", CaseKind.Assessment);
    }

    /// <summary>Opens a case and answers all that Customs asks in a scenario, until nothing more is asked.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="kind">An assessment, which is applied for, or a review, which Customs starts.</param>
    /// <param name="drafts">Whether the authority saves twice before each submission.</param>
    /// <param name="declines">Whether it declines the review.</param>
    /// <returns>The steps of this case.</returns>
    public async Task<IReadOnlyList<Edge>> WalkAsync(string scenario, CaseKind kind, bool drafts = false, bool declines = false)
    {
        await us.FollowAsync(scenario);
        var caseId = kind == CaseKind.Review ? (await us.ReviewAsync()).CaseId
            : drafts ? (await us.DraftAsync()).CaseId
            : (await us.ApplyAsync()).CaseId;
        var sentOfficers = scenario != "with_signatories";
        for (var turn = 0; ; turn++)
        {
            Assert.True(turn < 30, $"{scenario} asks without end");
            var it = await RestAsync(caseId);
            if (AskedOf(it, declines, ref sentOfficers) is not { } what)
                return await NoteAsync(it);
            for (var save = 0; drafts && what == CaseEvent.Submit && save < 2; save++)
                await DoAsync(caseId, CaseEvent.Save);
            await DoAsync(caseId, what);
        }
    }

    /// <summary>Does one thing with a case as it stands, by its RPC.</summary>
    public async Task DoAsync(string caseId, CaseEvent what) =>
        await Attempt.At(what, (await us.GetAsync(caseId)).Stage).MakeAsync(us, caseId, file);

    /// <summary>Notes the steps of a case.</summary>
    public async Task<IReadOnlyList<Edge>> NoteAsync(Case it)
    {
        var steps = Edge.Of(it.Kind, await us.TimelineAsync(it.CaseId)).ToList();
        Gone.UnionWith(steps);
        return steps;
    }

    /// <summary>Has the next submission refused by the exchange, once.</summary>
    public async Task RefuseOnceAsync() => await us.Sandbox.SetFaultsAsync(new SetFaultsRequest
    {
        Faults = { new Fault { Kind = FaultKind.Refused, Direction = FaultDirection.Submissions, Count = 1 } },
    });

    /// <summary>Waits until the last submission of a case was tried.</summary>
    public Task TriedAsync(string caseId) => Wait.ForAsync(
        () => CountAsync("SELECT COUNT(*) FROM outbox WHERE case_id = @caseId AND state = 0 AND attempts = 0", new { caseId }), it => it == 0);

    // Everything that was submitted is with Customs, and everything that Customs had in mind has been said.
    private async Task<Case> RestAsync(string caseId)
    {
        await Wait.ForAsync(
            () => CountAsync("SELECT COUNT(*) FROM outbox WHERE case_id = @caseId AND state = 0", new { caseId }), it => it == 0);
        var it = await us.GetAsync(caseId);
        await us.Sandbox.AdvanceClockAsync(new AdvanceClockRequest { By = Duration.FromTimeSpan(TimeSpan.FromHours(1)) });
        await Wait.ForAsync(
            () => CountAsync("SELECT COALESCE(SUM(pending), 0) FROM sandbox_cases WHERE case_number = @Number", new { it.Number }), left => left == 0);
        return await us.GetAsync(caseId);
    }

    private Task<long> CountAsync(string query, object parameters)
    {
        using var connection = server.Connect();
        return Task.FromResult(connection.QuerySingle<long>(query, parameters));
    }

    private static CaseEvent? AskedOf(Case it, bool declines, ref bool sentOfficers)
    {
        switch (it.Stage, it.Status)
        {
            case (_, Status.SendFailed):
                return CaseEvent.Redeliver;
            case (Stage.Reception, Status.Pending or Status.ReceiveFailed):
                return declines ? CaseEvent.DeclineReview : CaseEvent.AcceptReview;
            case (_, Status.Draft or Status.Pending or Status.CorrectionRequired or Status.ReceiveFailed):
                return CaseEvent.Submit;
            case (Stage.CertificateNegotiation, Status.Approved) when !sentOfficers:
                sentOfficers = true;
                return CaseEvent.SubmitSignatories;
            default:
                return null;
        }
    }
}
