using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Reviews;

public sealed partial class ReviewEndpoints
{
    /// <inheritdoc/>
    public override Task<AcceptReviewResponse> AcceptReview(AcceptReviewRequest request, ServerCallContext context) =>
        writer.ChangeAsync(
            context, request, Stage.Reception, CaseEvent.AcceptReview,
            change => AnswerAsync(change, ReviewDecision.Accepted, request.Contact),
            outcome => new AcceptReviewResponse { Case = outcome.Case, Problems = { outcome.Problems } });

    private static async Task AnswerAsync(CaseChange change, ReviewDecision decision, Contact? contact)
    {
        ContactRules.Check(change.Rules, "contact", contact, complete: true);
        if (change.Rules.Any)
            return;

        var accepted = decision == ReviewDecision.Accepted;
        change.Case.Declined = !accepted;
        change.Outgoing = new ReviewAnswerContent(accepted, contact!.ToPerson());
        await change.KeepReviewAnswerAsync(decision, contact!);
    }
}
