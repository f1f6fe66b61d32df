using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Sandbox.Paths;

/// <summary>Does what a row of docs/sandbox.md says, from an account that was just reset.</summary>
internal sealed class PageSteps(Authority us)
{
    private static readonly Dictionary<string, CaseEvent> Calls = new()
    {
        ["SaveApplication"] = CaseEvent.Save,
        ["SubmitApplication"] = CaseEvent.Submit,
        ["SaveAnswers"] = CaseEvent.Save,
        ["SubmitAnswers"] = CaseEvent.Submit,
        ["SaveRectification"] = CaseEvent.Save,
        ["SubmitRectification"] = CaseEvent.Submit,
        ["SaveReply"] = CaseEvent.Save,
        ["SubmitReply"] = CaseEvent.Submit,
        ["SubmitSignatories"] = CaseEvent.SubmitSignatories,
        ["AcceptReview"] = CaseEvent.AcceptReview,
        ["DeclineReview"] = CaseEvent.DeclineReview,
        ["RedeliverCase"] = CaseEvent.Redeliver,
    };

    private string file = "";

    /// <summary>The case; empty before there is one.</summary>
    public string CaseId { get; private set; } = "";

    /// <summary>Does all of the steps.</summary>
    public async Task DoAsync(IEnumerable<string> steps)
    {
        await us.Sandbox.ResetAccountAsync(new ResetAccountRequest());
        file = await us.UploadAsync();
        foreach (var step in steps)
            await DoAsync(step, step.Split(' '));
    }

    private async Task DoAsync(string step, string[] words)
    {
        switch (words[0])
        {
            case "SetScenario":
                await us.Sandbox.SetScenarioAsync(new SetScenarioRequest { Scenario = words[1], CaseId = CaseId });
                break;
            case "SetFaults":
                await us.Sandbox.SetFaultsAsync(new SetFaultsRequest
                {
                    Faults =
                    {
                        new Fault
                        {
                            Kind = WireNames.Parse<FaultKind>(words[1]), Direction = WireNames.Parse<FaultDirection>(words[2]),
                            Count = int.Parse(words[3], null),
                        },
                    },
                });
                break;
            case "StartReview":
                CaseId = (await us.ReviewAsync()).CaseId;
                break;
            case "PerformAct":
                await MakeAsync(WireNames.Parse<CaseEvent>(words[1].ToUpperInvariant()));
                break;
            case var call when Calls.TryGetValue(call, out var what):
                if (CaseId.Length > 0)
                    await MakeAsync(what);
                else
                    CaseId = what == CaseEvent.Save ? (await us.DraftAsync()).CaseId : (await us.ApplyAsync()).CaseId;
                break;
            default:
                Assert.True(words.Length == 2, $"No such step: {step}");
                await GoAsync(WireNames.Parse<Stage>(words[0]), WireNames.Parse<Status>(words[1]));
                break;
        }
    }

    // The authority answers whatever it is asked until the case is there.
    private async Task GoAsync(Stage stage, Status status)
    {
        if (CaseId.Length == 0)
            CaseId = (await us.ApplyAsync()).CaseId;
        while (true)
        {
            var it = await Wait.ForAsync(
                () => us.GetAsync(CaseId),
                at => (at.Stage == stage && at.Status == status) || at.Status is Status.Pending or Status.CorrectionRequired or Status.ReceiveFailed,
                at => $"{at.Stage} {at.Status}");
            if (it.Stage == stage && it.Status == status)
                return;
            await MakeAsync(it.Stage == Stage.Reception ? CaseEvent.AcceptReview : CaseEvent.Submit);
        }
    }

    private async Task MakeAsync(CaseEvent what) => await Attempt.At(what, (await us.GetAsync(CaseId)).Stage).MakeAsync(us, CaseId, file);
}
