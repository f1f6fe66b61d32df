using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Tests.Running;
using CustomsAct = SingleWindow.Sandbox.V1.CustomsAct;
using RequireRectification = SingleWindow.Sandbox.V1.RequireRectification;

namespace SingleWindowBridge.Server.Tests.Stages;

public sealed class RectificationTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    private Authority Us => server.First;

    [Fact]
    public async Task Each_round_has_its_number_its_requirements_and_its_answer()
    {
        var caseId = await server.BringAsync(Stage.Questionnaire, Status.Approved);
        var paper = new SandboxFile { Name = "要求.pdf", Content = ByteString.CopyFrom(SampleFiles.Pdf) };
        await RequireAsync(caseId, "补充监控计划", "见附件", paper);
        var asked = Assert.Single(await RoundsAsync(caseId));
        Assert.Equal((1, "补充监控计划", "见附件", null), (asked.Round, asked.Requirements, asked.Opinion, asked.Answer));
        Assert.Equal(("要求.pdf", FileOrigin.Customs), (asked.Files.Single().Name, asked.Files.Single().Origin));
        Assert.Matches("^[A-Z0-9]{18}$", asked.Number);

        var evidence = await Us.UploadAsync();
        await SaveAsync(caseId, new RectificationAnswer { Statement = "草稿" });
        Assert.Equal(("草稿", null), ((await RoundsAsync(caseId))[0].Answer.Statement, (await RoundsAsync(caseId))[0].SubmitTime));
        await SubmitAsync(caseId, new RectificationAnswer { Statement = "已整改", FileIds = { evidence } });
        await server.DoAsync(caseId, CaseEvent.Received, Stage.Assessment);
        await RequireAsync(caseId, "再提供检测数据", "");

        var rounds = await RoundsAsync(caseId);
        Assert.Equal([(2, "再提供检测数据"), (1, "补充监控计划")], rounds.Select(it => (it.Round, it.Requirements)));
        Assert.NotEqual(rounds[0].Number, rounds[1].Number);
        Assert.Equal(asked.Number, rounds[1].Number);
        Assert.Null(rounds[0].Answer);
        Assert.Equal(("已整改", evidence), (rounds[1].Answer.Statement, rounds[1].AnswerFiles.Single().FileId));
        Assert.NotNull(rounds[1].SubmitTime);

        server.Script.Accept();
        await SubmitAsync(caseId, new RectificationAnswer { Statement = "数据见附件", FileIds = { evidence } });
        await Us.UntilAsync(caseId, Stage.Assessment, Status.Sent);
        var number = (await Us.GetAsync(caseId)).Number;
        var sent = Assert.IsType<RectificationContent>(server.Script.Offered.Last(it => it.CaseNumber == number).Content);
        Assert.Equal((rounds[0].Number, 2, "数据见附件"), (sent.Number, sent.Round, sent.Statement));
    }

    [Fact]
    public async Task An_answer_needs_a_statement_and_evidence_to_be_submitted()
    {
        var caseId = await server.BringAsync(Stage.Assessment, Status.Pending);
        Assert.Equal("answer.file_ids Required\nanswer.statement Required",
            (await Refusal.OfAsync(() => SubmitAsync(caseId, null))).Fields);
        Assert.Equal(
            "answer.file_ids[0] FileNotFound\nanswer.statement TooLong",
            (await Refusal.OfAsync(() =>
                SubmitAsync(caseId, new RectificationAnswer { Statement = new string('整', 10_001), FileIds = { "x" } }))).Fields);
        Assert.Equal("answer Required", (await Refusal.OfAsync(() => SaveAsync(caseId, null))).Fields);
        await SaveAsync(caseId,
            new RectificationAnswer { Statement = new string('改', 10_000), FileIds = { await Us.UploadAsync() } });
        Assert.Equal(Status.Declared, (await SubmitAsync(caseId, null)).Status);
    }

    [Fact]
    public async Task Validate_only_keeps_nothing()
    {
        var caseId = await server.BringAsync(Stage.Assessment, Status.Pending);
        var answer = await Us.Rectifications.SubmitRectificationAsync(new SubmitRectificationRequest
        {
            RequestId = Authority.NewId(), CaseId = caseId, Answer = new RectificationAnswer { Statement = "试" },
            ValidateOnly = true,
        });
        Assert.Equal("answer.file_ids Required", Refusal.Describe(Assert.Single(answer.Problems)));
        Assert.Equal(Status.Pending, answer.Case.Status);
        Assert.Null((await RoundsAsync(caseId))[0].Answer);
    }

    [Fact]
    public async Task A_case_that_passed_without_rectification_has_no_rounds()
    {
        var caseId = await server.BringAsync(Stage.ProtocolNegotiation, Status.Pending);
        Assert.Empty(await RoundsAsync(caseId));
        var early = await server.BringAsync(Stage.Questionnaire, Status.Pending);
        (await Refusal.OfAsync(() => RoundsAsync(early))).Is(StatusCode.FailedPrecondition, ErrorReason.StageNotReached);
    }

    private async Task RequireAsync(string caseId, string requirements, string opinion, params SandboxFile[] files) =>
        await Us.ActAsync(caseId, new CustomsAct
        {
            RequireRectification = new RequireRectification { Requirements = requirements, Opinion = opinion, Files = { files } },
        });

    private async Task<IReadOnlyList<Rectification>> RoundsAsync(string caseId) =>
        (await Us.Rectifications.ListRectificationsAsync(new ListRectificationsRequest { CaseId = caseId })).Rectifications;

    private async Task SaveAsync(string caseId, RectificationAnswer? answer) =>
        await Us.Rectifications.SaveRectificationAsync(
            new SaveRectificationRequest { RequestId = Authority.NewId(), CaseId = caseId, Answer = answer });

    private async Task<Case> SubmitAsync(string caseId, RectificationAnswer? answer) =>
        (await Us.Rectifications.SubmitRectificationAsync(
            new SubmitRectificationRequest { RequestId = Authority.NewId(), CaseId = caseId, Answer = answer })).Case;
}
