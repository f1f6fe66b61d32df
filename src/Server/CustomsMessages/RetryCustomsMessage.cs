using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.CustomsMessages;

public sealed partial class CustomsMessageEndpoints
{
    private const string ReadAgain = "重新读取 given back to the channel to be read again";

    /// <inheritdoc/>
    public override async Task<RetryCustomsMessageResponse> RetryCustomsMessage(
        RetryCustomsMessageRequest request, ServerCallContext context)
    {
        var name = context.ServiceKey();
        var entry = await DecideAsync(
            context,
            request,
            request.EntryId,
            (sql, held) =>
            {
                MustBeHeld(held);
                // Out of the way first: where it comes again and still cannot be read, it is put back into quarantine.
                return held.Reason == HoldReason.Unreadable && channel is not null
                    ? sql.DiscardEntryAsync(held, name, ReadAgain, clock.GetUtcNow())
                    : sql.RetryEntryAsync(held, name, clock.GetUtcNow() + options.LongestWait);
            });
        if (entry is { State: CustomsMessageState.Discarded, DiscardReason: ReadAgain }
            && !await channel!.RetryAsync(entry.Source, context.CancellationToken))
        {
            // The channel has not kept it: it stays in quarantine.
            entry = await DecideAsync(context, request, request.EntryId, (sql, given) => sql.QuarantineAgainAsync(given));
        }

        return new RetryCustomsMessageResponse { Message = ToContract(entry) };
    }
}
