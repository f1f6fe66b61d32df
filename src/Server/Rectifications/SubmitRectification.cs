using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Rectifications;

public sealed partial class RectificationEndpoints
{
    /// <inheritdoc/>
    public override Task<SubmitRectificationResponse> SubmitRectification(
        SubmitRectificationRequest request, ServerCallContext context) =>
        writer.ChangeAsync(
            context, request, Stage.Assessment, CaseEvent.Submit,
            async change =>
            {
                var newest = await change.Sql.NewestRectificationAsync(change.Case.CaseId);
                var answer = request.Answer ?? newest.ToAnswer() ?? new RectificationAnswer();
                var files = await CheckAsync(change, answer, complete: true);
                if (change.Rules.Any)
                    return;

                await change.KeepAnswerAsync(newest.Round, answer, submitted: true);
                change.Outgoing = new RectificationContent(
                    newest.Number, newest.Round, answer.Statement, [.. files.Select(file => file.ToAttachment())]);
            },
            outcome => new SubmitRectificationResponse { Case = outcome.Case, Problems = { outcome.Problems } });
}
