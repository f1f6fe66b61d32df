using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Limits;

/// <summary>Stands before TLS: closes what an address, or the server, has too many of, and stops reading from who does not heed refusals.</summary>
public sealed class ConnectionGate(
    AddressLimits addresses, OpenConnections connections, LimitSettings settings, WireLimits wire, Refusals refusals, TimeProvider clock)
{
    /// <summary>Serves a connection to its end.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (addresses.TryEnter(connection.RemoteEndPoint) is not { } address)
        {
            refusals.Count("ADDRESS", "CONNECTIONS");
            return;
        }

        var use = new ConnectionUse(address, settings, wire.StreamsPerConnection, clock) { Close = connection.Abort };
        try
        {
            if (!connections.TryEnter(use, out var gaveWay))
            {
                refusals.Count("SERVER", "CONNECTIONS");
                return;
            }

            if (gaveWay is not null)
            {
                refusals.Count("SERVER", "CONNECTIONS");
                gaveWay.EndPause();
                gaveWay.Close();
            }

            connection.Features.Set(use);
            connection.Transport = new PausedPipe(connection.Transport, use);
            await next(connection);
        }
        finally
        {
            // Who was not heeding refusals is not to begin anew on the next connection.
            if (use.WasPaused)
                address.NewConnections.Charge(settings.AddressNewConnections);
            connections.Leave(use);
            addresses.Leave(address);
        }
    }

    private sealed class PausedPipe(IDuplexPipe transport, ConnectionUse use) : IDuplexPipe
    {
        public PipeReader Input { get; } = new PausedReader(transport.Input, use);

        public PipeWriter Output => transport.Output;
    }
}

/// <summary>What one connection has asked for of late.</summary>
internal sealed class ConnectionUse(AddressUse address, LimitSettings settings, int givenUpAtOnce, TimeProvider clock)
{
    // So many refusals are taken for bad luck; who goes on is not read for a while, and for longer each time.
    private const int RefusalsPerSecond = 2;
    private const int RefusalsBurst = 20;

    // Calls that their caller gave up: as many as may be open at once, and then a few.
    private const int GivenUpPerSecond = 10;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);

    private readonly Bucket refusals = new(RefusalsPerSecond, RefusalsBurst, clock);
    private readonly Bucket givenUp = new(GivenUpPerSecond, givenUpAtOnce, clock);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan pause = ShortestPause;
    private bool paused;
    private bool known;

    public AddressUse Address => address;

    /// <summary>Closes it.</summary>
    public required Action Close { get; init; }

    /// <summary>Whether a good credential was ever shown on it.</summary>
    public bool IsKnown { get => Volatile.Read(ref known); set => Volatile.Write(ref known, value); }

    /// <summary>Whether it counts among the server's; as <see cref="Place"/>, kept by <see cref="OpenConnections"/>.</summary>
    public bool HasPlace { get; set; }

    /// <summary>Where it stands among those on which no good credential was shown; null where it does not.</summary>
    public LinkedListNode<ConnectionUse>? Place { get; set; }

    public Bucket Calls { get; } = new(settings.ConnectionCalls, Math.Max(settings.ConnectionBurst, 1), clock);

    public bool IsPaused => Volatile.Read(ref paused);

    /// <summary>Whether it did not heed refusals.</summary>
    public bool WasPaused { get; private set; }

    /// <summary>Notes a refusal; where they become too many nothing more is read for a while.</summary>
    public void Refuse()
    {
        if (!refusals.TryTake(1, out _) | !address.Refusals.TryTake(1, out _))
            Pause();
        else
            pause = ShortestPause;
    }

    /// <summary>Notes that the caller gave a call up; one that opens calls to give them up is not read for a while.</summary>
    public void GiveUp()
    {
        if (!givenUp.TryTake(1, out _))
            Pause();
    }

    /// <summary>Waits until reading goes on.</summary>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        // Not all that were refused together are to come again together.
        await ended.Task.WaitAsync(pause * (0.75 + (Random.Shared.NextDouble() / 2)), clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        pause = pause < LongestPause ? pause * 2 : LongestPause;
        Volatile.Write(ref paused, false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Has reading go on, for the connection's end.</summary>
    public void EndPause() => ended.TrySetResult();

    private void Pause()
    {
        WasPaused = true;
        Volatile.Write(ref paused, true);
    }
}
