using System.Collections.Concurrent;
using Grpc.Core;

namespace SingleWindowBridge.Sdk.Tests;

/// <summary>Answers calls from a script instead of a server: what each RPC says to its first call, its second, and so
/// on.</summary>
internal sealed class ScriptedInvoker : CallInvoker
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Delegate>> _script = new();

    /// <summary>All calls made, in their order.</summary>
    public ConcurrentQueue<SeenCall> Calls { get; } = new();

    /// <summary>After how many messages of an upload the script answers, without reading the others.</summary>
    public int RejectUploadsAfter { get; set; } = int.MaxValue;

    /// <summary>A client over this script.</summary>
    public SingleWindowClient Client(Action<SingleWindowClientOptions>? configure = null)
    {
        var options = new SingleWindowClientOptions("http://localhost:5000", "key-1")
        {
            Retry = new RetryOptions { InitialBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(2) },
        };
        configure?.Invoke(options);
        return new SingleWindowClient(options, this);
    }

    public ScriptedInvoker On<TRequest, TResponse>(string method, Func<TRequest, TResponse> answer)
        where TRequest : class
        where TResponse : class
    {
        Queue(method).Enqueue(new Func<object, object>(request => answer((TRequest)request)));
        return this;
    }

    public ScriptedInvoker Fail(string method, RpcException exception, int times = 1)
    {
        for (var i = 0; i < times; i++)
            Queue(method).Enqueue(new Func<object, object>(_ => throw exception));
        return this;
    }

    public ScriptedInvoker OnStream<TRequest, TResponse>(
        string method, Func<TRequest, CancellationToken, IAsyncEnumerable<TResponse>> answer)
        where TRequest : class
    {
        Queue(method).Enqueue(new Func<object, CancellationToken, object>((request, ct) => answer((TRequest)request, ct)));
        return this;
    }

    public IEnumerable<T> Requests<T>() => Calls.Select(call => call.Request).OfType<T>();

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw new NotSupportedException();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        Calls.Enqueue(new SeenCall(method.Name, request, options));
        var response = Answer<TResponse>(method.Name, request, options);
        return new(response, Task.FromResult(new Metadata()), () => Grpc.Core.Status.DefaultSuccess, () => [], () => { });
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        Calls.Enqueue(new SeenCall(method.Name, request, options));
        var answer = (Func<object, CancellationToken, object>)Next(method.Name);
        var cut = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        var stream = (IAsyncEnumerable<TResponse>)answer(request, cut.Token);
        return new(
            new Reader<TResponse>(stream.GetAsyncEnumerator(cut.Token)),
            Task.FromResult(new Metadata()),
            () => Grpc.Core.Status.DefaultSuccess,
            () => [],
            cut.Cancel);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var writer = new Writer<TRequest, TResponse>(
            request => Answer<TResponse>(method.Name, request, options), RejectUploadsAfter);
        Calls.Enqueue(new SeenCall(method.Name, writer.Written, options));
        return new(
            writer, writer.Response, Task.FromResult(new Metadata()), () => Grpc.Core.Status.DefaultSuccess, () => [], () => { });
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private ConcurrentQueue<Delegate> Queue(string method) => _script.GetOrAdd(method, _ => new());

    private Delegate Next(string method) => Queue(method).TryDequeue(out var next)
        ? next
        : throw new InvalidOperationException($"The script has no further answer for {method}.");

    private async Task<TResponse> Answer<TResponse>(string method, object request, CallOptions options)
    {
        await Task.Yield();
        if (options.CancellationToken.IsCancellationRequested)
            throw new RpcException(new Grpc.Core.Status(StatusCode.Cancelled, "Call canceled by the client."));
        return (TResponse)((Func<object, object>)Next(method))(request);
    }

    private sealed class Reader<T>(IAsyncEnumerator<T> messages) : IAsyncStreamReader<T>
    {
        public T Current => messages.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                return await messages.MoveNextAsync();
            }
            catch (OperationCanceledException)
            {
                throw new RpcException(new Grpc.Core.Status(StatusCode.Cancelled, "Call canceled by the client."));
            }
        }
    }

    /// <summary>Takes an upload. The answer is asked for with the list of all messages when the stream is complete, or after as
    /// many as the script wants to see.</summary>
    private sealed class Writer<TRequest, TResponse>(Func<List<TRequest>, Task<TResponse>> answer, int most)
        : IClientStreamWriter<TRequest>
    {
        private readonly TaskCompletionSource<TResponse> _response = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<TRequest> Written { get; } = [];

        public Task<TResponse> Response => _response.Task;

        public WriteOptions? WriteOptions { get; set; }

        public async Task WriteAsync(TRequest message)
        {
            if (Response.IsCompleted)
                throw new InvalidOperationException("Can't write the message because the call is complete.");
            Written.Add(message);
            if (Written.Count == most)
                await CompleteAsync();
        }

        public async Task CompleteAsync()
        {
            try
            {
                _response.TrySetResult(await answer(Written));
            }
            catch (Exception exception)
            {
                _response.TrySetException(exception);
            }
        }
    }
}

/// <summary>One call that was made.</summary>
internal sealed record SeenCall(string Method, object Request, CallOptions Options);
