using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Questionnaires;

public sealed partial class QuestionnaireEndpoints
{
    /// <inheritdoc/>
    public override async Task<GetQuestionnaireResponse> GetQuestionnaire(GetQuestionnaireRequest request, ServerCallContext context)
    {
        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        var row = await sql.GetCaseAsync(context.Account().AuthorityId, request.CaseId);
        row.MustHaveReached(Stage.Questionnaire);
        var questionnaire = await Questionnaire.ReadAsync(sql, row, templates);
        return new GetQuestionnaireResponse
        {
            Case = row.ToContract(),
            Template = questionnaire.Template,
            Answers = { questionnaire.InOrder() },
            Files = { await sql.ListFilesAsync(row.AuthorityId, questionnaire.FileIds) },
            OpenTime = Times.ToTimestamp(questionnaire.OpenedAt),
            Progress = { questionnaire.Progress },
            Correction = questionnaire.ToCorrection(),
        };
    }
}
