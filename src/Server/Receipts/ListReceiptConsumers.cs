using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Receipts;

public sealed partial class ReceiptEndpoints
{
    /// <inheritdoc/>
    public override async Task<ListReceiptConsumersResponse> ListReceiptConsumers(
        ListReceiptConsumersRequest request, ServerCallContext context)
    {
        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        var feed = await sql.GetFeedAsync(context.Account().AuthorityId);
        return new ListReceiptConsumersResponse { Consumers = { await sql.ListConsumersAsync(feed) } };
    }
}
