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
    /// afterwards: what is DECLARED stays so.
    /// </summary>
    public async Task<string> BringAsync(Stage stage, Status status)
    {
        Script.Hold();
        var caseId = await EnterAsync(stage);
        foreach (var step in StepsWithin(stage, status))
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
        Assert.Equal((stage, status), (reached.Stage, reached.Status));
        return caseId;
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

    private static CaseEvent[] StepsWithin(Stage stage, Status status) => status switch
    {
        Status.Draft when stage != Stage.Application => [CaseEvent.Save],
        Status.Declared or Status.Sent or Status.SendFailed => [CaseEvent.Submit],
        Status.Received => [CaseEvent.Submit, CaseEvent.Received],
        Status.ReceiveFailed => [CaseEvent.Submit, CaseEvent.ReceiveFailed],
        Status.Accepted => [CaseEvent.Submit, CaseEvent.Received, CaseEvent.Accept],
        Status.CorrectionRequired => [CaseEvent.Submit, CaseEvent.Received, CaseEvent.RequireCorrection],
        Status.NotAccepted => [CaseEvent.Submit, CaseEvent.Received, CaseEvent.NotAccept],
        Status.Approved when stage is Stage.Application or Stage.Questionnaire or Stage.Assessment =>
            [CaseEvent.Submit, CaseEvent.Received, CaseEvent.Approve],
        Status.Approved when stage is Stage.ProtocolNegotiation or Stage.CertificateNegotiation =>
            [CaseEvent.Submit, CaseEvent.Received, CaseEvent.CompleteNegotiation],
        _ => [],
    };

    private async Task<string> EnterAsync(Stage stage)
    {
        if (stage == Stage.Application)
            return (await First.DraftAsync(Attempt.Form(await FileAsync()))).CaseId;

        var (before, events) = stage switch
        {
            Stage.Questionnaire => (Stage.Application, new[] { CaseEvent.OpenQuestionnaire }),
            Stage.Assessment => (Stage.Questionnaire, [CaseEvent.RequireRectification]),
            Stage.ProtocolNegotiation => (Stage.Questionnaire, [CaseEvent.ApproveAssessment, CaseEvent.OpenRound]),
            Stage.ProtocolSigning => (Stage.ProtocolNegotiation, [CaseEvent.PublishProtocol]),
            Stage.Announcement => (Stage.ProtocolSigning, [CaseEvent.PublishAnnouncement]),
            Stage.CertificateNegotiation => (Stage.Announcement, [CaseEvent.OpenRound]),
            Stage.CertificateConfirmation => (Stage.CertificateNegotiation, [CaseEvent.ConfirmCertificate]),
            Stage.Completed => (Stage.CertificateConfirmation, [CaseEvent.Close]),
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "No assessment comes here."),
        };
        var caseId = await BringAsync(before, Status.Approved);
        foreach (var what in events)
            await DoAsync(caseId, what, stage);
        return caseId;
    }
}
