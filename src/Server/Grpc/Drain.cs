using SingleWindowBridge.Server.Limits;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>
/// How the server stops: at once every service is NOT_SERVING and no new call is taken; a moment later the streams end with
/// SHUTTING_DOWN; calls with one answer go on to their end, as long as the whole stop may take.
/// </summary>
public sealed class Drain : IDisposable
{
    private readonly CancellationTokenSource streams;
    private readonly CancellationTokenRegistration stopping;

    /// <summary>Waits for the word to stop.</summary>
    public Drain(IHostApplicationLifetime lifetime, WireLimits limits, TimeProvider clock)
    {
        streams = new CancellationTokenSource(Timeout.InfiniteTimeSpan, clock);
        Begun = lifetime.ApplicationStopping;
        stopping = Begun.Register(() => streams.CancelAfter(limits.StreamsEndAfter));
    }

    /// <summary>Cancelled when the server begins to stop.</summary>
    public CancellationToken Begun { get; }

    /// <summary>Cancelled when streams are to end.</summary>
    public CancellationToken StreamsEnd => streams.Token;

    /// <summary>Cancelled when this stream is to end, which has no account.</summary>
    public CancellationToken StreamEndOf(HttpContext call) => call.Features.Get<StrangerStream>()?.Ending ?? StreamsEnd;

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping.Dispose();
        streams.Dispose();
    }
}
