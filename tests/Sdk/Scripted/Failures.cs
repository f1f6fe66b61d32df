using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace SingleWindowBridge.Sdk.Tests;

/// <summary>Failed calls as the bridge gives them.</summary>
internal static class Failures
{
    public static RpcException Plain(StatusCode code, string detail = "plain") => new(new Grpc.Core.Status(code, detail));

    public static RpcException Rich(StatusCode code, string reason, params (string Name, string Value)[] metadata) =>
        Rich(code, reason, [], metadata);

    public static RpcException Rich(
        StatusCode code, string reason, IEnumerable<IMessage> more, params (string Name, string Value)[] metadata)
    {
        var info = new Rich.ErrorInfo { Reason = reason, Domain = "singlewindow.bridge" };
        foreach (var (name, value) in metadata)
            info.Metadata.Add(name, value);
        IMessage[] details =
        [
            info,
            new Rich.LocalizedMessage { Locale = "zh-CN", Message = "中文说明" },
            new Rich.LocalizedMessage { Locale = "en", Message = "English text" },
            .. more,
        ];
        var status = new Rich.Status { Code = (int)code, Message = "English text" };
        status.Details.AddRange(details.Select(Any.Pack));
        var trailers = new Metadata { { "grpc-status-details-bin", status.ToByteArray() } };
        return new RpcException(new Grpc.Core.Status(code, "English text"), trailers);
    }

    public static RpcException Busy(TimeSpan? retryAfter = null) => Rich(
        StatusCode.Unavailable,
        "STORE_UNAVAILABLE",
        retryAfter is { } delay ? [new Rich.RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }] : []);

    public static RpcException Limited(string reason, TimeSpan? retryAfter) => Rich(
        StatusCode.ResourceExhausted,
        reason,
        retryAfter is { } delay ? [new Rich.RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }] : []);
}
