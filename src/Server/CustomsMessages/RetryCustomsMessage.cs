using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.CustomsMessages;

public sealed partial class CustomsMessageEndpoints
{
    /// <inheritdoc/>
    public override async Task<RetryCustomsMessageResponse> RetryCustomsMessage(
        RetryCustomsMessageRequest request, ServerCallContext context) => new()
    {
        Message = ToContract(await DecideAsync(
            request.EntryId,
            (sql, entry) =>
            {
                MustBeHeld(entry);
                return sql.RetryEntryAsync(entry, context.ServiceKey(), clock.GetUtcNow() + options.LongestWait);
            },
            context.CancellationToken)),
    };
}
