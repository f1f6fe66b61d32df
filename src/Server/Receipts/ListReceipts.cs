using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Receipts;

public sealed partial class ReceiptEndpoints
{
    /// <inheritdoc/>
    public override async Task<ListReceiptsResponse> ListReceipts(ListReceiptsRequest request, ServerCallContext context)
    {
        var rules = new FieldRules();
        rules.Range("page_size", request.PageSize, 0, 1000);
        rules.ThrowIfAny();

        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        var feed = await sql.GetFeedAsync(context.Account().AuthorityId);
        var after = request.FromCase == ListReceiptsRequest.FromOneofCase.AfterCursor
            ? feed.NumberAt(request.AfterCursor)
            : feed.Checked(request.AfterNumber);

        var receipts = await sql.ListReceiptsAsync(feed, after, request.PageSize == 0 ? 100 : request.PageSize);
        var last = receipts.Count > 0 ? receipts[^1].Number : after;
        return new ListReceiptsResponse
        {
            Receipts = { receipts },
            NextCursor = feed.CursorAt(last),
            HeadNumber = Math.Max(feed.Head, last),
        };
    }
}
