using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using SingleWindowBridge.Server.Tests.Wire.Http2;

namespace SingleWindowBridge.Bench.Load;

/// <summary>
/// Calls that come when they come, whether or not those before were answered: one connection for each of many authorities, frames written
/// by hand, so that ten times of what a server can do comes from half a processor.
/// </summary>
internal sealed class OpenLoop : IDisposable
{
    private const string Submit = "/singlewindow.bridge.v1.ApplicationService/SubmitApplication";

    private readonly List<Caller> callers = [];
    private readonly CancellationTokenSource end = new();
    private Turn turn = new();

    /// <summary>Connects.</summary>
    public static async Task<OpenLoop> ConnectAsync(string host, int port, int authorities)
    {
        var loop = new OpenLoop();
        for (var authority = 1; authority <= authorities; authority++)
            loop.callers.Add(await Caller.ConnectAsync(loop, host, port, authority));
        return loop;
    }

    /// <summary>Sends so many calls a second, for so long, and gives what became of those that were answered.</summary>
    public async Task<Turn> RunAsync(double rate, TimeSpan length, TimeSpan? rest = null)
    {
        var mine = turn = new Turn();
        var begun = Stopwatch.GetTimestamp();
        await Task.Factory.StartNew(() => Send(rate, length, begun, mine), TaskCreationOptions.LongRunning);
        mine.Length = Stopwatch.GetElapsedTime(begun);

        // Answers to the last ones.
        await Task.Delay(rest ?? TimeSpan.FromSeconds(1));
        turn = new Turn();
        return mine;
    }

    public void Dispose()
    {
        end.Cancel();
        callers.ForEach(caller => caller.Dispose());
        end.Dispose();
    }

    private void Send(double rate, TimeSpan length, long begun, Turn mine)
    {
        var (sent, next) = (0L, 0);
        for (TimeSpan elapsed; (elapsed = Stopwatch.GetElapsedTime(begun)) < length; Thread.Sleep(1))
        {
            for (var due = (long)(elapsed.TotalSeconds * rate); sent < due; sent++)
            {
                var tries = 0;
                while (tries < callers.Count && !callers[next++ % callers.Count].TryAdd(mine))
                    tries++;
                if (tries == callers.Count)
                    mine.Unsent++;
            }

            mine.Offered = sent;
            callers.ForEach(caller => caller.Flush());
        }
    }

    /// <summary>What became of the calls of a turn.</summary>
    internal sealed class Turn
    {
        private readonly Lock gate = new();
        private readonly List<(double Second, double Milliseconds)> accepted = [];
        private readonly List<double> refused = [];
        private readonly Dictionary<string, int> statuses = [];
        private readonly long begun = Stopwatch.GetTimestamp();

        public TimeSpan Length { get; set; }

        public long Offered { get; set; }

        /// <summary>Calls that found all connections full of open ones.</summary>
        public long Unsent { get; set; }

        public int Accepted => accepted.Count;

        public int Refused => refused.Count;

        public int Cut { get; private set; }

        public IReadOnlyDictionary<string, int> Statuses => statuses;

        /// <summary>The time of accepted calls, from when they were sent, in milliseconds.</summary>
        public double At(double percent, double from = 0, double to = double.MaxValue)
        {
            var times = accepted.Where(each => each.Second >= from && each.Second < to).Select(each => each.Milliseconds).Order().ToList();
            return times.Count == 0 ? double.NaN : times[Math.Min(times.Count - 1, (int)(times.Count * percent / 100))];
        }

        public int RefusedIn(double from, double to) => refused.Count(second => second >= from && second < to);

        internal void Answer(bool taken, long sentAt)
        {
            lock (gate)
            {
                var second = Stopwatch.GetElapsedTime(begun, sentAt).TotalSeconds;
                if (taken)
                    accepted.Add((second, Stopwatch.GetElapsedTime(sentAt).TotalMilliseconds));
                else
                    refused.Add(second);
            }
        }

        internal void Reset()
        {
            lock (gate)
                Cut++;
        }

        internal void Say(string status)
        {
            lock (gate)
                statuses[status] = statuses.GetValueOrDefault(status) + 1;
        }
    }

    private sealed class Caller : IDisposable
    {
        private const int Places = 256;
        private const int MostOpen = 100;

        // Of the refusals each so manieth is read to the end.
        private const int ReadEach = 20;

        private readonly OpenLoop loop;
        private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] head;
        private readonly byte[] data;
        private readonly int idAt;
        private readonly (Turn? Turn, long SentAt, bool HasData)[] open = new (Turn?, long, bool)[Places];
        private readonly Lock gate = new();
        private MemoryStream waiting = new();
        private MemoryStream spare = new();
        private bool sending;
        private int nextId = 1;
        private int openCount;
        private int refusals;

