using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>How many calls run in a server, by its own measure.</summary>
public sealed class RunningCalls : IDisposable
{
    private readonly MeterListener listener = new();
    private long running;

    public RunningCalls(BridgeServer server)
    {
        var meters = server.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, it) =>
        {
            if (instrument.Name == "http.server.active_requests" && instrument.Meter.Scope == meters)
                it.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref running, change));
        listener.Start();
    }

    public long Now => Interlocked.Read(ref running);

    /// <summary>Waits until so many run.</summary>
    public Task UntilAsync(long count) => Wait.ForAsync(() => Task.FromResult(Now), now => now == count);

    public void Dispose() => listener.Dispose();
}
