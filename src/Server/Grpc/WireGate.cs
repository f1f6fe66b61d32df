using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Grpc.AspNetCore.Server;
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
    private const string Exhausted = "8";
    internal const string DetailsHeader = "grpc-status-details-bin";

    /// <summary>Stands before every gRPC service.</summary>
    public static void UseWireGate(this WebApplication app) => app.Use(PassAsync);

    /// <summary>Answers a call that was not made, with all that a refusal says.</summary>
    public static void Answer(HttpResponse response, RpcException refusal) => Answer(response, new PreparedRefusal(refusal));

    /// <summary>Answers a call that was not made, with what was made ready before.</summary>
    public static void Answer(HttpResponse response, PreparedRefusal refusal)
    {
        Answer(response, refusal.Status, refusal.Message);
        response.Headers[DetailsHeader] = refusal.Details;
    }

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

        await next(context);

        // Our services never say UNKNOWN. The stack does, for a message that it cannot read; the protocol has INTERNAL for that.
        if (!context.Response.HasStarted && context.Response.Headers.GrpcStatus == Unknown)
            Answer(context.Response, new Status(StatusCode.Internal, "The request's message could not be read."));

        // The stack has no details for a message that is larger than its limit; ours always have.
        if (!context.Response.HasStarted && context.Response.Headers.GrpcStatus == Exhausted
            && !context.Response.Headers.ContainsKey(DetailsHeader)
            && context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is { } call)
        {
            Answer(context.Response, WireLimits.TooLarge(WireLimits.LargestMessage(call.Method)).ToRpcException());
        }

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

    private static void Answer(HttpResponse response, Status status) =>
        Answer(response, ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture), PercentEncoded(status.Detail));

    private static void Answer(HttpResponse response, StringValues status, StringValues message)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers.GrpcStatus = status;
        response.Headers.GrpcMessage = message;
        response.Headers.GrpcAcceptEncoding = "identity";
    }

    // As gRPC over HTTP/2 has it, printable ASCII as it stands: clients there are that leave escapes of reserved characters as they are.
    internal static string PercentEncoded(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is >= 0x20 and <= 0x7E and not (byte)'%')
                encoded.Append((char)octet);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return encoded.ToString();
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
}

/// <summary>A refusal as it goes over the wire.</summary>
/// <param name="refusal">The refusal, with its details.</param>
internal sealed class PreparedRefusal(RpcException refusal)
{
    /// <summary>The number of the status.</summary>
    public StringValues Status { get; } = ((int)refusal.StatusCode).ToString(CultureInfo.InvariantCulture);

    /// <summary>The status' message, encoded.</summary>
    public StringValues Message { get; } = WireGate.PercentEncoded(refusal.Status.Detail);

    /// <summary>The details in base64.</summary>
    public StringValues Details { get; } = Convert.ToBase64String(refusal.Trailers.GetValueBytes(WireGate.DetailsHeader)!);
}
