using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Receipts;

public sealed partial class ReceiptEndpoints
{
    /// <inheritdoc/>
    public override async Task<GetReceiptConsumerResponse> GetReceiptConsumer(GetReceiptConsumerRequest request, ServerCallContext context)
    {
        ReceiptConsumers.CheckName(request.Name);
        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        var feed = await sql.GetFeedAsync(context.Account().AuthorityId);
        return new GetReceiptConsumerResponse { Consumer = await sql.GetConsumerAsync(feed, request.Name) };
    }
}
