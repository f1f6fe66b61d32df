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
        IEnumerable<PartProgress> progress = [];
        return writer.ChangeAsync(
            context, request, Stage.Questionnaire, CaseEvent.Save,
            async change =>
            {
                var questionnaire = await MergeAsync(change, request.Answers, request.ClearedQuestionIds);
                await questionnaire.KeepAsync(change);
                progress = questionnaire.Progress;
            },
            outcome => new SaveAnswersResponse { Case = outcome.Case, Progress = { progress } });
    }

    /// <summary>Checks answers by themselves and puts them over those before.</summary>
    private async Task<Questionnaire> MergeAsync(CaseChange change, RepeatedField<Answer> answers, IReadOnlyList<string> cleared)
    {
        var questionnaire = await Questionnaire.ReadAsync(change.Sql, change.Case, templates);
        change.Rules.AddRange(AnswerRules.CheckDraft(questionnaire.Template, answers, change.Now));
        change.Rules.AddRange(AnswerRules.CheckCleared(questionnaire.Template, cleared, answers));
        var named = answers.SelectMany((answer, index) => answer.FileIds.Distinct().Take(AnswerRules.MaxFiles)
            .Select(id => ($"answers[{index}].file_ids[{answer.FileIds.IndexOf(id)}]", id)));
        await change.Sql.FindFilesAsync(change.Rules, change.Case.AuthorityId, [.. named]);
        questionnaire.Merge(answers, cleared);
        if (questionnaire.Bytes > AnswerRules.MaxBytes)
        {
            change.Rules.Add("answers", FieldProblemCode.TooLong,
                $"一份问卷的全部答案合计最多{AnswerRules.MaxBytes}字节，现有{questionnaire.Bytes}字节。请将较大的表格改为附件。",
                $"All answers of a questionnaire take at most {AnswerRules.MaxBytes} bytes; these take {questionnaire.Bytes}. Give large tables as files.");
        }

        return questionnaire;
    }
}
