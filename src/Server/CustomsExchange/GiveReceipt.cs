using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Customs.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Xml;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Limits;

namespace SingleWindowBridge.Server.CustomsExchange;

public sealed partial class CustomsExchangeEndpoints
{
    /// <inheritdoc/>
    public override async Task<GiveReceiptResponse> GiveReceipt(
        IAsyncStreamReader<GiveReceiptRequest> requestStream, ServerCallContext context)
    {
        farEnd.Hear();
        using var pace = new UploadPace(limits, clock, context.CancellationToken);
        using var held = new HeldBytes(context.Use());
        using var message = new MemoryStream();
        while (await pace.NextAsync(requestStream, (int)message.Length, declared: 0, exchange.Grpc.MostReceiptBytes))
        {
            var chunk = requestStream.Current.Chunk;
            if (message.Length + chunk.Length > exchange.Grpc.MostReceiptBytes)
            {
                throw new BridgeException([new Problem(
                    "chunk", FieldProblemCode.TooLong, $"报文最多 {exchange.Grpc.MostReceiptBytes} 字节。",
                    $"A message has at most {exchange.Grpc.MostReceiptBytes} bytes.")]);
            }

            held.Grow(message.Length + chunk.Length);
            chunk.WriteTo(message);
        }

        var rules = new FieldRules();
        rules.Required("chunk", message.Length > 0);
        rules.ThrowIfAny();

        var source = Origin.SourceOf(context, "grpc", context.ServiceKey());
        var receipt = Read(message, source);
        var answer = await inbox.TakeInAsync(receipt, context.CancellationToken, source);
        return new GiveReceiptResponse
        {
            MessageId = receipt.MessageId,
            ResponseCode = answer.State == CustomsMessageState.Quarantined ? 1 : 0,
            ResponseMessage = answer.Detail,
        };
    }

    private CustomsReceipt Read(MemoryStream message, string source)
    {
        message.Position = 0;
        string reason;
        try
        {
            if (MessageXml.Read(message).Body is CustomsReceipt receipt)
                return receipt;
            reason = "It is not a receipt of Customs.";
        }
        catch (MessageFormatException wrong)
        {
            reason = wrong.Message;
        }

        return CustomsReceipt.Unreadable(source, reason, message.ToArray(), clock.GetUtcNow());
    }
}
