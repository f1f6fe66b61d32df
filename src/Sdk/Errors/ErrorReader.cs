using System.Security.Authentication;
using Google.Protobuf;
using Grpc.Core;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Reads an error off a failed gRPC call: its status, and the details that the server put beside it.</summary>
internal static class ErrorReader
{
    private const string DetailsKey = "grpc-status-details-bin";
    private const string Domain = "singlewindow.bridge";
    private const string ReasonPrefix = "ERROR_REASON_";

    private static readonly LocalizedText NotTrusted = new(
        "未能与服务器建立可信的连接：其证书须由本机信任的机构或 ServerAuthorities 中的机构签发，且名称与 Endpoint 一致。",
        "No connection to the server that could be trusted: its certificate must be from an authority that this machine trusts, or one in "
        + "ServerAuthorities, and for the name in Endpoint.");

    private static readonly Dictionary<string, ErrorReason> Reasons =
        Wire.ErrorReasonReflection.Descriptor.EnumTypes[0].Values
            .Where(value => value.Number != 0)
            .ToDictionary(value => value.Name[ReasonPrefix.Length..], value => (ErrorReason)value.Number);

    /// <summary>Reads the error. Damaged or missing details leave what the status says.</summary>
    public static SingleWindowError Read(RpcException exception)
    {
        var (status, text) = IsOfTrust(exception) ? (RpcStatusCode.FailedPrecondition, NotTrusted)
            : IsOfTransport(exception) ? (RpcStatusCode.Unavailable, StatusText(RpcStatusCode.Unavailable))
            : ((RpcStatusCode)(int)exception.StatusCode, StatusText((RpcStatusCode)(int)exception.StatusCode));
        var detail = string.IsNullOrEmpty(exception.Status.Detail) ? "" : $" ({exception.Status.Detail})";
        var error = new SingleWindowError { StatusCode = status, MessageZh = text.Zh + detail, MessageEn = text.En + detail };
        return Details(exception) is { } details ? Add(error, details) : error;
    }

    /// <summary>Whether a server was reached that could not show who it is. It has been sent nothing; gRPC tells it as INTERNAL.</summary>
    public static bool IsOfTrust(RpcException exception) => Causes(exception).Any(cause => cause is AuthenticationException);

    // Whether the connection ended, or none came about in time: gRPC tells it as INTERNAL or CANCELLED too, after what saw it first. What a
    // server says of a call by HTTP/2's own codes is none of it, except for the goodbye of one that stops (GOAWAY, NO_ERROR), nor is a server
    // that does not speak HTTP/2.
    private static bool IsOfTransport(RpcException exception)
    {
        var causes = Causes(exception).ToList();
        return causes.Any(cause => cause is IOException or HttpRequestException or TimeoutException)
            && !causes.Any(cause => cause is HttpProtocolException { ErrorCode: not 0 }
                or HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError });
    }

    private static IEnumerable<Exception> Causes(RpcException exception)
    {
        for (var cause = exception.Status.DebugException; cause is not null; cause = cause.InnerException)
            yield return cause;
    }

    // What stands in the place of the server's own words where no server, or not one of ours, spoke.
    private static LocalizedText StatusText(RpcStatusCode status) => status switch
    {
        RpcStatusCode.Unavailable => new("无法连接服务，或服务繁忙，请稍后重试。", "The server cannot be reached or is too busy. Try again later."),
        RpcStatusCode.DeadlineExceeded => new("未在期限内收到答复。", "No answer came within the deadline."),
        RpcStatusCode.Unimplemented => new("服务器不支持此调用。", "The server does not have this call."),
        RpcStatusCode.Unauthenticated or RpcStatusCode.PermissionDenied =>
            new("服务器不接受此凭证。", "The server does not let this key do this."),
        _ => new($"调用失败：{status}。", $"The call failed with {status}."),
    };

    private static Rich.Status? Details(RpcException exception)
    {
        try
        {
            return exception.Trailers.GetValueBytes(DetailsKey) is { } bytes ? Rich.Status.Parser.ParseFrom(bytes) : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static SingleWindowError Add(SingleWindowError error, Rich.Status details)
    {
        var fields = new List<FieldProblem>();
        var violations = new List<FieldProblem>();
        foreach (var detail in details.Details)
        {
            try
            {
                error = Add(error, detail, fields, violations);
            }
            catch (InvalidProtocolBufferException)
            {
                // A detail that cannot be read takes nothing away from the others.
            }
        }

        return error with { Fields = fields.Count > 0 ? fields : violations };
    }

    private static SingleWindowError Add(
        SingleWindowError error,
        Google.Protobuf.WellKnownTypes.Any detail,
        List<FieldProblem> fields,
        List<FieldProblem> violations)
    {
        if (detail.TryUnpack<Rich.ErrorInfo>(out var info) && info.Domain == Domain)
        {
            return error with
            {
                Reason = Reasons.GetValueOrDefault(info.Reason),
                ReasonCode = info.Reason,
                Metadata = new Dictionary<string, string>(info.Metadata),
            };
        }

        if (detail.TryUnpack<Rich.LocalizedMessage>(out var message))
        {
            return message.Locale.StartsWith("zh", StringComparison.OrdinalIgnoreCase)
                ? error with { MessageZh = message.Message }
                : error with { MessageEn = message.Message };
        }

        if (detail.TryUnpack<Rich.RetryInfo>(out var retry) && retry.RetryDelay is not null)
            return error with { RetryAfter = Delay(retry.RetryDelay) };
        if (detail.TryUnpack<Wire.FieldProblems>(out var problems))
            fields.AddRange(problems.Problems.Select(ToModel));
        else if (detail.TryUnpack<Rich.BadRequest>(out var bad))
            violations.AddRange(bad.FieldViolations.Select(ToModel));
        return error;
    }

    public static FieldProblem ToModel(this Wire.FieldProblem problem) =>
        new(problem.Field, (FieldProblemCode)problem.Code, new(problem.Message?.Zh ?? "", problem.Message?.En ?? ""))
        {
            QuestionId = problem.QuestionId.NullIfEmpty(),
            QuestionNumber = problem.QuestionNumber.NullIfEmpty(),
            QuestionText = problem.QuestionText is { } text ? text.ToText() : null,
        };

    private static FieldProblem ToModel(Rich.BadRequest.Types.FieldViolation violation) =>
        new(violation.Field, FieldProblemCode.Unknown, new(violation.Description, violation.Description));

    private static TimeSpan Delay(Google.Protobuf.WellKnownTypes.Duration duration) =>
        TimeSpan.FromSeconds(Math.Clamp(duration.Seconds + (duration.Nanos / 1e9), 0, 86_400));
}
