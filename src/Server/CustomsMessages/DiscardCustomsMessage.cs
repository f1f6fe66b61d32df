using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.CustomsMessages;

public sealed partial class CustomsMessageEndpoints
{
    /// <inheritdoc/>
    public override async Task<DiscardCustomsMessageResponse> DiscardCustomsMessage(
        DiscardCustomsMessageRequest request, ServerCallContext context)
    {
        var rules = new FieldRules();
        rules.Required("entry_id", request.EntryId.Length > 0);
        rules.Text("reason", request.Reason, 1000, required: true);
        rules.ThrowIfAny();
        return new DiscardCustomsMessageResponse
        {
            Message = ToContract(await DecideAsync(
                context,
                request,
                request.EntryId,
                async (sql, entry) =>
                {
                    if (entry.State == CustomsMessageState.Discarded)
                        return;

                    MustBeHeld(entry);
                    await sql.DiscardEntryAsync(entry, context.ServiceKey(), request.Reason, clock.GetUtcNow());
                    await sql.TryAgainAsync(entry.CaseNumber);
                })),
        };
    }
}
