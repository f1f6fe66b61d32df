using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Cases;

/// <summary>A case's timeline, its opinions, and the failures that it shows.</summary>
public sealed class HistoryTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    private Authority Us => server.First;

    [Fact]
    public async Task The_timeline_tells_everything_once_in_order()
    {
        var caseId = await server.BringAsync(Stage.Questionnaire, Status.Draft);
        Assert.Equal(
            [
                (1, Actor.Authority, CaseEvent.Save, Stage.Application, Status.Draft),
                (2, Actor.Authority, CaseEvent.Submit, Stage.Application, Status.Declared),
                (3, Actor.Customs, CaseEvent.Received, Stage.Application, Status.Received),
                (4, Actor.Customs, CaseEvent.Approve, Stage.Application, Status.Approved),
                (5, Actor.Customs, CaseEvent.OpenQuestionnaire, Stage.Questionnaire, Status.Pending),
                (6, Actor.Authority, CaseEvent.Save, Stage.Questionnaire, Status.Draft),
            ],
            (await Us.TimelineAsync(caseId)).Select(it => (it.Sequence, it.Actor, it.Event, it.Stage, it.Status)));
    }

    [Fact]
    public async Task The_timeline_comes_in_pages()
    {
        var caseId = await server.BringAsync(Stage.Questionnaire, Status.Pending);
        var whole = await Us.TimelineAsync(caseId);
        var paged = new List<TimelineEntry>();
        var request = new ListTimelineRequest { CaseId = caseId, PageSize = 2 };
        do
        {
            var page = await Us.Cases.ListTimelineAsync(request);
            paged.AddRange(page.Entries);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        Assert.Equal(whole, paged);
        Assert.Equal("page_size OutOfRange", (await Refusal.OfAsync(Us.Cases.ListTimelineAsync(
            new ListTimelineRequest { CaseId = caseId, PageSize = 501 }))).Fields);
    }

    [Fact]
    public async Task A_token_of_another_cases_timeline_is_refused_and_one_by_number_is_not()
    {
        var one = await Us.GetAsync(await server.BringAsync(Stage.Questionnaire, Status.Pending));
        var other = await server.BringAsync(Stage.Questionnaire, Status.Pending);
        var token = (await Us.Cases.ListTimelineAsync(new ListTimelineRequest { CaseId = one.CaseId, PageSize = 1 })).NextPageToken;
        (await Refusal.OfAsync(Us.Cases.ListTimelineAsync(new ListTimelineRequest { CaseId = other, PageToken = token })))
            .Is(StatusCode.InvalidArgument, ErrorReason.PageTokenInvalid);
        var next = await Us.Cases.ListTimelineAsync(new ListTimelineRequest { CaseId = one.Number, PageToken = token });
        Assert.Equal(2, next.Entries[0].Sequence);
    }

    [Fact]
    public async Task Every_opinion_stays_readable_by_its_stage()
    {
        var caseId = await server.BringAsync(Stage.Application, Status.Received);
        await Us.ActAsync(caseId, new CustomsAct { RequireCorrection = new RequireCorrection { Opinion = "缺少签字" } });
        await server.DoAsync(caseId, CaseEvent.Submit, Stage.Application);
        await Us.ActAsync(caseId, new CustomsAct { Received = new Received() });
        await Us.ActAsync(caseId, new CustomsAct { Approve = new Approve { Opinion = "审核通过" } });
        await Us.ActAsync(caseId, new CustomsAct { OpenQuestionnaire = new OpenQuestionnaire() });
        Assert.Null((await Us.GetAsync(caseId)).Opinion);
        await server.DoAsync(caseId, CaseEvent.Submit, Stage.Questionnaire);
        await Us.ActAsync(caseId, new CustomsAct { Received = new Received() });
        await Us.ActAsync(caseId, new CustomsAct { Reject = new Reject { Opinion = "体系不符" } });

        var whole = await Us.Cases.GetCaseAsync(new GetCaseRequest { CaseId = caseId });
        Assert.Equal(
            [
                (Stage.Application, CaseEvent.RequireCorrection, "缺少签字"),
                (Stage.Application, CaseEvent.Approve, "审核通过"),
                (Stage.Questionnaire, CaseEvent.Reject, "体系不符"),
            ],
            whole.Opinions.Select(it => (it.Stage, it.Event, it.Text)));
        Assert.Equal((Stage.Completed, Status.Rejected, "体系不符"), (whole.Case.Stage, whole.Case.Status, whole.Case.Opinion.Text));
        Assert.Equal(["缺少签字", "审核通过", "体系不符"], (await Us.TimelineAsync(caseId)).Select(it => it.Opinion).Where(
            it => it.Length > 0));
    }

    [Theory]
    [InlineData(CaseEvent.NotAccept)]
    [InlineData(CaseEvent.RequireCorrection)]
    [InlineData(CaseEvent.Reject)]
    public async Task An_opinion_is_required_where_Customs_says_no(CaseEvent what)
    {
        var caseId = await server.BringAsync(Stage.Application, Status.Received);
        var act = what switch
        {
            CaseEvent.NotAccept => new CustomsAct { NotAccept = new NotAccept { Opinion = " " } },
            CaseEvent.RequireCorrection => new CustomsAct { RequireCorrection = new RequireCorrection() },
            _ => new CustomsAct { Reject = new Reject() },
        };
        var refusal = await Refusal.OfAsync(() => Us.ActAsync(caseId, act));
        refusal.Is(StatusCode.InvalidArgument, ErrorReason.FieldInvalid);
        Assert.EndsWith(".opinion Required", refusal.Fields, StringComparison.Ordinal);
        Assert.Equal(Status.Received, (await Us.GetAsync(caseId)).Status);
    }

    [Fact]
    public async Task A_failure_shows_its_reason_until_the_case_goes_on()
    {
        var failed = await server.BringAsync(Stage.Application, Status.SendFailed);
        Assert.Equal("线路中断", (await Us.GetAsync(failed)).FailureReason);
        Assert.Equal("线路中断", (await Us.TimelineAsync(failed))[^1].FailureReason);
        Assert.Equal("", (await server.DoAsync(failed, CaseEvent.Redeliver, Stage.Application))!.FailureReason);

        var notTaken = await server.BringAsync(Stage.Application, Status.ReceiveFailed);
        Assert.Equal("附件损坏", (await Us.GetAsync(notTaken)).FailureReason);
        Assert.Equal("", (await server.DoAsync(notTaken, CaseEvent.Submit, Stage.Application))!.FailureReason);
    }

    [Fact]
    public async Task Protocol_and_certificate_can_be_downloaded_once_they_came()
    {
        var caseId = await server.BringAsync(Stage.ProtocolNegotiation, Status.Approved);
        Assert.Empty((await Us.Cases.GetCaseAsync(new GetCaseRequest { CaseId = caseId })).ProtocolFiles);
        var signed = new SandboxFile { Name = "议定书.pdf", Content = Google.Protobuf.ByteString.CopyFrom(SampleFiles.PdfOf(70_000)) };
        await Us.ActAsync(caseId, new CustomsAct { PublishProtocol = new PublishProtocol { Files = { signed } } });

        var file = Assert.Single((await Us.Cases.GetCaseAsync(new GetCaseRequest { CaseId = caseId })).ProtocolFiles);
        Assert.Equal(("议定书.pdf", FileOrigin.Customs, 70_000), (file.Name, file.Origin, file.SizeBytes));
        Assert.Equal(file, Assert.Single((await Us.AllReceiptsAsync()).Last(it => it.CaseId == caseId).Files));
        using var call = Us.Files.DownloadFile(new DownloadFileRequest { FileId = file.FileId });
        Assert.Equal(signed.Content, await Downloads.ReadAsync(call, file));

        // A specimen is made where no file is given.
        var confirmed = await server.BringAsync(Stage.CertificateConfirmation, Status.Approved);
        Assert.EndsWith(".pdf", Assert.Single(
            (await Us.Cases.GetCaseAsync(new GetCaseRequest { CaseId = confirmed })).CertificateFiles).Name,
                StringComparison.Ordinal);
    }
}
