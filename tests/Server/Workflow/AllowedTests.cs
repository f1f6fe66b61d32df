using SingleWindow.Bridge.V1;
using SingleWindow.Tests.Workflow;
using SingleWindowBridge.Server.Tests.Running;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Workflow;

/// <summary>Every line of the table, from every place that it names.</summary>
public sealed class AllowedTests : IClassFixture<ScriptedServer>
{
    private static readonly Stage[] StagesWithSubmissions =
    [
        Stage.Application, Stage.Reception, Stage.Questionnaire, Stage.Assessment, Stage.ProtocolNegotiation,
        Stage.CertificateNegotiation,
    ];

    private readonly ScriptedServer server;

    public AllowedTests(ScriptedServer server, ITestOutputHelper output)
    {
        this.server = server;
        server.Output = output;
    }

    public static TheoryData<CaseKind, Actor, CaseEvent, Stage, Status, bool, Stage, Status> Lines()
    {
        var data = new TheoryData<CaseKind, Actor, CaseEvent, Stage, Status, bool, Stage, Status>();
        foreach (var line in ExpectedTable.All.Where(it => it.Stage != Stage.Unspecified))
        {
            foreach (var stage in line.Stage is { } only ? [only] : StagesWithSubmissions.Where(it => IsReached(line.Kind, it)))
            {
                foreach (var declined in Answers(line, stage))
                {
                    data.Add(line.Kind, line.Actor, line.Event, stage, line.Status, declined, line.NextStage ?? stage,
                        line.NextStatus ?? line.Status);
                }
            }
        }

        return data;
    }

    [Theory, MemberData(nameof(Lines))]
    public async Task A_line_of_the_table_happens(
        CaseKind kind, Actor actor, CaseEvent what, Stage stage, Status status, bool declined, Stage nextStage, Status nextStatus)
    {
        var caseId = await StandAsync(kind, actor, stage, status, declined);
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

        Assert.Equal((kind, nextStage, nextStatus), (after!.Kind, after.Stage, after.Status));
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
                (kind, actor, what, nextStage, nextStatus, after.Etag, after.Number),
                (receipt.Kind, receipt.Actor, receipt.Event, receipt.Stage, receipt.Status, receipt.Etag, receipt.CaseNumber));
        }

        var entry = Assert.Single((await server.First.TimelineAsync(caseId)).Skip(lines));
        Assert.Equal(
            (lines + 1, actor, what, nextStage, nextStatus, receipts.SingleOrDefault()?.Number ?? 0),
            (entry.Sequence, entry.Actor, entry.Event, entry.Stage, entry.Status, entry.ReceiptNumber));
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

    [Fact]
    public async Task The_start_of_a_review_without_a_case_makes_one()
    {
        var made = await server.NewAsync(CaseKind.Review);
        Assert.Equal((CaseKind.Review, Stage.Reception, Status.Pending), (made.Kind, made.Stage, made.Status));
        var entry = Assert.Single(await server.First.TimelineAsync(made.CaseId));
        var receipt = (await server.First.AllReceiptsAsync()).Single(it => it.CaseId == made.CaseId);
        Assert.Equal((Actor.Customs, CaseEvent.StartReview, receipt.Number), (entry.Actor, entry.Event, entry.ReceiptNumber));
        Assert.Equal((CaseKind.Review, made.Number, made.Etag), (receipt.Kind, receipt.CaseNumber, receipt.Etag));
    }

    private static bool IsReached(CaseKind kind, Stage stage) =>
        stage != (kind == CaseKind.Review ? Stage.Application : Stage.Reception);

    // Where nothing is said of a review's answer, both answers count, as far as there is one.
    private static bool[] Answers(ExpectedTable.Line line, Stage stage) => line switch
    {
        { Condition: "declined" } => [true],
        { Kind: CaseKind.Review, Condition: "", Status: not Status.Pending } when stage == Stage.Reception
            && line.Event != CaseEvent.Received => [false, true],
        _ => [false],
    };

    // No call leads to these: a review in the stage of applications, Customs accepts no replies, and the delivery gives up before
    // it reports a failure.
    private async Task<string> StandAsync(CaseKind kind, Actor actor, Stage stage, Status status, bool declined)
    {
        if (!IsReached(kind, stage))
        {
            var made = await server.NewAsync(kind);
            server.Place(made.CaseId, stage, status, kind);
            return made.CaseId;
        }

        if (status == Status.Accepted && stage is Stage.ProtocolNegotiation or Stage.CertificateNegotiation)
        {
            var replied = await server.BringAsync(stage, Status.Received, kind);
            server.Place(replied, stage, status, kind);
            return replied;
        }

        if (actor == Actor.Delivery && status == Status.SendFailed)
        {
            var declared = await server.BringAsync(stage, Status.Declared, kind, declined);
            server.Place(declared, stage, status, kind, declined);
            return declared;
        }

        return await server.BringAsync(stage, status, kind, declined);
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
