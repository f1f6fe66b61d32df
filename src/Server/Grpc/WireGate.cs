using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Pipelines;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>Refuses, before a call is made, what the stack would let pass, and rights the status that it gives to a broken message.</summary>
internal static class WireGate
{
    /// <summary>The reset that the protocol maps to RESOURCE_EXHAUSTED, the resource being bandwidth.</summary>
    public const int EnhanceYourCalm = 11;

    private const string Unknown = "2";

    /// <summary>Stands before every gRPC service.</summary>
    public static void UseWireGate(this WebApplication app) => app.Use(PassAsync);

    private static async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) != true)
        {
            await next(context);
            return;
        }

        if (Refusal(request.Headers) is { } refusal)
        {
            Answer(context.Response, refusal);
            return;
        }

        if (context.GetEndpoint()?.Metadata.GetMetadata<ReceiveLimit>() is { } limit)
            context.Features.Set<IRequestBodyPipeFeature>(new LimitedMessage(request.BodyReader, limit.Bytes));

        await next(context);

        // Our services never say UNKNOWN. The stack does, for a message that it cannot read; the protocol has INTERNAL for that.
        if (!context.Response.HasStarted && context.Response.Headers.GrpcStatus == Unknown)
            Answer(context.Response, new Status(StatusCode.Internal, "The request's message could not be read."));

        if (context.Response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > WireLimits.ResponseBuffer } answer)
            await HandOverAsync(context, answer);
    }

    // Kestrel's least rate does not count while the reader's window is shut, so a large answer waits as a stream's message does. What
    // fits the buffer is left in it: a timer for each small answer would cost every call.
    private static async Task HandOverAsync(HttpContext context, PipeWriter answer)
    {
        var limits = context.RequestServices.GetRequiredService<WireLimits>();
        try
        {
            await answer.FlushAsync().AsTask().WaitAsync(limits.SlowestWrite);
        }
        catch (TimeoutException)
        {
            context.Features.Get<IHttpResetFeature>()?.Reset(EnhanceYourCalm);
        }
    }

    private static Status? Refusal(IHeaderDictionary headers)
    {
        if (headers.GrpcEncoding is { Count: > 0 } encoding && encoding != "identity")
            return new Status(StatusCode.Unimplemented, "Messages are not compressed here: grpc-encoding must be identity.");
        if (headers.GrpcTimeout is { Count: > 0 } timeout && !IsTimeout(timeout))
            return new Status(StatusCode.Internal, "grpc-timeout is malformed: 1 to 8 digits and one of H, M, S, m, u and n are needed.");

        foreach (var header in headers)
        {
            if (header.Key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase) && !IsBase64(header.Value))
                return new Status(StatusCode.Internal, $"{header.Key} is not base64.");
        }

        return null;
    }

    private static void Answer(HttpResponse response, Status status)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers.GrpcStatus = ((int)status.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        response.Headers.GrpcMessage = Uri.EscapeDataString(status.Detail);
        response.Headers.GrpcAcceptEncoding = "identity";
    }

    private static bool IsTimeout(StringValues values)
    {
        var value = values.ToString();
        return value.Length is >= 2 and <= 9 && "HMSmun".Contains(value[^1], StringComparison.Ordinal)
            && !value.AsSpan(0, value.Length - 1).ContainsAnyExceptInRange('0', '9');
    }

    // With padding or without; several values of one name may stand in one header, between commas.
    private static bool IsBase64(StringValues values) =>
        values.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries))
            .All(value => value.Length % 4 != 1 && Base64.IsValid(value.PadRight((value.Length + 3) / 4 * 4, '=')));

    /// <summary>The body of a call with one request, refused as soon as the message's length is known to be too much.</summary>
    private sealed class LimitedMessage(PipeReader body, int most) : PipeReader, IRequestBodyPipeFeature
    {
        private const int PrefixBytes = 5;

        public PipeReader Reader => this;

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            Checked(await body.ReadAsync(cancellationToken));

        public override bool TryRead(out ReadResult result) => body.TryRead(out result) && Checked(result) is var _;

        public override void AdvanceTo(SequencePosition consumed) => body.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => body.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => body.CancelPendingRead();

        public override void Complete(Exception? exception = null) => body.Complete(exception);

        private ReadResult Checked(ReadResult result)
        {
            if (result.Buffer.Length >= PrefixBytes)
            {
                Span<byte> prefix = stackalloc byte[PrefixBytes];
                result.Buffer.Slice(0, PrefixBytes).CopyTo(prefix);
                if (BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]) > most)
                    throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The message is larger than {most} bytes."));
            }

            return result;
        }
    }
}
