using System.Runtime.CompilerServices;
using Grpc.Core;

namespace SingleWindowBridge;

/// <summary>The unary calls of one service.</summary>
internal sealed class ServiceCalls(CallPipeline pipeline, string service)
{
    public CallPipeline Pipeline => pipeline;

    /// <summary>Reads.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TResponse> ReadAsync<TRequest, TResponse>(
        string method,
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> call,
        TRequest request,
        CancellationToken cancellationToken)
    {
        var operation = new Operation(new Rpc(service, method), null, pipeline.Options.Deadline);
        var outcome = await pipeline.RunAsync(
            operation, (call, request), static (with, options) => with.call(with.request, options).ResponseAsync, cancellationToken)
            .ConfigureAwait(false);
        return outcome.Value;
    }

    /// <summary>Changes, with one request id for all attempts.</summary>
    public async Task<Changed<TResponse>> ChangeAsync<TRequest, TResponse>(
        string method,
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> call,
        Func<string, TRequest> request,
        ChangeOptions? options,
        CancellationToken cancellationToken)
    {
        var requestId = options?.RequestId ?? Guid.NewGuid();
        var changesNothing = options is SubmitOptions { ValidateOnly: true };
        var operation = new Operation(
            new Rpc(service, method), changesNothing ? null : requestId, options?.Deadline ?? pipeline.Options.Deadline);
        var message = request(requestId.ToString("D"));
        var outcome = await pipeline.RunAsync(
            operation, (call, message), static (with, options) => with.call(with.message, options).ResponseAsync, cancellationToken)
            .ConfigureAwait(false);
        return new Changed<TResponse>(outcome.Value, requestId, outcome.Attempts);
    }
}

/// <summary>What a change gave.</summary>
internal readonly record struct Changed<T>(T Response, Guid RequestId, int Attempts);
