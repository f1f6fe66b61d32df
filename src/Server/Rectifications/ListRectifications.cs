using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Rectifications;

public sealed partial class RectificationEndpoints
{
    /// <inheritdoc/>
    public override async Task<ListRectificationsResponse> ListRectifications(
        ListRectificationsRequest request, ServerCallContext context)
    {
        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        var row = await sql.GetCaseAsync(context.Account().AuthorityId, request.CaseId);
        row.MustHaveReached(Stage.Assessment);
        return new ListRectificationsResponse
        {
            Case = row.ToContract(),
            Rectifications = { await sql.ListRectificationsAsync(row) },
        };
    }
}
