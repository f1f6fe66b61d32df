using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Limits;

/// <summary>
/// The body of a call with one request that may be large, or is of a service where another may: refused as soon as the message's length is
/// known to be too much, and what has come of it held against its account.
/// </summary>
internal sealed class MessageBody : PipeReader, IRequestBodyPipeFeature, IDisposable
{
    private const int PrefixBytes = 5;

    // What fits beside the rest of a call is not counted.
    private const int Small = 64 * 1024;

    private readonly PipeReader body;
    private readonly int most;
    private readonly HeldBytes held;

    private MessageBody(PipeReader body, int most, AccountUse use)
    {
        this.body = body;
        this.most = most;
        held = new HeldBytes(use);
    }

    public PipeReader Reader => this;

    /// <summary>Puts itself before the body of a call that needs it; null for the others.</summary>
    public static MessageBody? Of(HttpRequest request, Endpoint endpoint, AccountUse use)
    {
        if (endpoint.Metadata.GetMetadata<ReceiveLimit>() is not { } limit)
            return null;

        var counted = new MessageBody(request.BodyReader, limit.Bytes, use);
        request.HttpContext.Features.Set<IRequestBodyPipeFeature>(counted);
        return counted;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = body.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new ValueTask<ReadResult>(Checked(read.Result)) : CheckedAsync(read);
    }

    public override bool TryRead(out ReadResult result) => body.TryRead(out result) && Checked(result) is var _;

    public override void AdvanceTo(SequencePosition consumed) => body.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => body.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => body.CancelPendingRead();

    public override void Complete(Exception? exception = null) => body.Complete(exception);

    public void Dispose() => held.Dispose();

    private async ValueTask<ReadResult> CheckedAsync(ValueTask<ReadResult> read) => Checked(await read);

    private ReadResult Checked(ReadResult result)
    {
        var length = result.Buffer.Length;
        if (length >= PrefixBytes)
        {
            Span<byte> prefix = stackalloc byte[PrefixBytes];
            result.Buffer.Slice(0, PrefixBytes).CopyTo(prefix);
            if (BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]) > most)
                throw WireLimits.TooLarge(most).ToRpcException();
        }

        if (length <= Small)
            return result;
        try
        {
            held.Grow(length);
        }
        catch (BridgeException refusal)
        {
            throw refusal.ToRpcException();
        }

        return result;
    }
}
