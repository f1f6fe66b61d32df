using System.Text;

namespace SingleWindowBridge.Contract;

/// <summary>Cases from their first day to their last.</summary>
[Collection(OneBridge.Name)]
public sealed class JourneyTests(Bridge bridge)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly NegotiationReply Agreed = new() { Text = new NegotiationText { En = "Agreed." } };
    private static readonly SeedCase Vegetables = new(Stage.Questionnaire);

    private SingleWindowClient Client => bridge.Client;

    [SandboxFact]
    public async Task A_case_goes_from_the_application_to_the_certificate_over_every_obstacle()
    {
        var filed = await FileAsync("one_rectification");
        var ended = await SeeThroughAsync(filed);
        Assert.Equal((Stage.Completed, Status.Approved), (ended.Case.Stage, ended.Case.Status));
        foreach (var file in ended.ProtocolFiles.Concat(ended.CertificateFiles))
        {
            var content = new MemoryStream();
            await Client.Files.DownloadAsync(file.Id, content);
            Assert.StartsWith("%PDF-", Encoding.Latin1.GetString(content.ToArray()), StringComparison.Ordinal);
        }

        Assert.NotEmpty(ended.ProtocolFiles);
        Assert.NotEmpty(ended.CertificateFiles);
        var timeline = await filed.TimelineAsync().ToListAsync();
        Assert.Equal(Enumerable.Range(1, timeline.Count), timeline.Select(entry => entry.Sequence));
        Stage[] way =
        [
            Stage.Application, Stage.Questionnaire, Stage.Assessment, Stage.ProtocolNegotiation, Stage.ProtocolSigning, Stage.Announcement,
            Stage.CertificateNegotiation, Stage.CertificateConfirmation, Stage.Completed,
        ];
        Assert.Equal(way, timeline.Select(entry => entry.Stage).Distinct());

        var review = await Client.Sandbox.StartReviewAsync(new ReviewStart(Vegetables.Category));
        Assert.Equal((CaseKind.Review, Stage.Reception, Status.Pending), (review.Case.Kind, review.Case.Stage, review.Case.Status));
        await review.Handle.DeclineReviewAsync(bridge.Form.Contact!);
        Assert.Equal(Status.Rejected, (await review.Handle.WaitForAsync(it => it.HasEnded, Patience)).Status);
    }

    [SandboxFact]
    public async Task A_case_that_is_rejected_says_why()
    {
        var ended = await SeeThroughAsync(await FileAsync("application_rejected"));
        Assert.Equal(Status.Rejected, ended.Case.Status);
        Assert.NotEmpty(Assert.Single(ended.Opinions, opinion => opinion.Event == CaseEvent.Reject).Text);
    }

    [SandboxFact]
    public async Task An_application_that_must_be_amended_keeps_its_number()
    {
        var filed = await FileAsync("application_correction");
        var asked = await filed.WaitForAnswerAsync(Patience);
        Assert.Equal((Stage.Application, Status.CorrectionRequired), (asked.Stage, asked.Status));
        Assert.NotNull(asked.Opinion);
        var again = await filed.SubmitApplicationAsync();
        Assert.Equal(asked.Number, again.Case.Number);
        await filed.WaitForAsync(Stage.Questionnaire, Status.Pending, Patience);
    }

    [SandboxFact]
    public async Task Answers_are_kept_question_by_question()
    {
        var handle = Client.Case((await Client.SeedCaseAsync(Vegetables)).Id);
        var missing = await handle.ValidateAnswersAsync([]);
        await handle.SaveAnswersAsync([Answer.OfText("supplementary_material", "见附件", (await bridge.UploadAsync()).Id)]);
        var questionnaire = await handle.GetQuestionnaireAsync();
        Assert.Equal(new AnswerValue.Text("见附件"), questionnaire.AnswerTo("supplementary_material")!.Value);
        Assert.Single(questionnaire.Files);
        Assert.NotEmpty(questionnaire.Template.Questions);
        Assert.Empty((await handle.ValidateAnswersAsync()).Problems);
        await Assert.ThrowsAsync<ValidationException>(() => handle.SaveAnswersAsync([Answer.OfText("no_such_question", "?")]));
        Assert.Equal(Status.Declared, (await handle.SubmitAnswersAsync()).Case.Status);
        Assert.All(missing.Problems, problem => Assert.NotEmpty(problem.Message.Zh));
    }

    [SandboxFact]
    public async Task A_rectification_is_answered_by_a_statement()
    {
        var handle = Client.Case((await Client.SeedCaseAsync(Vegetables with { Stage = Stage.Assessment })).Id);
        var round = Assert.Single((await handle.ListRectificationsAsync()).Rounds);
        Assert.NotEmpty(round.Requirements);
        var answer = new RectificationAnswer { Statement = "已整改", FileIds = [(await bridge.UploadAsync()).Id] };
        Assert.Equal(Status.Draft, (await handle.SaveRectificationAsync(answer)).Case.Status);
        Assert.Equal(Status.Declared, (await handle.SubmitRectificationAsync()).Case.Status);
        round = Assert.Single((await handle.ListRectificationsAsync()).Rounds);
        Assert.Equal(("已整改", 1), (round.Answer!.Statement, round.AnswerFiles.Count));
    }

    [SandboxFact]
    public async Task A_negotiation_keeps_both_sides_texts()
    {
        var handle = Client.Case((await Client.SeedCaseAsync(Vegetables with { Stage = Stage.CertificateNegotiation })).Id);
        await handle.SaveReplyAsync(NegotiationTopic.Certificate, Agreed);
        Assert.Equal(Agreed.Text, (await handle.GetNegotiationAsync(NegotiationTopic.Certificate)).Draft!.Text);
        await handle.SubmitReplyAsync(NegotiationTopic.Certificate);
        var entries = (await handle.GetNegotiationAsync(NegotiationTopic.Certificate)).Entries;
        Assert.Equal([NegotiationParty.Authority, NegotiationParty.Customs], entries.Select(entry => entry.Party));
        Assert.Equal(Agreed.Text, entries[0].Text);
    }

    // Applies, with a scenario of the case's own.
    private async Task<CaseHandle> FileAsync(string scenario)
    {
        var form = bridge.Form with { Category = Vegetables.Category, Products = Vegetables.Products };
        var draft = await Client.Applications.SaveAsync(form);
        await Client.Sandbox.SetScenarioAsync(scenario, draft.Case.Id, TimeSpan.Zero);
        return (await draft.Handle.SubmitApplicationAsync()).Handle;
    }

    // Answers whatever is asked.
    private async Task<CaseDetails> SeeThroughAsync(CaseHandle handle)
    {
        while (true)
        {
            var at = await handle.WaitForAsync(it => it.HasEnded || it.Allows(CaseEvent.Submit), Patience);
            if (at.HasEnded)
                return await handle.GetAsync();
            await (at.Stage switch
            {
                Stage.Questionnaire => handle.SubmitAnswersAsync([Answer.OfText("supplementary_material", "见附件", (await bridge.UploadAsync()).Id)]),
                Stage.Assessment => handle.SubmitRectificationAsync(
                    new RectificationAnswer { Statement = "已整改 Done.", FileIds = [(await bridge.UploadAsync()).Id] }),
                Stage.ProtocolNegotiation => handle.SubmitReplyAsync(NegotiationTopic.Protocol, Agreed),
                _ => handle.SubmitReplyAsync(NegotiationTopic.Certificate, Agreed),
            });
        }
    }
}
