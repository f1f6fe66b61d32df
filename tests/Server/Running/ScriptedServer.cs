using Dapper;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>
/// A server whose link to Customs is in the hand of the test, where one failed attempt is the last, and cases are brought to any
/// place of the workflow. Acts of Customs come by SandboxService.PerformAct.
/// </summary>
public sealed class ScriptedServer : BridgeServer
{
    private readonly Dictionary<Authority, string> files = [];
    private readonly HashSet<Authority> passed = [];
    private int placed;

    public ScriptedServer()
    {
        Script = new ScriptedChannel();
        Channel = Script;
        Settings["Delivery:Attempts"] = "1";
    }

    public ScriptedChannel Script { get; }

    /// <summary>The id of a file that the first authority has uploaded.</summary>
    public async Task<string> FileAsync()
    {
        if (!files.TryGetValue(First, out var file))
            files[First] = file = await First.UploadAsync();
        return file;
    }

    /// <summary>Has the event happen by its RPC, and gives the case.</summary>
    public async Task<Case?> DoAsync(string caseId, CaseEvent what, Stage stage) =>
        await Attempt.At(what, stage).MakeAsync(First, caseId, await FileAsync());

    /// <summary>
    /// Brings a new case to a place by what the authority, the delivery and Customs do, and gives its id. Submissions wait
    /// afterwards: what is DECLARED stays so. A review is accepted unless it is to be declined.
    /// </summary>
    public async Task<string> BringAsync(
        Stage stage, Status status, CaseKind kind = CaseKind.Assessment, bool declined = false)
    {
        Script.Hold();
        var caseId = await EnterAsync(stage, kind, declined);
        foreach (var step in StepsWithin(stage, status, declined))
            await DoAsync(caseId, step, stage);
        if (status is Status.Sent or Status.SendFailed)
        {
            if (status == Status.Sent)
                Script.Accept();
            else
                Script.Refuse("线路中断");
            await First.UntilAsync(caseId, stage, status);
            Script.Hold();
        }

        var reached = await First.GetAsync(caseId);
        Assert.Equal((kind, stage, status), (reached.Kind, reached.Stage, reached.Status));
        return caseId;
    }

    /// <summary>Makes a new case: an assessment as a draft, a review as Customs starts it.</summary>
    public async Task<Case> NewAsync(CaseKind kind)
    {
        if (kind == CaseKind.Assessment)
            return await First.DraftAsync(Attempt.Form(await FileAsync()));
        if (passed.Add(First))
            await BringAsync(Stage.Completed, Status.Approved);
        return await First.ReviewAsync();
    }

    /// <summary>Puts a case somewhere in the database itself, for places that no call leads to. It counts as submitted.</summary>
    public void Place(string caseId, Stage stage, Status status, CaseKind kind = CaseKind.Assessment, bool declined = false)
    {
        using var connection = Connect();
        connection.Execute(
            """
            UPDATE cases SET stage = @stage, status = @status, kind = @kind, declined = @declined,
                number = COALESCE(number, @number), submitted_at = COALESCE(submitted_at, created_at)
            WHERE case_id = @caseId
            """,
            new { caseId, stage, status, kind, declined, number = $"999901{++placed:D12}" });
    }

    /// <summary>How the submissions of a case stand in the outbox, oldest first: 0 waiting, 1 sent, 2 failed.</summary>
    public async Task<IReadOnlyList<long>> OutboxStatesAsync(string caseId)
    {
        using var connection = Connect();
        return (await connection.QueryAsync<long>("SELECT state FROM outbox WHERE case_id = @caseId ORDER BY created_at",
            new { caseId })).AsList();
    }

    private static CaseEvent[] StepsWithin(Stage stage, Status status, bool declined)
    {
        var submit = stage != Stage.Reception ? CaseEvent.Submit : declined ? CaseEvent.DeclineReview : CaseEvent.AcceptReview;
        return status switch
        {
            Status.Draft when stage != Stage.Application => [CaseEvent.Save],
            Status.Declared or Status.Sent or Status.SendFailed => [submit],
            Status.Received => [submit, CaseEvent.Received],
            Status.ReceiveFailed => [submit, CaseEvent.ReceiveFailed],
            Status.Accepted => [submit, CaseEvent.Received, CaseEvent.Accept],
            Status.CorrectionRequired => [submit, CaseEvent.Received, CaseEvent.RequireCorrection],
            Status.NotAccepted => [submit, CaseEvent.Received, CaseEvent.NotAccept],
            Status.Approved when stage is Stage.Application or Stage.Questionnaire or Stage.Assessment =>
                [submit, CaseEvent.Received, CaseEvent.Approve],
            Status.Approved when stage is Stage.ProtocolNegotiation or Stage.CertificateNegotiation =>
                [submit, CaseEvent.Received, CaseEvent.CompleteNegotiation],
            _ => [],
        };
    }

    private async Task<string> EnterAsync(Stage stage, CaseKind kind, bool declined)
    {
        if (stage == (kind == CaseKind.Review ? Stage.Reception : Stage.Application))
            return (await NewAsync(kind)).CaseId;

        var (before, status, events) = stage switch
        {
            Stage.Questionnaire when kind == CaseKind.Review =>
                (Stage.Reception, Status.Received, new[] { CaseEvent.OpenQuestionnaire }),
            Stage.Completed when declined => (Stage.Reception, Status.Sent, [CaseEvent.Received]),
            Stage.Questionnaire => (Stage.Application, Status.Approved, [CaseEvent.OpenQuestionnaire]),
            Stage.Assessment => (Stage.Questionnaire, Status.Approved, [CaseEvent.RequireRectification]),
            Stage.ProtocolNegotiation =>
                (Stage.Questionnaire, Status.Approved, [CaseEvent.ApproveAssessment, CaseEvent.OpenRound]),
            Stage.ProtocolSigning => (Stage.ProtocolNegotiation, Status.Approved, [CaseEvent.PublishProtocol]),
            Stage.Announcement => (Stage.ProtocolSigning, Status.Approved, [CaseEvent.PublishAnnouncement]),
            Stage.CertificateNegotiation => (Stage.Announcement, Status.Approved, [CaseEvent.OpenRound]),
            Stage.CertificateConfirmation =>
                (Stage.CertificateNegotiation, Status.Approved, [CaseEvent.ConfirmCertificate]),
            Stage.Completed => (Stage.CertificateConfirmation, Status.Approved, [CaseEvent.Close]),
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "No case of this kind comes here."),
        };
        var caseId = await BringAsync(before, status, kind, declined);
        foreach (var what in events)
            await DoAsync(caseId, what, stage);
        return caseId;
    }
}
