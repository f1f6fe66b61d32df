using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Tests.Running;
using CustomsAct = SingleWindow.Sandbox.V1.CustomsAct;
using NegotiationTopic = SingleWindow.Bridge.V1.NegotiationTopic;
using OpenRound = SingleWindow.Sandbox.V1.OpenRound;
using Party = SingleWindow.Bridge.V1.NegotiationParty;
using State = SingleWindow.Bridge.V1.EntryState;

namespace SingleWindowBridge.Server.Tests.Stages;

public sealed class NegotiationTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    private Authority Us => server.First;

    [Theory]
    [InlineData(NegotiationTopic.Protocol, Stage.ProtocolNegotiation)]
    [InlineData(NegotiationTopic.Certificate, Stage.CertificateNegotiation)]
    public async Task The_history_shows_who_is_to_act_at_each_step(NegotiationTopic topic, Stage stage)
    {
        var caseId = await EnterAsync(stage);
        await OpenAsync(caseId, "第一稿");
        await HistoryAsync(caseId, topic, (1, Party.Customs, "第一稿", State.Open));
        await SaveAsync(caseId, topic, "our draft");
        await HistoryAsync(caseId, topic, (1, Party.Customs, "第一稿", State.Open));
        await SubmitAsync(caseId, topic, "our reply");
        await HistoryAsync(caseId, topic, (1, Party.Authority, "our reply", State.Open),
            (1, Party.Customs, "第一稿", State.Processed));

        // Customs could not take it in: the reply is made again, in the same round.
        await server.DoAsync(caseId, CaseEvent.ReceiveFailed, stage);
        await SubmitAsync(caseId, topic, "our better reply");
        await HistoryAsync(caseId, topic, (1, Party.Authority, "our better reply", State.Open),
            (1, Party.Customs, "第一稿", State.Processed));

        // The same reply goes again where none is given.
        await server.DoAsync(caseId, CaseEvent.ReceiveFailed, stage);
        await Us.Negotiations.SubmitReplyAsync(new SubmitReplyRequest { RequestId = Authority.NewId(), CaseId = caseId, Topic = topic });
        await HistoryAsync(caseId, topic, (1, Party.Authority, "our better reply", State.Open),
            (1, Party.Customs, "第一稿", State.Processed));

        await server.DoAsync(caseId, CaseEvent.Received, stage);
        await OpenAsync(caseId, "第二稿");
        await HistoryAsync(
            caseId, topic,
            (2, Party.Customs, "第二稿", State.Open), (1, Party.Authority, "our better reply", State.Processed),
            (1, Party.Customs, "第一稿", State.Processed));
        await SubmitAsync(caseId, topic, "agreed");
        await server.DoAsync(caseId, CaseEvent.Received, stage);
        await server.DoAsync(caseId, CaseEvent.CompleteNegotiation, stage);
        await HistoryAsync(
            caseId, topic,
            (2, Party.Authority, "agreed", State.Processed), (2, Party.Customs, "第二稿", State.Processed),
            (1, Party.Authority, "our better reply", State.Processed), (1, Party.Customs, "第一稿", State.Processed));
    }

    [Fact]
    public async Task Texts_and_files_of_both_sides_are_kept_and_sent()
    {
        var caseId = await EnterAsync(Stage.ProtocolNegotiation);
        await Us.ActAsync(caseId, new CustomsAct
        {
            OpenRound = new OpenRound
            {
                Text = new NegotiationText { Zh = "草案", En = "Draft", Other = "Borrador" },
                Files = { new SandboxFile { Name = "draft.pdf", Content = ByteString.CopyFrom(SampleFiles.Pdf) } },
                Opinion = "请于30日内回复",
            },
        });
        var reply = new NegotiationReply
        {
            Text = new NegotiationText { Zh = "同意", En = "Agreed", Other = "De acuerdo" },
            FileIds = { await Us.UploadAsync(SampleFiles.Jpeg, "p1.jpg") },
        };
        server.Script.Accept();
        await Us.Negotiations.SubmitReplyAsync(new SubmitReplyRequest
        {
            RequestId = Authority.NewId(), CaseId = caseId, Topic = NegotiationTopic.Protocol, Reply = reply,
        });
        await Us.UntilAsync(caseId, Stage.ProtocolNegotiation, Status.Sent);

        var entries = (await GetAsync(caseId, NegotiationTopic.Protocol)).Entries;
        Assert.Equal((reply.Text, "p1.jpg"), (entries[0].Text, entries[0].Files.Single().Name));
        Assert.Equal(("Borrador", "draft.pdf"), (entries[1].Text.Other, entries[1].Files.Single().Name));
        Assert.True(entries[0].Time >= entries[1].Time);
        Assert.Equal("请于30日内回复", (await Us.GetAsync(caseId)).Opinion.Text);
        var sent = Assert.IsType<NegotiationContent>(server.Script.Offered.Last().Content);
        Assert.Equal((1, new TrilingualText("同意", "Agreed", "De acuerdo"), "p1.jpg"),
            (sent.Round, sent.Text, sent.Files.Single().Name));
    }

    [Fact]
    public async Task A_draft_is_kept_until_it_is_submitted()
    {
        var caseId = await server.BringAsync(Stage.ProtocolNegotiation, Status.Pending);
        Assert.Null((await GetAsync(caseId, NegotiationTopic.Protocol)).Draft);
        var file = await Us.UploadAsync();
        var draft = new NegotiationReply { Text = new NegotiationText { Other = "Borrador" }, FileIds = { file } };
        await Us.Negotiations.SaveReplyAsync(new SaveReplyRequest
        {
            RequestId = Authority.NewId(), CaseId = caseId, Topic = NegotiationTopic.Protocol, Reply = draft,
        });
        var kept = await GetAsync(caseId, NegotiationTopic.Protocol);
        Assert.Equal((draft, file), (kept.Draft, kept.DraftFiles.Single().FileId));

        await Us.Negotiations.SubmitReplyAsync(new SubmitReplyRequest
        {
            RequestId = Authority.NewId(), CaseId = caseId, Topic = NegotiationTopic.Protocol,
        });
        kept = await GetAsync(caseId, NegotiationTopic.Protocol);
        Assert.Equal((null, "Borrador"), (kept.Draft, kept.Entries[0].Text.Other));
    }

    [Fact]
    public async Task A_reply_needs_a_text_in_some_language()
    {
        var caseId = await server.BringAsync(Stage.ProtocolNegotiation, Status.Pending);
        var request = new SubmitReplyRequest { RequestId = Authority.NewId(), CaseId = caseId, Topic = NegotiationTopic.Protocol };
        Assert.Equal("reply.text Required", (await Refusal.OfAsync(Us.Negotiations.SubmitReplyAsync(request))).Fields);
        request.Reply = new NegotiationReply
        {
            Text = new NegotiationText { Zh = " ", En = new string('e', 10_001) },
            FileIds = { "x" }
        };
        Assert.Equal(
            "reply.file_ids[0] FileNotFound\nreply.text.en TooLong",
                (await Refusal.OfAsync(Us.Negotiations.SubmitReplyAsync(request))).Fields);
        request.ValidateOnly = true;
        Assert.Equal(2, (await Us.Negotiations.SubmitReplyAsync(request)).Problems.Count);
        Assert.Equal(Status.Pending, (await Us.GetAsync(caseId)).Status);
    }

    [Fact]
    public async Task Signatories_are_sent_as_often_as_they_change_and_move_nothing()
    {
        var caseId = await server.BringAsync(Stage.CertificateNegotiation, Status.Approved);
        Assert.Null((await Us.Negotiations.GetSignatoriesAsync(new GetSignatoriesRequest { CaseId = caseId })).Signatories);
        server.Script.Accept();
        var file = await Us.UploadAsync(SampleFiles.Png, "specimen.png");
        var list = Attempt.Officers(file);
        await SubmitSignatoriesAsync(caseId, list);
        list.Officers.Add(new SigningOfficer { Name = "B. Croes", Position = "Chief", SpecimenSignatureFileId = file });
        var after = await SubmitSignatoriesAsync(caseId, list);
        Assert.Equal((Stage.CertificateNegotiation, Status.Approved), (after.Stage, after.Status));

        var kept = await Us.Negotiations.GetSignatoriesAsync(new GetSignatoriesRequest { CaseId = caseId });
        Assert.Equal((list, "specimen.png"), (kept.Signatories, kept.Files.Single().Name));
        await Wait.ForAsync(
            () => Task.FromResult(Sent(after.Number)), sent => sent.Count == 2, sent => $"{sent.Count} lists at Customs");
        Assert.Equal(["A. Maduro", "B. Croes"], Sent(after.Number)[1].Officers.Select(it => it.Name));
        Assert.Equal(2, (await Us.AllReceiptsAsync()).Count(it => it.CaseId == caseId && it.Event == CaseEvent.SubmitSignatories));
    }

    [Fact]
    public async Task A_list_of_signatories_that_cannot_be_handed_over_is_tried_until_it_can()
    {
        var caseId = await server.BringAsync(Stage.CertificateNegotiation, Status.Approved);
        var number = (await Us.GetAsync(caseId)).Number;
        server.Script.Refuse("线路中断");
        await SubmitSignatoriesAsync(caseId, Attempt.Officers(await Us.UploadAsync()));
        await Wait.ForAsync(() => Task.FromResult(Sent(number)), sent => sent.Count >= 3, sent => $"{sent.Count} attempts");
        Assert.Equal((Stage.CertificateNegotiation, Status.Approved),
            ((await Us.GetAsync(caseId)).Stage, (await Us.GetAsync(caseId)).Status));
        server.Script.Accept();
        await Wait.ForAsync(() => server.OutboxStatesAsync(caseId), states => states.All(state => state == 1));
    }

    [Fact]
    public async Task Everything_wrong_with_a_list_of_signatories_is_told_at_once()
    {
        var caseId = await server.BringAsync(Stage.CertificateNegotiation, Status.Approved);
        var list = new Signatories
        {
            Officers = { new SigningOfficer(),
                new SigningOfficer { Name = new string('n', 101), Position = "p", SpecimenSignatureFileId = "x" } },
        };
        Assert.Equal(
            """
            signatories.officers[0].name Required
            signatories.officers[0].position Required
            signatories.officers[0].specimen_signature_file_id Required
            signatories.officers[1].name TooLong
            signatories.officers[1].specimen_signature_file_id FileNotFound
            signatories.seal_file_ids Required
            """,
            (await Refusal.OfAsync(() => SubmitSignatoriesAsync(caseId, list))).Fields);
        Assert.Equal(
            "signatories.officers Required\nsignatories.seal_file_ids Required",
            (await Refusal.OfAsync(() => SubmitSignatoriesAsync(caseId, null))).Fields);
    }

    [Fact]
    public async Task There_is_nothing_to_see_before_the_stage()
    {
        var caseId = await server.BringAsync(Stage.ProtocolNegotiation, Status.Pending);
        (await Refusal.OfAsync(() => GetAsync(caseId, NegotiationTopic.Certificate))).Is(StatusCode.FailedPrecondition,
            ErrorReason.StageNotReached);
        (await Refusal.OfAsync(Us.Negotiations.GetSignatoriesAsync(new GetSignatoriesRequest { CaseId = caseId })))
            .Is(StatusCode.FailedPrecondition, ErrorReason.StageNotReached);
    }

    private List<SignatoriesContent> Sent(string number) =>
        [.. server.Script.Offered.Where(it => it.CaseNumber == number).Select(it => it.Content).OfType<SignatoriesContent>()];

    private Task<string> EnterAsync(Stage stage) => stage == Stage.ProtocolNegotiation
        ? server.BringAsync(Stage.Assessment, Status.Approved)
        : server.BringAsync(Stage.Announcement, Status.Approved);

    private async Task OpenAsync(string caseId, string text) =>
        await Us.ActAsync(caseId, new CustomsAct { OpenRound = new OpenRound { Text = new NegotiationText { Zh = text } } });

    private async Task SaveAsync(string caseId, NegotiationTopic topic, string text) =>
        await Us.Negotiations.SaveReplyAsync(
            new SaveReplyRequest { RequestId = Authority.NewId(), CaseId = caseId, Topic = topic, Reply = Reply(text) });

    private async Task SubmitAsync(string caseId, NegotiationTopic topic, string text) =>
        await Us.Negotiations.SubmitReplyAsync(
            new SubmitReplyRequest { RequestId = Authority.NewId(), CaseId = caseId, Topic = topic, Reply = Reply(text) });

    private async Task<Case> SubmitSignatoriesAsync(string caseId, Signatories? list) =>
        (await Us.Negotiations.SubmitSignatoriesAsync(
            new SubmitSignatoriesRequest { RequestId = Authority.NewId(), CaseId = caseId, Signatories = list })).Case;

    private async Task<GetNegotiationResponse> GetAsync(string caseId, NegotiationTopic topic) =>
        await Us.Negotiations.GetNegotiationAsync(new GetNegotiationRequest { CaseId = caseId, Topic = topic });

    private async Task HistoryAsync(string caseId, NegotiationTopic topic, params (int, Party, string, State)[] entries) =>
        Assert.Equal(entries, (await GetAsync(caseId, topic)).Entries.Select(
            it => (it.Round, it.Party, it.Text.Zh + it.Text.En, it.State)));

    private static NegotiationReply Reply(string text) => new() { Text = new NegotiationText { En = text } };
}
