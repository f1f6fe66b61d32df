using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;

namespace SingleWindowBridge.Server.Tests.Wire.Http2;

/// <summary>A connection to the server, spoken by hand. It answers settings and pings, and gives windows back unless told not to.</summary>
public sealed class RawConnection : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly ConcurrentDictionary<int, RawStream> streams = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool reads;
    private TaskCompletionSource pong = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int nextStream = 1;

    private readonly bool answersPings;

    private RawConnection(bool reads, bool answersPings) => (this.reads, this.answersPings) = (reads, answersPings);

    /// <summary>The code of the server's GOAWAY; null where none came.</summary>
    public int? GoAwayCode { get; private set; }

    /// <summary>The frames of settings that the server sent.</summary>
    public Dictionary<int, uint> ServerSettings { get; } = [];

    /// <summary>Ends when the server has closed the connection.</summary>
    public Task Ended => ended.Task;

    /// <summary>Connects.</summary>
    /// <param name="address">Where the server listens.</param>
    /// <param name="greets">Whether the preface and settings are sent.</param>
    /// <param name="window">The window of each stream.</param>
    /// <param name="reads">Whether windows are given back as bytes come.</param>
    /// <param name="answersPings">Whether the server's pings are answered.</param>
    public static async Task<RawConnection> OpenAsync(Uri address, bool greets = true, uint window = 1 << 20, bool reads = true, bool answersPings = true)
    {
        var connection = new RawConnection(reads, answersPings);
        await connection.socket.ConnectAsync(address.Host, address.Port);
        if (greets)
        {
            await connection.SendAsync(new Frames().Preface().SettingsFrame((1, 0), (4, window))
                .Number(Frames.WindowUpdate, 0, (1u << 30) - 65_535));
        }

        _ = connection.ReadAllAsync();
        return connection;
    }

    /// <summary>A stream of our own, not yet opened at the server.</summary>
    public RawStream NewStream()
    {
        var stream = new RawStream(Interlocked.Add(ref nextStream, 2) - 2);
        streams[stream.Id] = stream;
        return stream;
    }

    /// <summary>Sends what was written; a connection that the server has closed takes it too.</summary>
    public async Task SendAsync(Frames frames)
    {
        await writing.WaitAsync();
        try
        {
            for (var rest = frames.Bytes; rest.Length > 0;)
                rest = rest[(await socket.SendAsync(rest))..];
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            ended.TrySetResult();
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Makes a call of one message and waits for its end.</summary>
    public async Task<CallEnd> CallAsync(IEnumerable<(string Name, string Value)> fields, params byte[][] parts)
    {
        var stream = NewStream();
        var frames = new Frames().HeadersFrame(stream.Id, fields, end: parts.Length == 0);
        for (var i = 0; i < parts.Length; i++)
        {
            for (var offset = 0; offset == 0 || offset < parts[i].Length; offset += 16_384)
            {
                var piece = parts[i].AsSpan(offset, Math.Min(16_384, parts[i].Length - offset));
                frames.DataFrame(stream.Id, piece, end: i == parts.Length - 1 && offset + piece.Length == parts[i].Length);
            }
        }

        await SendAsync(frames);
        return await stream.Ended.WaitAsync(Patience);
    }

    /// <summary>Whether the server still answers a ping here; else it has closed the connection.</summary>
    /// <exception cref="TimeoutException">It does neither.</exception>
    public async Task<bool> PingAsync()
    {
        var answer = pong = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(new Frames().Frame(Frames.Ping, 0, 0, new byte[8]));
        return await Task.WhenAny(answer.Task, Ended).WaitAsync(Patience) == answer.Task;
    }

    /// <summary>Says that no more will come from here.</summary>
    public void Shut() => socket.Shutdown(SocketShutdown.Send);

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReadAllAsync()
    {
        try
        {
            await using var stream = new BufferedStream(new NetworkStream(socket), 32 * 1024);
            var head = new byte[9];
            while (await stream.ReadAtLeastAsync(head, 9, throwOnEndOfStream: false) == 9)
            {
                var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
                await stream.ReadExactlyAsync(payload);
                Take(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload);
            }
        }
        catch (Exception cut) when (cut is IOException or SocketException or ObjectDisposedException)
        {
            // The server, or the test, has cut the connection.
        }
        finally
        {
            ended.TrySetResult();
            foreach (var stream in streams.Values)
                stream.End(resetCode: -1);
        }
    }

    // What it sends is not waited for: a server that waits for its reader would wait for ever.
    private void Take(byte type, byte flags, int id, byte[] payload)
    {
        streams.TryGetValue(id, out var stream);
        switch (type)
        {
            case Frames.Settings when flags == 0:
                for (var i = 0; i + 6 <= payload.Length; i += 6)
                    ServerSettings[BinaryPrimitives.ReadInt16BigEndian(payload.AsSpan(i))] = BinaryPrimitives.ReadUInt32BigEndian(payload.AsSpan(i + 2));
                _ = SendAsync(new Frames().Frame(Frames.Settings, Frames.Ack, 0, []));
                break;
            case Frames.Ping when flags == 0 && answersPings:
                _ = SendAsync(new Frames().Frame(Frames.Ping, Frames.Ack, 0, payload));
                break;
            case Frames.Ping when flags != 0:
                pong.TrySetResult();
                break;
            case Frames.GoAway:
                GoAwayCode = BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(4));
                break;
            case Frames.Reset:
                stream?.End(BinaryPrimitives.ReadInt32BigEndian(payload));
                break;
            case Frames.Headers or Frames.Continuation:
                stream?.TakeHeaders(payload, complete: (flags & Frames.EndHeaders) != 0, last: type == Frames.Headers && (flags & Frames.EndStream) != 0);
                break;
            case Frames.Data:
                stream?.TakeData(payload, last: (flags & Frames.EndStream) != 0);
                if (reads && payload.Length > 0)
                {
                    _ = SendAsync(new Frames().Number(Frames.WindowUpdate, 0, (uint)payload.Length)
                        .Number(Frames.WindowUpdate, id, (uint)payload.Length));
                }

                break;
            default:
                break;
        }

        if (stream is { HasEnded: true })
            streams.TryRemove(id, out _);
    }
}
