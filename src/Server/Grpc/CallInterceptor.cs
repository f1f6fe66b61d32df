using System.Data.Common;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Limits;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>What every call goes through when its caller is known: one way in which failures are told, and streams that end.</summary>
public sealed class CallInterceptor(
    OpenStreams streams, IBridgeDatabase database, Drain drain, WireLimits limits, TimeProvider clock,
    ILogger<CallInterceptor> logger) : Interceptor
{
    /// <inheritdoc/>
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            using var turn = await TurnAsync(context);
            return await continuation(request, context);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Told(context, failure, request);
        }
    }

    /// <inheritdoc/>
    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            using var open = Open(context);
            using var ending = Ending(context, open);
            return await continuation(new EndingReader<TRequest>(requestStream, ending.Token), context);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Told(context, failure);
        }
    }

    /// <inheritdoc/>
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            using var open = Open(context);
            await continuation(request, Patient(responseStream, context, open), context);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Told(context, failure, request);
        }
    }

    /// <inheritdoc/>
    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            using var open = Open(context);
            using var ending = Ending(context, open);
            await continuation(new EndingReader<TRequest>(requestStream, ending.Token), Patient(responseStream, context, open), context);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Told(context, failure);
        }
    }

    // Only what authorities call waits for its turn: Customs and operators are few, and must come through.
    private static ValueTask<Turn> TurnAsync(ServerCallContext context)
    {
        var call = context.GetHttpContext().Features;
        return call.Get<Admitted>()?.Role == Role.Authority && call.Get<AccountUse>() is { } use
            ? use.TakeTurnAsync(context.CancellationToken)
            : ValueTask.FromResult(default(Turn));
    }

    private static CancellationTokenSource Ending(ServerCallContext context, OpenStream open) =>
        CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, open.Ending);

    private PatientWriter<T> Patient<T>(IServerStreamWriter<T> messages, ServerCallContext context, OpenStream open) =>
        new(messages, context, limits.SlowestWrite, clock, open.Ending);

    // A stream that is admitted is looked at again when accounts change.
    private OpenStream Open(ServerCallContext context)
    {
        if (context.GetHttpContext().Features.Get<Admitted>() is not { } admitted)
            return new OpenStream(null, null, drain.StreamEndOf(context.GetHttpContext()));

        var joined = streams.Join(admitted.Shown, admitted.Role, admitted.Admission);
        context.SetStreams(joined);
        return new OpenStream(streams, joined, joined.Ending);
    }

    private RpcException Told(ServerCallContext context, Exception failure, object? request = null)
    {
        if (failure is BridgeException refusal)
            return refusal.ToRpcException();
        if (context.CancellationToken.IsCancellationRequested)
        {
            return context.Deadline <= DateTime.UtcNow
                ? new RpcException(new global::Grpc.Core.Status(StatusCode.DeadlineExceeded, "The deadline has passed."))
                : new RpcException(new global::Grpc.Core.Status(StatusCode.Cancelled, "The call was cancelled."));
        }

        // A statement that is cut off fails as the database does.
        if (failure is OperationCanceledException or DbException
            && context.GetHttpContext().Features.Get<AdmittedStreams>()?.Refusal is { } shutOut)
        {
            return shutOut.ToRpcException();
        }

        if (failure is OperationCanceledException && context.GetHttpContext().Features.Get<StrangerStream>() is { IsOver: true })
            return new RpcException(new global::Grpc.Core.Status(StatusCode.Unavailable, "Without a key a stream is open for so long; open it anew."));

        if (failure is OperationCanceledException or DbException && drain.StreamsEnd.IsCancellationRequested)
            return new BridgeException(ErrorReason.ShuttingDown).ToRpcException();
        if (failure is InvalidProtocolBufferException or InvalidDataException or IOException)
            return new RpcException(new global::Grpc.Core.Status(StatusCode.Internal, "A message of the request could not be read."));
        if (failure is DbException refused && database.IsOfText(refused) && request is IMessage message
            && NulCharacters.PathsIn(message).ToList() is { Count: > 0 } paths)
        {
            return new BridgeException([.. paths.Select(path => new Problem(
                path, FieldProblemCode.Malformed, "含有 U+0000 字符，请删除。", "It holds the character U+0000; remove it."))]).ToRpcException();
        }

        if (database.IsOutage(failure))
        {
            logger.LogWarning(failure, "{Method}: the database is not available", context.Method);
            return new BridgeException(ErrorReason.StoreUnavailable, failure).ToRpcException();
        }

        var trace = TraceOf(context).ToString();
        logger.LogError(failure, "{Method} failed, trace {Trace}", context.Method, trace);
        return new BridgeException(ErrorReason.InternalError, failure, ("trace_id", trace)).ToRpcException();
    }

    // There is an activity only where something listens for it; the caller's own trace is known without.
    private static ActivityTraceId TraceOf(ServerCallContext context)
    {
        if (Activity.Current is { } activity)
            return activity.TraceId;
        return ActivityContext.TryParse(context.RequestHeaders.GetValue("traceparent"), null, out var caller)
            ? caller.TraceId
            : ActivityTraceId.CreateRandom();
    }

    private readonly struct OpenStream(OpenStreams? streams, AdmittedStreams? joined, CancellationToken ending) : IDisposable
    {
        public CancellationToken Ending => ending;

        public void Dispose()
        {
            if (joined is not null)
                streams!.Leave(joined);
        }
    }
}
