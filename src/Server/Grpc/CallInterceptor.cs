using System.Data.Common;
using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>What every call goes through: who calls, and one way in which failures are told.</summary>
public sealed class CallInterceptor(
    Credentials credentials, IBridgeDatabase database, IHostApplicationLifetime lifetime, ILogger<CallInterceptor> logger) : Interceptor
{
    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(request, context));

    /// <inheritdoc/>
    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(requestStream, context));

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => Done(continuation(request, responseStream, context)));

    /// <inheritdoc/>
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => Done(continuation(requestStream, responseStream, context)));

    private static async Task<bool> Done(Task call)
    {
        await call;
        return true;
    }

    private async Task<T> RunAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        try
        {
            if (!context.Method.StartsWith("/grpc.", StringComparison.Ordinal))
                context.SetAccount(await credentials.AuthenticateAsync(context.RequestHeaders, context.CancellationToken));

            return await call();
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Told(context, failure);
        }
    }

    private RpcException Told(ServerCallContext context, Exception failure)
    {
        if (failure is BridgeException refusal)
            return refusal.ToRpcException();
        if (context.CancellationToken.IsCancellationRequested)
        {
            return context.Deadline <= DateTime.UtcNow
                ? new RpcException(new global::Grpc.Core.Status(StatusCode.DeadlineExceeded, "The deadline has passed."))
                : new RpcException(new global::Grpc.Core.Status(StatusCode.Cancelled, "The call was cancelled."));
        }

        // A statement that is cut off by the stop fails as the database does.
        if (failure is OperationCanceledException or DbException && lifetime.ApplicationStopping.IsCancellationRequested)
            return new BridgeException(ErrorReason.ShuttingDown).ToRpcException();
        if (failure is DbException outage && database.IsOutage(outage))
        {
            logger.LogWarning(outage, "{Method}: the database is not available", context.Method);
            return new BridgeException(ErrorReason.StoreUnavailable, outage).ToRpcException();
        }

        var trace = Activity.Current?.TraceId.ToString() ?? context.GetHttpContext().TraceIdentifier;
        logger.LogError(failure, "{Method} failed, trace {Trace}", context.Method, trace);
        return new BridgeException(ErrorReason.InternalError, failure, ("trace_id", trace)).ToRpcException();
    }
}
