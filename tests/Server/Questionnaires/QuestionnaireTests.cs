using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Tests.Running;
using CustomsAct = SingleWindow.Sandbox.V1.CustomsAct;
using OpenQuestionnaire = SingleWindow.Sandbox.V1.OpenQuestionnaire;
using RequireCorrection = SingleWindow.Sandbox.V1.RequireCorrection;

namespace SingleWindowBridge.Server.Tests.Questionnaires;

/// <summary>A questionnaire from its opening to its approval, over the wire.</summary>
public sealed class QuestionnaireTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    private Authority Us => server.First;

    [Fact]
    public async Task A_questionnaire_is_answered_in_pieces_corrected_and_approved()
    {
        var caseId = await OpenAsync("MEAT", "MEAT_BEEF");
        var opened = await GetAsync(caseId);
        Assert.Equal(("meat", 1, 0), (opened.Template.TemplateId, opened.Template.Version, opened.Answers.Count));
        Assert.NotNull(opened.OpenTime);

        var answers = Filling.Of(opened.Template, await Us.UploadAsync()).ToList();
        var backwards = answers.AsEnumerable().Reverse().ToList();
        await SaveAsync(caseId, [.. backwards.Take(10)]);
        await SaveAsync(caseId, [.. backwards.Skip(10)]);
        Assert.Equal(answers, (await GetAsync(caseId)).Answers);

        Assert.Equal(Status.Declared, (await SubmitAsync(caseId)).Case.Status);
        await server.DoAsync(caseId, CaseEvent.Received, Stage.Questionnaire);
        await Us.ActAsync(caseId, new CustomsAct { RequireCorrection = new RequireCorrection { Opinion = "第4部分不完整" } });
        var corrected = new Answer { QuestionId = "laboratory_methods", Text = "ISO 17025" };
        Assert.Equal(Status.Declared, (await SubmitAsync(caseId, corrected)).Case.Status);
        await server.DoAsync(caseId, CaseEvent.Received, Stage.Questionnaire);
        await server.DoAsync(caseId, CaseEvent.Approve, Stage.Questionnaire);

        var kept = await GetAsync(caseId);
        Assert.Equal(answers.Select(it => it.QuestionId == corrected.QuestionId ? corrected : it), kept.Answers);
        Assert.Equal((Stage.Questionnaire, Status.Approved), (kept.Case.Stage, kept.Case.Status));
        Assert.Single(kept.Files);
    }

    [Fact]
    public async Task A_save_puts_some_answers_over_those_before_and_takes_others_away()
    {
        var caseId = await OpenAsync("MEAT", "MEAT_BEEF");
        await SaveAsync(caseId, Text("authority_structure", "one"), Text("laboratory_methods", "two"), Text(
            "contaminant_limits", "three"));
        await Us.Questionnaires.SaveAnswersAsync(new SaveAnswersRequest
        {
            RequestId = Authority.NewId(), CaseId = caseId, Answers = { Text("contaminant_limits", "new") },
            ClearedQuestionIds = { "laboratory_methods" },
        });
        Assert.Equal(
            ["authority_structure one", "contaminant_limits new"],
            (await GetAsync(caseId)).Answers.Select(it => $"{it.QuestionId} {it.Text}"));
    }

    [Fact]
    public async Task What_is_wrong_in_a_draft_is_told_by_place_and_keeps_nothing()
    {
        var caseId = await OpenAsync("MEAT", "MEAT_BEEF");
        var refusal = await Refusal.OfAsync(Us.Questionnaires.SaveAnswersAsync(new SaveAnswersRequest
        {
            RequestId = Authority.NewId(),
            CaseId = caseId,
            Answers =
            {
                Text("authority_structure", "kept?"), new Answer { QuestionId = "authority_staff", Number = "many" },
                Text("moon_phase", "full"),
                new Answer { QuestionId = "authority_chart", FileIds = { await server.Second.UploadAsync() } },
            },
            ClearedQuestionIds = { "authority_structure", "no_such_question" },
        }));
        Assert.Equal(
            """
            answers[1].number Malformed
            answers[2].question_id UnknownValue
            answers[3].file_ids[0] FileNotFound
            cleared_question_ids[0] Duplicate
            cleared_question_ids[1] UnknownValue
            """,
            refusal.Fields);
        Assert.Empty((await GetAsync(caseId)).Answers);
    }

    [Fact]
    public async Task A_file_that_is_wrong_twice_over_is_told_once_for_each_fault()
    {
        var caseId = await OpenAsync("MEAT", "MEAT_BEEF");
        var file = await Us.UploadAsync();
        var refusal = await Refusal.OfAsync(Us.Questionnaires.SaveAnswersAsync(new SaveAnswersRequest
        {
            RequestId = Authority.NewId(), CaseId = caseId,
            Answers = { new Answer { QuestionId = "authority_chart", FileIds = { file, file } } },
        }));
        Assert.Equal("answers[0].file_ids[1] Duplicate", refusal.Fields);
    }

    [Fact]
    public async Task Very_many_files_that_there_are_not_are_a_fault_of_the_request_and_not_of_the_bridge()
    {
        var caseId = await OpenAsync("FROZEN_FRUIT", "FROZEN_FRUIT_ALL");
        var answers = Enumerable.Range(0, 2_000).Select(answer => new Answer
        {
            QuestionId = "supplementary_material", FileIds = { Enumerable.Range(0, 20).Select(file => $"{answer}-{file}") },
        });
        (await Refusal.OfAsync(() => SaveAsync(caseId, [.. answers]))).Is(StatusCode.InvalidArgument, ErrorReason.FieldInvalid);
    }

    [Fact]
    public async Task What_is_missing_at_submit_is_told_by_question()
    {
        var caseId = await OpenAsync("FROZEN_FRUIT", "FROZEN_FRUIT_ALL");
        var refusal = await Refusal.OfAsync(() => SubmitAsync(caseId));
        Assert.Equal(
            "answers[question_id=supplementary_material] Required\nanswers[question_id=supplementary_material].file_ids Required",
            refusal.Fields);
        await SaveAsync(caseId, Text("supplementary_material", "见附件"));
        refusal = await Refusal.OfAsync(() => SubmitAsync(caseId));
        Assert.Equal("answers[question_id=supplementary_material].file_ids Required", refusal.Fields);
        Assert.Equal(Status.Draft, (await Us.GetAsync(caseId)).Status);
    }

    [Fact]
    public async Task A_question_that_another_answer_shows_must_be_answered_then()
    {
        var caseId = await OpenAsync("MEAT", "MEAT_BEEF");
        var answers = Filling.Of((await GetAsync(caseId)).Template, await Us.UploadAsync()).ToList();
        answers.Single(it => it.QuestionId == "haccp_required").YesNo = true;
        await SaveAsync(caseId, [.. answers]);
        Assert.Equal("answers[question_id=haccp_verification] Required", (await Refusal.OfAsync(() => SubmitAsync(caseId))).Fields);
        Assert.Equal(Status.Declared, (await SubmitAsync(caseId, Text("haccp_verification", "yearly"))).Case.Status);
    }

    [Fact]
    public async Task Validate_only_lists_all_and_keeps_nothing()
    {
        var caseId = await OpenAsync("FROZEN_FRUIT", "FROZEN_FRUIT_ALL");
        var before = await GetAsync(caseId);
        var request = new SubmitAnswersRequest
        {
            RequestId = Authority.NewId(), CaseId = caseId, ValidateOnly = true,
            Answers = { Text("supplementary_material", "tried") },
        };
        var tried = await Us.Questionnaires.SubmitAnswersAsync(request);
        Assert.Equal("answers[question_id=supplementary_material].file_ids Required", Refusal.Describe(
            Assert.Single(tried.Problems)));
        Assert.Equal(before, await GetAsync(caseId));

        request.Answers[0].FileIds.Add(await Us.UploadAsync());
        Assert.Empty((await Us.Questionnaires.SubmitAnswersAsync(request)).Problems);
        Assert.Equal(before, await GetAsync(caseId));
    }

    [Fact]
    public async Task What_goes_to_Customs_is_the_whole_questionnaire_with_its_files()
    {
        var caseId = await OpenAsync("FROZEN_FRUIT", "FROZEN_FRUIT_ALL");
        var file = await Us.UploadAsync(SampleFiles.Png, "图.png");
        var answer = Text("supplementary_material", "见附件");
        answer.FileIds.Add(file);
        var submitted = (await SubmitAsync(caseId, answer)).Case;
        server.Script.Accept();
        await Us.UntilAsync(caseId, Stage.Questionnaire, Status.Sent);

        var sent = server.Script.Offered.Last(it => it.CaseNumber == submitted.Number);
        var content = Assert.IsType<QuestionnaireContent>(sent.Content);
        var given = Assert.Single(content.Answers);
        Assert.Equal(
            ("supplementary", 1, "supplementary_material", "见附件", "图.png", "image/png"),
            (content.TemplateId, content.TemplateVersion, given.QuestionId, given.Values.Single(), given.Files.Single().Name,
                given.Files.Single().MediaType));
    }

    [Fact]
    public async Task Customs_may_open_another_questionnaire_than_the_products_call_for()
    {
        var caseId = await OpenAsync("MEAT", "MEAT_BEEF", "supplementary");
        Assert.Equal("supplementary", (await GetAsync(caseId)).Template.TemplateId);
    }

    [Fact]
    public async Task A_questionnaire_that_there_is_not_is_not_opened()
    {
        var refusal = (await Refusal.OfAsync(() => OpenAsync("MEAT", "MEAT_BEEF", "moon"))).Is(StatusCode.NotFound,
            ErrorReason.TemplateNotFound);
        Assert.Equal("moon", refusal.Metadata["template_id"]);
    }

    [Fact]
    public async Task There_is_nothing_to_see_before_the_questionnaire_is_opened()
    {
        var caseId = await server.BringAsync(Stage.Application, Status.Approved);
        (await Refusal.OfAsync(() => GetAsync(caseId))).Is(StatusCode.FailedPrecondition, ErrorReason.StageNotReached);
    }

    [Fact]
    public async Task There_is_nothing_to_see_of_a_case_that_ended_before_its_questionnaire()
    {
        var caseId = await server.BringAsync(Stage.Application, Status.Received);
        await server.DoAsync(caseId, CaseEvent.Reject, Stage.Application);
        (await Refusal.OfAsync(() => GetAsync(caseId))).Is(StatusCode.FailedPrecondition, ErrorReason.StageNotReached);
    }

    private static Answer Text(string question, string text) => new() { QuestionId = question, Text = text };

    private async Task<string> OpenAsync(string category, string product, string template = "")
    {
        server.Script.Hold();
        var made = await Us.ApplyAsync(category, product);
        await server.DoAsync(made.CaseId, CaseEvent.Received, Stage.Application);
        await server.DoAsync(made.CaseId, CaseEvent.Approve, Stage.Application);
        await Us.ActAsync(made.CaseId, new CustomsAct { OpenQuestionnaire = new OpenQuestionnaire { TemplateId = template } });
        return made.CaseId;
    }

    private async Task<GetQuestionnaireResponse> GetAsync(string caseId) =>
        await Us.Questionnaires.GetQuestionnaireAsync(new GetQuestionnaireRequest { CaseId = caseId });

    private async Task SaveAsync(string caseId, params Answer[] answers) =>
        await Us.Questionnaires.SaveAnswersAsync(
            new SaveAnswersRequest { RequestId = Authority.NewId(), CaseId = caseId, Answers = { answers } });

    private async Task<SubmitAnswersResponse> SubmitAsync(string caseId, params Answer[] answers) =>
        await Us.Questionnaires.SubmitAnswersAsync(
            new SubmitAnswersRequest { RequestId = Authority.NewId(), CaseId = caseId, Answers = { answers } });
}
