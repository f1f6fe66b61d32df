using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
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
        var origin = Origin.OfAuthority(context, "", RequestTable.Hash(request));
        await database.WriteAsync(
            context.Scope(),
            async sql =>
            {
                // First, as a reset does, which removes consumers too: the audit's chain is locked with it.
                await sql.LockFeedAsync(authorityId);
                await sql.DeleteConsumerAsync(authorityId, request.Name);
                await sql.AuditAsync(authorityId, origin, "", $"DELETED {request.Name}", clock.GetUtcNow());
                return 0;
            },
            context.CancellationToken);
        return new DeleteReceiptConsumerResponse();
    }
}
