using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Rectifications;

public sealed partial class RectificationEndpoints
{
    private const int StatementLength = 10_000;

    /// <inheritdoc/>
    public override Task<SaveRectificationResponse> SaveRectification(SaveRectificationRequest request, ServerCallContext context) =>
        writer.ChangeAsync(
            context, request, Stage.Assessment, CaseEvent.Save,
            async change =>
            {
                if (!change.Rules.Required("answer", request.Answer is not null))
                    return;

                await CheckAsync(change, request.Answer!, complete: false);
                var newest = await change.Sql.NewestRectificationAsync(change.Case.CaseId);
                await change.KeepAnswerAsync(newest.Round, request.Answer!, submitted: false);
            },
            outcome => new SaveRectificationResponse { Case = outcome.Case });

    private static Task<IReadOnlyList<StoredFile>> CheckAsync(CaseChange change, RectificationAnswer answer, bool complete)
    {
        change.Rules.Text("answer.statement", answer.Statement, StatementLength, complete);
        return change.Sql.CheckFilesAsync(
            change.Rules, change.Case.AuthorityId, "answer.file_ids", answer.FileIds, required: complete);
    }
}
