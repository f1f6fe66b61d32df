using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Customs.V1;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.CustomsExchange;

public sealed partial class CustomsExchangeEndpoints
{
    /// <inheritdoc/>
    public override async Task<AcknowledgeSubmissionResponse> AcknowledgeSubmission(
        AcknowledgeSubmissionRequest request, ServerCallContext context)
    {
        var rules = new FieldRules();
        rules.Required("lease_id", request.LeaseId.Length > 0);
        rules.Required("message_id", request.MessageId.Length > 0);
        rules.Text("response_message", request.ResponseMessage, 1000, required: request.ResponseCode != 0);
        rules.ThrowIfAny();

        farEnd.Hear();
        var messageId = request.MessageId.ToUpperInvariant();
        OutboxItem? item;
        await using (var sql = await database.OpenAsync(Scope.Everyone, context.CancellationToken))
        {
            if (await sql.IsSentAsync(messageId))
                return new AcknowledgeSubmissionResponse();
            item = await sql.FindLeasedAsync(messageId, request.LeaseId);
        }

        if (item is null)
            throw new BridgeException(ErrorReason.SubmissionNotLeased, ("message_id", messageId));

        var by = Origin.OfFarEnd(context, messageId, RequestTable.Hash(request));
        if (request.ResponseCode == 0)
        {
            await handover.SentAsync(item, request.LeaseId, context.CancellationToken, by);
        }
        else
        {
            await database.WriteAsync(
                Scope.Everyone,
                async sql =>
                {
                    await sql.UncountAttemptAsync(messageId, request.LeaseId);
                    return true;
                },
                context.CancellationToken);
            await handover.RefusedAsync(
                item with { Attempts = item.Attempts - 1 }, request.LeaseId,
                $"海关拒收，代码 {request.ResponseCode}：{request.ResponseMessage} "
                + $"Customs refused the message with code {request.ResponseCode}: {request.ResponseMessage}",
                context.CancellationToken, by);
        }

        return new AcknowledgeSubmissionResponse();
    }
}
