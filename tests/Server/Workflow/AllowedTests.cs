using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Workflow;

/// <summary>Every line of the table, from every place that it names.</summary>
public sealed class AllowedTests : IClassFixture<ScriptedServer>
{
    private static readonly Stage[] StagesWithSubmissions =
    [
        Stage.Application, Stage.Questionnaire, Stage.Assessment, Stage.ProtocolNegotiation, Stage.CertificateNegotiation,
    ];

    private readonly ScriptedServer server;

    public AllowedTests(ScriptedServer server, ITestOutputHelper output)
    {
        this.server = server;
        server.Output = output;
    }

    public static TheoryData<Actor, CaseEvent, Stage, Status, Stage, Status> LinesOfAssessments()
    {
        var data = new TheoryData<Actor, CaseEvent, Stage, Status, Stage, Status>();
        foreach (var line in ExpectedTable.All.Where(it => it.Kind == CaseKind.Assessment && it.Stage != Stage.Unspecified))
        {
            foreach (var stage in line.Stage is { } only ? [only] : StagesWithSubmissions)
                data.Add(line.Actor, line.Event, stage, line.Status, line.NextStage ?? stage, line.NextStatus ?? line.Status);
        }

        return data;
    }

    public static TheoryData<CaseEvent, Stage, Status, bool, Stage, Status> LinesOfReviewsAlone()
    {
        var data = new TheoryData<CaseEvent, Stage, Status, bool, Stage, Status>();
        foreach (var line in ExpectedTable.All.Where(it =>
            it.Kind == CaseKind.Review && it.Actor == Actor.Customs && it.Stage is not null and not Stage.Unspecified
            && !ExpectedTable.Allows(CaseKind.Assessment, it.Actor, it.Event, it.Stage.Value, it.Status)))
        {
            data.Add(line.Event, line.Stage!.Value, line.Status, line.Condition == "declined",
                line.NextStage ?? line.Stage!.Value, line.NextStatus!.Value);
        }

        return data;
    }

    [Theory, MemberData(nameof(LinesOfAssessments))]
    public async Task A_line_of_the_table_happens(Actor actor, CaseEvent what, Stage stage, Status status, Stage nextStage,
        Status nextStatus)
    {
        var caseId = await StandAsync(actor, stage, status);
        var head = (await server.First.AllReceiptsAsync()).Count;
        var lines = (await server.First.TimelineAsync(caseId)).Count;
        var before = await server.First.GetAsync(caseId);

        var after = await HappenAsync(caseId, actor, what, stage, nextStage, nextStatus);

        if (what == CaseEvent.Discard)
        {
            Assert.Null(after);
            (await Refusal.OfAsync(() => server.First.GetAsync(caseId))).Is(global::Grpc.Core.StatusCode.NotFound,
                ErrorReason.CaseNotFound);
            return;
        }

        Assert.Equal((nextStage, nextStatus), (after!.Stage, after.Status));
        Assert.NotEqual(before.Etag, after.Etag);
        Assert.Equal(after, await server.First.GetAsync(caseId));

        var receipts = (await server.First.AllReceiptsAsync()).Skip(head).Where(it => it.CaseId == caseId).ToList();
        if (what == CaseEvent.Save)
        {
            Assert.Empty(receipts);
        }
        else
        {
            var receipt = Assert.Single(receipts);
            Assert.Equal(
                (actor, what, nextStage, nextStatus, after.Etag, after.Number),
                (receipt.Actor, receipt.Event, receipt.Stage, receipt.Status, receipt.Etag, receipt.CaseNumber));
        }

        var entry = Assert.Single((await server.First.TimelineAsync(caseId)).Skip(lines));
        Assert.Equal(
            (lines + 1, actor, what, nextStage, nextStatus, receipts.SingleOrDefault()?.Number ?? 0),
            (entry.Sequence, entry.Actor, entry.Event, entry.Stage, entry.Status, entry.ReceiptNumber));
    }

    [Theory, MemberData(nameof(LinesOfReviewsAlone))]
    public async Task A_line_of_reviews_alone_happens(
        CaseEvent what, Stage stage, Status status, bool declined, Stage nextStage, Status nextStatus)
    {
        var caseId = await server.BringAsync(Stage.Application, Status.Declared);
        server.Place(caseId, stage, status, CaseKind.Review, declined);
        var after = await server.DoAsync(caseId, what, stage);
        Assert.Equal((nextStage, nextStatus), (after!.Stage, after.Status));
    }

    [Fact]
    public async Task A_save_without_a_case_makes_a_draft()
    {
        var made = await server.First.DraftAsync();
        Assert.Equal((CaseKind.Assessment, Stage.Application, Status.Draft, ""), (made.Kind, made.Stage, made.Status, made.Number));
        var entry = Assert.Single(await server.First.TimelineAsync(made.CaseId));
        Assert.Equal((Actor.Authority, CaseEvent.Save, 0), (entry.Actor, entry.Event, entry.ReceiptNumber));
    }

    [Fact]
    public async Task A_submit_without_a_case_declares_one()
    {
        server.Script.Hold();
        var made = await server.First.ApplyAsync();
        Assert.Equal((CaseKind.Assessment, Stage.Application, Status.Declared), (made.Kind, made.Stage, made.Status));
        var entry = Assert.Single(await server.First.TimelineAsync(made.CaseId));
        var receipt = (await server.First.AllReceiptsAsync()).Single(it => it.CaseId == made.CaseId);
        Assert.Equal((Actor.Authority, CaseEvent.Submit, receipt.Number), (entry.Actor, entry.Event, entry.ReceiptNumber));
    }

    // No call leads to these two: Customs accepts no replies, and the delivery gives up before it reports a failure.
    private async Task<string> StandAsync(Actor actor, Stage stage, Status status)
    {
        if (status == Status.Accepted && stage is Stage.ProtocolNegotiation or Stage.CertificateNegotiation)
        {
            var replied = await server.BringAsync(stage, Status.Received);
            server.Place(replied, stage, status);
            return replied;
        }

        if (actor == Actor.Delivery && status == Status.SendFailed)
        {
            var declared = await server.BringAsync(stage, Status.Declared);
            server.Place(declared, stage, status);
            return declared;
        }

        return await server.BringAsync(stage, status);
    }

    private async Task<Case?> HappenAsync(string caseId, Actor actor, CaseEvent what, Stage stage, Stage nextStage,
        Status nextStatus)
    {
        if (actor != Actor.Delivery)
            return await server.DoAsync(caseId, what, stage);

        if (what == CaseEvent.Sent)
            server.Script.Accept();
        else
            server.Script.Refuse("线路中断");
        return await server.First.UntilAsync(caseId, nextStage, nextStatus);
    }
}
