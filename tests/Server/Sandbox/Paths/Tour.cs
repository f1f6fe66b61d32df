using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Sandbox.Paths;

/// <summary>
/// A case by hand through every stage in which the authority submits something: each submission is refused by the exchange at first, and
/// Customs answers it all the same. On a server that tries once the case is SEND_FAILED then, on one that pauses for an hour it is DECLARED.
/// </summary>
internal sealed class Tour(Walker walker, Status refused)
{
    private static readonly Dictionary<Stage, CaseEvent[]> Onward = new()
    {
        [Stage.Reception] = [CaseEvent.OpenQuestionnaire],
        [Stage.Application] = [CaseEvent.Approve, CaseEvent.OpenQuestionnaire],
        [Stage.Questionnaire] = [CaseEvent.Approve, CaseEvent.RequireRectification],
        [Stage.Assessment] = [CaseEvent.Approve, CaseEvent.OpenRound],
        [Stage.ProtocolNegotiation] =
            [CaseEvent.CompleteNegotiation, CaseEvent.PublishProtocol, CaseEvent.PublishAnnouncement, CaseEvent.OpenRound],
        [Stage.CertificateNegotiation] = [],
    };

    /// <summary>Through every stage.</summary>
    public async Task GoAsync(CaseKind kind)
    {
        await walker.Us.FollowAsync("manual");
        var made = kind == CaseKind.Review ? await walker.Us.ReviewAsync() : await walker.Us.DraftAsync();
        while (true)
        {
            var stage = (await walker.Us.GetAsync(made.CaseId)).Stage;
            var submit = stage == Stage.Reception ? CaseEvent.AcceptReview : CaseEvent.Submit;
            await FailAsync(made.CaseId, submit, stage);
            await walker.DoAsync(made.CaseId, CaseEvent.ReceiveFailed);
            await FailAsync(made.CaseId, submit, stage);
            await RedeliverAsync(made.CaseId, stage);
            await FailAsync(made.CaseId, submit, stage);
            await walker.DoAsync(made.CaseId, CaseEvent.Received);
            foreach (var what in Onward[stage])
                await walker.DoAsync(made.CaseId, what);
            if (Onward[stage].Length == 0)
                break;
        }

        await walker.NoteAsync(await walker.Us.GetAsync(made.CaseId));
    }

    /// <summary>A review whose answer changes between no and yes.</summary>
    public async Task DeclineAsync()
    {
        await walker.Us.FollowAsync("manual");
        var made = await walker.Us.ReviewAsync();
        await FailAsync(made.CaseId, CaseEvent.DeclineReview, Stage.Reception);
        await walker.DoAsync(made.CaseId, CaseEvent.ReceiveFailed);
        await FailAsync(made.CaseId, CaseEvent.AcceptReview, Stage.Reception);
        await walker.DoAsync(made.CaseId, CaseEvent.ReceiveFailed);
        await FailAsync(made.CaseId, CaseEvent.DeclineReview, Stage.Reception);
        await RedeliverAsync(made.CaseId, Stage.Reception);
        await FailAsync(made.CaseId, CaseEvent.DeclineReview, Stage.Reception);
        await walker.DoAsync(made.CaseId, CaseEvent.Received);
        await walker.NoteAsync(await walker.Us.GetAsync(made.CaseId));
    }

    private async Task FailAsync(string caseId, CaseEvent submit, Stage stage)
    {
        await walker.RefuseOnceAsync();
        await walker.DoAsync(caseId, submit);
        await walker.TriedAsync(caseId);
        await walker.Us.UntilAsync(caseId, stage, refused);
    }

    // Sent again where it failed, and then not taken in; where it only waits, it is not taken in at once.
    private async Task RedeliverAsync(string caseId, Stage stage)
    {
        if (refused == Status.SendFailed)
        {
            await walker.DoAsync(caseId, CaseEvent.Redeliver);
            await walker.Us.UntilAsync(caseId, stage, Status.Sent);
        }

        await walker.DoAsync(caseId, CaseEvent.ReceiveFailed);
    }
}
