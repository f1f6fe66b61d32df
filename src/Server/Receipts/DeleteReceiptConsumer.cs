using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Receipts;

public sealed partial class ReceiptEndpoints
{
    /// <inheritdoc/>
    public override async Task<DeleteReceiptConsumerResponse> DeleteReceiptConsumer(
        DeleteReceiptConsumerRequest request, ServerCallContext context)
    {
        ReceiptConsumers.CheckName(request.Name);
        var authorityId = context.Account().AuthorityId;
        await database.WriteAsync(
            context.Scope(),
            async sql =>
            {
                await sql.DeleteConsumerAsync(authorityId, request.Name);
                return 0;
            },
            context.CancellationToken);
        return new DeleteReceiptConsumerResponse();
    }
}
