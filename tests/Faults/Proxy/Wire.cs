using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SingleWindowBridge.Faults.Proxy;

/// <summary>How a wire spoils what passes over it.</summary>
internal sealed record WireFaults
{
    /// <summary>Each connection is cut after so many bytes at the most, both ways together; how many is left to chance. 0 for never.</summary>
    public int MostBytes { get; init; }

    /// <summary>The part of what passes that is held back for a while, 0 to 1.</summary>
    public double Delayed { get; init; }

    /// <summary>How long it is held back at the most.</summary>
    public TimeSpan LongestDelay { get; init; }

    /// <summary>The part of the connections that are slow, 0 to 1.</summary>
    public double Slow { get; init; }

    /// <summary>How many bytes a second pass over a slow one.</summary>
    public int SlowBytesPerSecond { get; init; } = 20_000;

    /// <summary>
    /// The part of PostgreSQL's answers to COMMIT, 0 to 1, that do not pass: what is committed is on disk by then, and the connection
    /// is cut.
    /// </summary>
    public double CommitsUnanswered { get; init; }
}

/// <summary>A TCP proxy on this machine that cuts, delays and throttles. It begins faithful.</summary>
internal sealed class Wire : IDisposable
{
    // PostgreSQL says by this that a transaction is committed: CommandComplete, 11 bytes, "COMMIT".
    private static readonly byte[] Committed = [(byte)'C', 0, 0, 0, 11, .. "COMMIT\0"u8];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Passage, bool> _passages = new();
    private readonly int _to;
    private readonly Random _random;
    private readonly WireFaults _faults;
    private long _cuts;
    private long _unanswered;

    /// <summary>Begins to listen.</summary>
    /// <param name="to">The port that it leads to, at 127.0.0.1.</param>
    /// <param name="seed">Decides what is left to chance.</param>
    /// <param name="faults">What it does when it is not faithful.</param>
    public Wire(int to, int seed, WireFaults faults)
    {
        (_to, _random, _faults) = (to, new Random(seed), faults);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    /// <summary>The port that it listens on, at 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>How many connections it has cut.</summary>
    public long Cuts => Interlocked.Read(ref _cuts);

    /// <summary>How many of them just when a COMMIT was to be answered.</summary>
    public long Unanswered => Interlocked.Read(ref _unanswered);

    /// <summary>Whether everything passes as it should.</summary>
    public bool Faithful { get; set; } = true;

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var passage in _passages.Keys)
            passage.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync();
                _ = CarryAsync(near);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using var passage = new Passage(near, Bytes(), Chance(_faults.Slow));
        _passages[passage] = true;
        try
        {
            await passage.Far.ConnectAsync(IPAddress.Loopback, _to);
            await Task.WhenAny(PumpAsync(passage, near, passage.Far, false), PumpAsync(passage, passage.Far, near, true));
        }
        catch (SocketException)
        {
            // Nobody listens there.
        }
        finally
        {
            _passages.TryRemove(passage, out _);
        }
    }

    private async Task PumpAsync(Passage passage, Socket from, Socket to, bool answers)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                if (!Faithful)
                {
                    if (answers && passage.Faulty && Chance(_faults.CommitsUnanswered) && buffer.AsSpan(0, count).IndexOf(Committed) >= 0)
                    {
                        Interlocked.Increment(ref _unanswered);
                        Cut(passage);
                        return;
                    }

                    if (Chance(_faults.Delayed))
                        await Task.Delay(_faults.LongestDelay * Next());
                    if (passage.Slow)
                        await Task.Delay(TimeSpan.FromSeconds((double)count / _faults.SlowBytesPerSecond));
                    if (passage.Faulty && passage.Spend(count) is var left and <= 0 && _faults.MostBytes > 0)
                    {
                        await SendAllAsync(to, buffer.AsMemory(0, (int)Math.Max(0, count + left)));
                        Cut(passage);
                        return;
                    }
                }

                await SendAllAsync(to, buffer.AsMemory(0, count));
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // One of the ends has closed it, or we have.
        }
    }

    private static async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await to.SendAsync(bytes)..];
    }

    // In good order, or with a reset, as it falls.
    private void Cut(Passage passage)
    {
        if (!passage.End())
            return;
        Interlocked.Increment(ref _cuts);
        if (Chance(0.5))
        {
            passage.Near.LingerState = new LingerOption(true, 0);
            passage.Far.LingerState = new LingerOption(true, 0);
        }

        passage.Dispose();
    }

    // Few bytes as often as many: from the first byte of a handshake to the middle of a long stream.
    private long Bytes() => (long)Math.Exp(Next() * Math.Log(Math.Max(2, _faults.MostBytes)));

    private bool Chance(double part) => part > 0 && Next() < part;

    private double Next()
    {
        lock (_random)
            return _random.NextDouble();
    }

    private sealed class Passage(Socket near, long bytes, bool slow) : IDisposable
    {
        private long _left = bytes;
        private int _ended;

        public Socket Near => near;

        public Socket Far { get; } = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        public bool Slow => slow;

        public bool Faulty => Volatile.Read(ref _ended) == 0;

        public long Spend(int count) => Interlocked.Add(ref _left, -count);

        public bool End() => Interlocked.Exchange(ref _ended, 1) == 0;

        public void Dispose()
        {
            near.Dispose();
            Far.Dispose();
        }
    }
}
