using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>One stream of receipts, from its beginning until it is cut. It counts as cut when it is silent for three heartbeat
/// intervals while someone waits.</summary>
internal sealed class WatchConnection : IDisposable
{
    private static readonly Rpc WatchRpc = new(Wire.ReceiptService.Descriptor.FullName, "WatchReceipts");

    private readonly CallPipeline _pipeline;
    private readonly Wire.ReceiptService.ReceiptServiceClient _stub;
    private readonly Wire.WatchReceiptsRequest _request;
    private readonly TimeSpan _patience;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenSource _silence;
    private readonly CancellationTokenSource _either;
    private AsyncServerStreamingCall<Wire.WatchReceiptsResponse>? _call;
    private SingleWindowTelemetry.StreamScope? _telemetry;

    public WatchConnection(
        CallPipeline pipeline,
        Wire.ReceiptService.ReceiptServiceClient stub,
        Wire.WatchReceiptsRequest request,
        CancellationToken cancellationToken)
    {
        _pipeline = pipeline;
        _stub = stub;
        _request = request;
        _patience = request.HeartbeatInterval.ToTimeSpan() * 3;
        _cancellationToken = cancellationToken;
        _silence = new CancellationTokenSource(_patience, pipeline.Time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _silence.Token);
    }

    /// <summary>Waits for the next message, or for the end of the stream. What cannot be mended by going on is thrown.</summary>
    public async Task<WatchStep> NextAsync()
    {
        try
        {
            _silence.CancelAfter(_patience);
            _telemetry ??= SingleWindowTelemetry.StartStream(WatchRpc, _pipeline.Server, _pipeline.Time);
            _call ??= _stub.WatchReceipts(
                _request, await _pipeline.CallOptionsAsync(null, _either.Token).ConfigureAwait(false));
            var more = await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false);
            if (more)
            {
                _telemetry.Count();
                return new WatchStep(_call.ResponseStream.Current);
            }

            _telemetry.End();
            return new WatchStep("The server ended the stream.", null);
        }
        catch (NoApiKeyException exception)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            return Cut(exception.MessageEn, new NoApiKeyException(exception.Error with { Operation = WatchRpc.ToString() }, exception.InnerException));
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (_silence.IsCancellationRequested)
                return Cut($"The stream was silent for {_patience.TotalSeconds:0.#} s.", null);
            if (exception is not RpcException cause)
                throw;
            var error = ErrorReader.Read(cause) with { Operation = WatchRpc.ToString() };
            var failure = ErrorTable.ToException(error, cause);
            if (CallPipeline.IsCut(error) || error.Reason == ErrorReason.InternalError)
                return Cut(error.MessageEn, failure);
            _telemetry?.Fail(failure, error.MessageEn);
            throw failure;
        }
        finally
        {
            // The consumer may take its time over an item: only our own waiting counts.
            if (!_silence.IsCancellationRequested)
                _silence.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    private WatchStep Cut(string reason, SingleWindowException? failure)
    {
        _telemetry?.Fail(failure, reason);
        return new WatchStep(reason, failure);
    }

    public void Dispose()
    {
        _call?.Dispose();
        _telemetry?.Dispose();
        _either.Dispose();
        _silence.Dispose();
    }
}

/// <summary>What one wait gave: a message, or why the stream was cut.</summary>
internal readonly record struct WatchStep
{
    public WatchStep(Wire.WatchReceiptsResponse message) => Message = message;

    public WatchStep(string cutReason, SingleWindowException? error)
    {
        CutReason = cutReason;
        Error = error;
    }

    public Wire.WatchReceiptsResponse? Message { get; }

    public string CutReason { get; } = "";

    public SingleWindowException? Error { get; }
}
