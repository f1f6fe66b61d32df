using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Receipts;

public sealed partial class ReceiptEndpoints
{
    /// <inheritdoc/>
    public override async Task<CommitReceiptConsumerResponse> CommitReceiptConsumer(
        CommitReceiptConsumerRequest request, ServerCallContext context)
    {
        ReceiptConsumers.CheckName(request.Name);
        var rules = new FieldRules();
        if (rules.Required("place", request.PlaceCase != CommitReceiptConsumerRequest.PlaceOneofCase.None)
            && request.PlaceCase == CommitReceiptConsumerRequest.PlaceOneofCase.Number)
            rules.Range("number", request.Number, 0, long.MaxValue);
        rules.ThrowIfAny();

        var authorityId = context.Account().AuthorityId;
        var origin = Origin.OfAuthority(context, "", RequestTable.Hash(request));
        var consumer = await database.WriteAsync(
            context.Scope(),
            async sql =>
            {
                // First, as a reset does, which removes consumers too: the audit's chain is locked with it.
                await sql.LockFeedAsync(authorityId);
                var feed = await sql.GetFeedAsync(authorityId);
                var number = request.PlaceCase == CommitReceiptConsumerRequest.PlaceOneofCase.Cursor
                    ? feed.NumberAt(request.Cursor, "cursor")
                    : feed.Checked(request.Number);
                var now = clock.GetUtcNow();
                if (await sql.CommitConsumerAsync(feed, request.Name, number, request.AllowBack, now) is { } outcome)
                    await sql.AuditAsync(authorityId, origin, "", outcome, now);
                return await sql.GetConsumerAsync(feed, request.Name);
            },
            context.CancellationToken);
        return new CommitReceiptConsumerResponse { Consumer = consumer };
    }
}
