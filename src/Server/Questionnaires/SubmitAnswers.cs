using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Questionnaires;

public sealed partial class QuestionnaireEndpoints
{
    /// <inheritdoc/>
    public override Task<SubmitAnswersResponse> SubmitAnswers(SubmitAnswersRequest request, ServerCallContext context)
    {
        Questionnaire.Normalise(request.Answers);
        IEnumerable<PartProgress> progress = [];
        return writer.ChangeAsync(
            context, request, Stage.Questionnaire, CaseEvent.Submit,
            async change =>
            {
                var questionnaire = await MergeAsync(change, request.Answers, []);
                progress = questionnaire.Progress;
                if (!change.Rules.Any)
                    change.Rules.AddRange(AnswerRules.CheckComplete(questionnaire.Template, [.. questionnaire.InOrder()], change.Now));
                if (change.Rules.Any)
                    return;

                await questionnaire.KeepAsync(change);
                var files = await change.Sql.ListFilesAsync(change.Case.AuthorityId, questionnaire.FileIds);
                change.Outgoing = ToContent(questionnaire, files.ToDictionary(file => file.FileId, file => file.ToAttachment()));
            },
            outcome => new SubmitAnswersResponse { Case = outcome.Case, Problems = { outcome.Problems }, Progress = { progress } });
    }

    private static QuestionnaireContent ToContent(Questionnaire questionnaire, Dictionary<string, Attachment> files)
    {
        var numbers = questionnaire.Template.Parts.SelectMany(part => part.Questions)
            .ToDictionary(question => question.QuestionId, question => question.Number);
        return new QuestionnaireContent(
            questionnaire.Template.TemplateId,
            questionnaire.Template.Version,
            [
                .. questionnaire.Shown().Select(answer => new QuestionAnswer(
                    answer.QuestionId,
                    numbers[answer.QuestionId],
                    Values(answer),
                    answer.ValueCase == Answer.ValueOneofCase.Table ? [.. answer.Table.Rows.Select(row => row.Cells.ToDictionary())] : [],
                    [.. answer.FileIds.Select(id => files[id])])),
            ]);
    }

    private static IReadOnlyList<string> Values(Answer answer) => answer.ValueCase switch
    {
        Answer.ValueOneofCase.Text => [answer.Text],
        Answer.ValueOneofCase.YesNo => [answer.YesNo ? "true" : "false"],
        Answer.ValueOneofCase.Number => [answer.Number],
        Answer.ValueOneofCase.Date => [answer.Date],
        Answer.ValueOneofCase.Choices => [.. answer.Choices.Codes],
        _ => [],
    };
}
