using Grpc.Core;

namespace SingleWindowBridge;

/// <summary>The unary calls of one service.</summary>
internal sealed class ServiceCalls(CallPipeline pipeline, string service)
{
    public CallPipeline Pipeline => pipeline;

    /// <summary>Reads.</summary>
    public async Task<TResponse> ReadAsync<TRequest, TResponse>(
        string method,
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> call,
        TRequest request,
        CancellationToken cancellationToken)
    {
        var operation = new Operation(new Rpc(service, method), null, pipeline.Options.Deadline);
        var outcome = await pipeline.RunAsync(operation, options => OnceAsync(call, request, options), cancellationToken)
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
        var outcome = await pipeline.RunAsync(operation, once => OnceAsync(call, message, once), cancellationToken)
            .ConfigureAwait(false);
        return new Changed<TResponse>(outcome.Value, requestId, outcome.Attempts);
    }

    private static async Task<TResponse> OnceAsync<TRequest, TResponse>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> call, TRequest request, CallOptions options)
    {
        using var once = call(request, options);
        return await once.ResponseAsync.ConfigureAwait(false);
    }
}

/// <summary>What a change gave.</summary>
internal readonly record struct Changed<T>(T Response, Guid RequestId, int Attempts);
