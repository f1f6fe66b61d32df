using Google.Protobuf.Collections;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Questionnaires;

public sealed partial class QuestionnaireEndpoints
{
    /// <inheritdoc/>
    public override Task<SaveAnswersResponse> SaveAnswers(SaveAnswersRequest request, ServerCallContext context)
    {
        Questionnaire.Normalise(request.Answers);
        return writer.ChangeAsync(
            context.Account(), request, Stage.Questionnaire, CaseEvent.Save,
            async change =>
            {
                var questionnaire = await MergeAsync(change, request.Answers, request.ClearedQuestionIds);
                await questionnaire.KeepAsync(change);
            },
            outcome => new SaveAnswersResponse { Case = outcome.Case },
            context.CancellationToken);
    }

    /// <summary>Checks answers by themselves and puts them over those before.</summary>
    private async Task<Questionnaire> MergeAsync(CaseChange change, RepeatedField<Answer> answers, IReadOnlyList<string> cleared)
    {
        var questionnaire = await Questionnaire.ReadAsync(change.Sql, change.Case, templates);
        change.Rules.AddRange(AnswerRules.CheckDraft(questionnaire.Template, answers));
        change.Rules.AddRange(AnswerRules.CheckCleared(questionnaire.Template, cleared, answers));
        var named = answers.SelectMany((answer, index) => answer.FileIds.Distinct().Take(AnswerRules.MaxFiles)
            .Select(id => ($"answers[{index}].file_ids[{answer.FileIds.IndexOf(id)}]", id)));
        await change.Sql.FindFilesAsync(change.Rules, change.Case.AuthorityId, [.. named]);
        questionnaire.Merge(answers, cleared);
        return questionnaire;
    }
}