        private Caller(OpenLoop loop, int authority)
        {
            this.loop = loop;
            var message = Samples.Submission(authority);
            var bytes = message.ToByteArray();
            head = new Frames().HeadersFrame(1,
            [
                (":method", "POST"), (":scheme", "http"), (":path", Submit), (":authority", "bridge"), ("te", "trailers"),
                ("content-type", "application/grpc"), ("authorization", $"Bearer key-{authority}"),
            ]).Bytes.ToArray();
            data = new Frames().DataFrame(1, Frames.Message(bytes), end: true).Bytes.ToArray();
            idAt = data.AsSpan().IndexOf(Encoding.ASCII.GetBytes(message.RequestId));
        }

        public static async Task<Caller> ConnectAsync(OpenLoop loop, string host, int port, int authority)
        {
            var caller = new Caller(loop, authority);
            await caller.socket.ConnectAsync(host, port);

            // No table of headers, and windows that never shut.
            await caller.socket.SendAsync(new Frames().Preface().SettingsFrame((1, 0), (4, int.MaxValue))
                .Number(Frames.WindowUpdate, 0, int.MaxValue - 65_535).Bytes);
            _ = caller.ReadAsync();
            return caller;
        }

        /// <summary>Adds a call to what is sent next; false where as many are open as may be.</summary>
        public bool TryAdd(Turn turn)
        {
            lock (gate)
            {
                if (openCount >= MostOpen)
                    return false;

                openCount++;
                var id = nextId;
                nextId += 2;
                BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(5), id);
                BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(5), id);
                Guid.NewGuid().TryFormat(data.AsSpan(idAt), out _);
                waiting.Write(head);
                waiting.Write(data);
                open[(id >> 1) % Places] = (turn, Stopwatch.GetTimestamp(), false);
                return true;
            }
        }

        public void Flush()
        {
            lock (gate)
            {
                if (sending || waiting.Length == 0)
                    return;
                sending = true;
                (waiting, spare) = (spare, waiting);
            }

            _ = SendAsync();
        }

        public void Dispose() => socket.Dispose();

        private async Task SendAsync()
        {
            try
            {
                for (ReadOnlyMemory<byte> rest = spare.GetBuffer().AsMemory(0, (int)spare.Length); rest.Length > 0;)
                    rest = rest[(await socket.SendAsync(rest, loop.end.Token))..];
            }
            catch (Exception cut) when (cut is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                loop.turn.Say("cut off");
            }

            lock (gate)
            {
                spare.SetLength(0);
                sending = false;
            }
        }

        private async Task ReadAsync()
        {
            var buffer = new byte[64 * 1024];
            var filled = 0;
            try
            {
                for (int read; (read = await socket.ReceiveAsync(buffer.AsMemory(filled), loop.end.Token)) > 0;)
                {
                    filled += read;
                    var used = Take(buffer.AsSpan(0, filled));
                    buffer.AsSpan(used, filled - used).CopyTo(buffer);
                    filled -= used;
                }

                loop.turn.Say("closed");
            }
            catch (Exception cut) when (cut is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The end, or the server's.
            }
        }

        private int Take(ReadOnlySpan<byte> bytes)
        {
            var used = 0;
            while (bytes.Length - used >= 9)
            {
                var frame = bytes[used..];
                var length = BinaryPrimitives.ReadInt32BigEndian(frame) >>> 8;
                if (frame.Length < 9 + length)
                    break;
                used += 9 + length;
                Take(frame[3], frame[4], BinaryPrimitives.ReadInt32BigEndian(frame[5..]), frame.Slice(9, length));
            }

            return used;
        }

        private void Take(byte type, byte flags, int id, ReadOnlySpan<byte> payload)
        {
            ref var place = ref open[(id >> 1) % Places];
            switch (type)
            {
                case Frames.Data:
                    place.HasData = true;
                    break;
                case Frames.Headers when (flags & Frames.EndStream) != 0:
                    Close(place, place.HasData, payload);
                    break;
                case Frames.Reset:
                    place.Turn?.Reset();
                    lock (gate)
                        openCount--;
                    break;
                case Frames.GoAway:
                    loop.turn.Say("GOAWAY");
                    break;
                default:
                    break;
            }
        }

        private void Close((Turn? Turn, long SentAt, bool HasData) place, bool taken, ReadOnlySpan<byte> payload)
        {
            place.Turn!.Answer(taken, place.SentAt);
            if (!taken && refusals++ % ReadEach == 0)
                place.Turn.Say(Read(payload));
            lock (gate)
                openCount--;
        }

        private static string Read(ReadOnlySpan<byte> block)
        {
            var fields = new Dictionary<string, string>();
            HeaderBlock.Read(block, fields);
            var details = fields.GetValueOrDefault("grpc-status-details-bin", "");
            var status = Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')));
            var comes = status.Details.Any(detail => detail.Is(Google.Rpc.RetryInfo.Descriptor)) ? "RetryInfo" : "no RetryInfo";
            return $"{fields.GetValueOrDefault("grpc-status")} with {comes}";
        }
    }
}
