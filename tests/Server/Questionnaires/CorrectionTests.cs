using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Questionnaires;

/// <summary>A correction of a questionnaire in which Customs marks questions.</summary>
public sealed class CorrectionTests(ScriptedServer server) : IClassFixture<ScriptedServer>
{
    private Authority Us => server.First;

    [Fact]
    public async Task The_questions_marked_are_told_in_their_order_and_what_is_no_question_apart()
    {
        var caseId = await server.BringAsync(Stage.Questionnaire, Status.Accepted);
        Assert.Null((await GetAsync(caseId)).Correction);

        await MarkAsync(caseId, "不完整 incomplete", "moon_phase", "supplementary_material");
        var told = await GetAsync(caseId);
        Assert.Equal("不完整 incomplete", told.Correction.Opinion);
        Assert.Equal(told.Case.UpdateTime, told.Correction.Time);
        Assert.Equal(["supplementary_material"], told.Correction.QuestionIds);
        Assert.Equal(["moon_phase"], told.Correction.UnknownQuestionIds);

        var receipt = (await Us.AllReceiptsAsync())[^1];
        Assert.Equal((CaseEvent.RequireCorrection, "不完整 incomplete"), (receipt.Event, receipt.Opinion));
        Assert.Equal(["moon_phase", "supplementary_material"], receipt.QuestionIds);
    }

    [Fact]
    public async Task Marks_stand_until_Customs_has_the_next_submission()
    {
        var caseId = await server.BringAsync(Stage.Questionnaire, Status.Accepted);
        await MarkAsync(caseId, "更正", "supplementary_material");
        foreach (var what in new[] { CaseEvent.Save, CaseEvent.Submit, CaseEvent.ReceiveFailed, CaseEvent.Submit })
        {
            await server.DoAsync(caseId, what, Stage.Questionnaire);
            Assert.Equal(["supplementary_material"], (await GetAsync(caseId)).Correction.QuestionIds);
        }

        await server.DoAsync(caseId, CaseEvent.Received, Stage.Questionnaire);
        Assert.Null((await GetAsync(caseId)).Correction);
    }

    [Fact]
    public async Task A_correction_takes_the_place_of_the_one_before()
    {
        var caseId = await server.BringAsync(Stage.Questionnaire, Status.Accepted);
        await MarkAsync(caseId, "一", "supplementary_material");
        await server.DoAsync(caseId, CaseEvent.Submit, Stage.Questionnaire);
        await server.DoAsync(caseId, CaseEvent.Received, Stage.Questionnaire);
        await MarkAsync(caseId, "二");
        var correction = (await GetAsync(caseId)).Correction;
        Assert.Equal(("二", 0), (correction.Opinion, correction.QuestionIds.Count));
    }

    [Fact]
    public async Task What_Customs_names_in_another_stage_is_passed_on_and_marks_nothing()
    {
        var caseId = await server.BringAsync(Stage.Application, Status.Accepted);
        await MarkAsync(caseId, "更正", "summary");
        Assert.Equal(["summary"], (await Us.AllReceiptsAsync())[^1].QuestionIds);
    }

    [Fact]
    public async Task More_marks_than_any_questionnaire_has_questions_are_refused()
    {
        var caseId = await server.BringAsync(Stage.Questionnaire, Status.Accepted);
        var refusal = await Refusal.OfAsync(() => MarkAsync(caseId, "更正", [.. Enumerable.Repeat("x", 1_001)]));
        Assert.Equal("act.require_correction.question_ids TooMany", refusal.Fields);
    }

    private Task<Case> MarkAsync(string caseId, string opinion, params string[] questions) => Us.ActAsync(
        caseId, new CustomsAct { RequireCorrection = new RequireCorrection { Opinion = opinion, QuestionIds = { questions } } });

    private async Task<GetQuestionnaireResponse> GetAsync(string caseId) =>
        await Us.Questionnaires.GetQuestionnaireAsync(new GetQuestionnaireRequest { CaseId = caseId });
}
