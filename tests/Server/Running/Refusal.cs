using Google.Rpc;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using FieldProblem = SingleWindow.Bridge.V1.FieldProblem;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>A refused call as a client reads it off the wire.</summary>
/// <param name="Code">The gRPC status.</param>
/// <param name="Message">The status message.</param>
/// <param name="Details">What the status details hold, in their order; empty where there are none.</param>
public sealed record Refusal(StatusCode Code, string Message, IReadOnlyList<Google.Protobuf.WellKnownTypes.Any> Details)
{
    /// <summary>The google.rpc.ErrorInfo.</summary>
    public ErrorInfo Info => Detail<ErrorInfo>();

    // The version of ErrorInfo at hand still calls the reason its type: the same field on the wire.
    public string Reason => Info.Type;

    public IReadOnlyDictionary<string, string> Metadata => Info.Metadata.ToDictionary();

    /// <summary>Every field problem listed.</summary>
    public IReadOnlyList<FieldProblem> Problems => Detail<FieldProblems>().Problems;

    /// <summary>The fields with what is wrong with each, sorted, a line each.</summary>
    public string Fields => string.Join('\n', Problems.Select(Describe).Order(StringComparer.Ordinal));

    /// <summary>A problem in short, such as <c>application.summary TooLong</c>.</summary>
    public static string Describe(FieldProblem problem) => $"{problem.Field} {problem.Code}";

    /// <summary>The text in one language.</summary>
    public string TextIn(string locale) => Details.Where(detail => detail.Is(LocalizedMessage.Descriptor))
        .Select(detail => detail.Unpack<LocalizedMessage>()).Single(text => text.Locale == locale).Message;

    /// <summary>The only detail of a type.</summary>
    public T Detail<T>()
        where T : Google.Protobuf.IMessage<T>, new() =>
        Details.Single(detail => detail.Is(new T().Descriptor)).Unpack<T>();

    /// <summary>The refusal that a call ends with.</summary>
    public static async Task<Refusal> OfAsync(Func<Task> call) => Of(await Assert.ThrowsAsync<RpcException>(call));

    /// <summary>The refusal that a unary call ends with.</summary>
    public static async Task<Refusal> OfAsync<T>(AsyncUnaryCall<T> call) => await OfAsync(async () => await call);

    /// <summary>Reads a failure.</summary>
    public static Refusal Of(RpcException failure)
    {
        var details = failure.Trailers.GetValueBytes("grpc-status-details-bin");
        var status = details is null ? new Google.Rpc.Status() : Google.Rpc.Status.Parser.ParseFrom(details);
        return new Refusal(failure.StatusCode, failure.Status.Detail, status.Details);
    }

    /// <summary>Holds the status and the reason.</summary>
    public Refusal Is(StatusCode code, ErrorReason reason)
    {
        Assert.Equal((code, Grpc.WireNames.Of(reason)), (Code, Details.Count > 0 ? Reason : Message));
        return this;
    }
}
