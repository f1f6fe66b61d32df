using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Receipts;

namespace SingleWindowBridge.Bench.Wire;

/// <summary>How many bytes the echo answers with, as a message.</summary>
/// <param name="size">The size of the serialised message.</param>
public sealed class EchoAnswer(int size)
{
    /// <summary>The bytes.</summary>
    public ByteString Body { get; } = ByteString.CopyFrom(new byte[BodyOf(size)]);

    // The field's tag and the length before the bytes count too.
    private static int BodyOf(int size)
    {
        var body = Math.Max(0, size - 2);
        while (body > 0 && new EchoMessage { Body = ByteString.CopyFrom(new byte[body]) }.CalculateSize() > size)
            body--;
        return body;
    }
}

/// <summary>The bare echo.</summary>
public sealed class BareEcho(EchoAnswer answer) : BareEchoService.BareEchoServiceBase
{
    /// <inheritdoc/>
    public override Task<EchoMessage> GetSomeBytes(EchoMessage request, ServerCallContext context) =>
        Task.FromResult(new EchoMessage { Body = answer.Body });
}

/// <summary>The bare stream: each message written as it comes.</summary>
public sealed class BareReceipts : ReceiptService.ReceiptServiceBase
{
    /// <inheritdoc/>
    public override async Task WatchReceipts(
        WatchReceiptsRequest request, IServerStreamWriter<WatchReceiptsResponse> responseStream, ServerCallContext context)
    {
        foreach (var receipt in Samples.Sent)
            await responseStream.WriteAsync(new WatchReceiptsResponse { Receipt = receipt }, context.CancellationToken);
    }
}

/// <summary>
/// The bridge's stream with its receipts in memory: behind the bridge's interceptor and limits, sent by WatchReceipts' own code, page
/// by page.
/// </summary>
public sealed class ReceiptsFromMemory : ReceiptService.ReceiptServiceBase
{
    private static readonly Receipt[][] Pages = [.. Samples.Sent.Chunk(ReceiptEndpoints.PageSize)];

    /// <inheritdoc/>
    public override async Task WatchReceipts(
        WatchReceiptsRequest request, IServerStreamWriter<WatchReceiptsResponse> responseStream, ServerCallContext context)
    {
        foreach (var page in Pages)
            await ReceiptEndpoints.SendAsync(page, responseStream, context.CancellationToken);
    }
}
