namespace SingleWindowBridge.Server.Limits;

/// <summary>
/// A stream that asks for no credential: a watch of health, or reflection. It ends after a while, unless a good credential was shown on its
/// connection by then, and an address has so many open.
/// </summary>
internal sealed class StrangerStream : IDisposable
{
    private readonly ConnectionUse connection;
    private readonly CancellationTokenSource ending;
    private readonly ITimer? timer;

    private StrangerStream(ConnectionUse connection, TimeSpan longest, TimeProvider clock, CancellationToken streamsEnd)
    {
        this.connection = connection;
        ending = CancellationTokenSource.CreateLinkedTokenSource(streamsEnd);
        Ending = ending.Token;
        if (longest > TimeSpan.Zero)
            timer = clock.CreateTimer(_ => End(), null, longest, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when the stream is to end: because of its age, or because the server stops.</summary>
    public CancellationToken Ending { get; }

    /// <summary>Whether it was open for as long as it may be.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Begins a stream; null where its address has as many as it may have.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="settings">How many, and how long.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="streamsEnd">Cancelled when the server stops.</param>
    public static StrangerStream? TryOpen(ConnectionUse connection, LimitSettings settings, TimeProvider clock, CancellationToken streamsEnd) =>
        connection.Address.TryOpenStream()
            ? new StrangerStream(connection, settings.StrangerStream, clock, streamsEnd)
            : null;

    public void Dispose()
    {
        connection.Address.CloseStream();
        timer?.Dispose();
        ending.Dispose();
    }

    private void End()
    {
        if (connection.IsKnown)
            return;

        IsOver = true;
        try
        {
            ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }
}
