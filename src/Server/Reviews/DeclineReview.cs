using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Reviews;

public sealed partial class ReviewEndpoints
{
    /// <inheritdoc/>
    public override Task<DeclineReviewResponse> DeclineReview(DeclineReviewRequest request, ServerCallContext context) =>
        writer.ChangeAsync(
            context, request, Stage.Reception, CaseEvent.DeclineReview,
            change => AnswerAsync(change, ReviewDecision.Declined, request.Contact),
            outcome => new DeclineReviewResponse { Case = outcome.Case, Problems = { outcome.Problems } });
}
