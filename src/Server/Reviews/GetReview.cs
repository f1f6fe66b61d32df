using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Reviews;

public sealed partial class ReviewEndpoints
{
    /// <inheritdoc/>
    public override async Task<GetReviewResponse> GetReview(GetReviewRequest request, ServerCallContext context)
    {
        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        var row = await sql.GetCaseAsync(context.Account().AuthorityId, request.CaseId);
        row.MustBe(CaseKind.Review);
        return new GetReviewResponse { Case = row.ToContract(), Review = await sql.GetReviewAsync(row) };
    }
}
