using SingleWindowBridge.Server.Tests.Wire.Http2;

namespace SingleWindowBridge.Server.Tests.Wire;

/// <summary>One connection made from a seed that breaks a rule of HTTP/2, and the code that the server must close it with.</summary>
public sealed class FuzzConnection
{
    private const int Protocol = 1, FlowControl = 3, StreamClosed = 5, FrameSize = 6, Compression = 9;

    private readonly Random random;
    private readonly Frames frames = new();
    private readonly int[]? codes;

    public FuzzConnection(int seed)
    {
        random = new Random(seed);
        Func<int[]?>[] wrongs =
        [
            Noise, NoPreface, DataOnNothing, DataWithoutCall, SettingsOnStream, SettingsSize, SettingsValue, WindowOfNothing, WindowTooLarge,
            PingSize, PingOnStream, Push, EvenStream, OlderStream, LostContinuation, BrokenHeaders, FrameTooLarge, ResetOfNothing,
            TooMuchPadding, PrioritySelf, UpperCase, NoPath, TruncatedFrame, UnknownFrame,
        ];
        var wrong = wrongs[random.Next(wrongs.Length)];
        What = wrong.Method.Name;
        codes = wrong();
    }

    public string What { get; }

    /// <summary>Does it, and gives what is wrong with the server's answer; null where nothing is.</summary>
    public async Task<string?> RunAsync(Uri address)
    {
        await using var connection = await RawConnection.OpenAsync(address, greets: What is not nameof(NoPreface));
        await connection.SendAsync(frames);
        if (What == nameof(TruncatedFrame) || (What == nameof(Noise) && random.Next(2) == 0))
            connection.Shut();
        var open = await connection.PingAsync();
        if (codes is null)
            return null;
        if (codes.Length == 0)
            return open ? null : $"closed with {connection.GoAwayCode} and should be open";
        return open ? "open and should be closed"
            : connection.GoAwayCode is { } code && !codes.Contains(code) ? $"closed with {code}, not {string.Join(" or ", codes)}"
            : null;
    }

    // Frames of any kind with any content: whatever comes of it, it ends in order.
    private int[]? Noise()
    {
        for (var i = random.Next(1, 10); i > 0; i--)
        {
            var payload = new byte[random.Next(60)];
            random.NextBytes(payload);
            frames.Frame((byte)random.Next(12), (byte)random.Next(256), random.Next(8), payload);
        }

        return null;
    }

    private int[]? NoPreface()
    {
        var bytes = new byte[random.Next(24, 100)];
        random.NextBytes(bytes);
        frames.Raw(random.Next(2) == 0 ? bytes : "GET / HTTP/1.1\r\nHost: bridge\r\n\r\n"u8);
        return [Protocol];
    }

    private int[] DataOnNothing() => Wrong(frames.Frame(Frames.Data, 0, 0, [1]), Protocol);

    private int[] DataWithoutCall() => Wrong(frames.DataFrame(7, [1]), Protocol, StreamClosed);

    private int[] SettingsOnStream() => Wrong(frames.Frame(Frames.Settings, 0, 1, []), Protocol);

    private int[] SettingsSize() => Wrong(frames.Frame(Frames.Settings, 0, 0, new byte[random.Next(1, 6)]), FrameSize);

    private int[] SettingsValue() => random.Next(3) switch
    {
        0 => Wrong(frames.SettingsFrame((4, 0x80000000u + (uint)random.Next())), FlowControl),
        1 => Wrong(frames.SettingsFrame((5, (uint)random.Next(16_384))), Protocol),
        _ => Wrong(frames.SettingsFrame((2, 2u + (uint)random.Next())), Protocol),
    };

    private int[] WindowOfNothing() => Wrong(frames.Number(Frames.WindowUpdate, 0, 0), Protocol);

    private int[] WindowTooLarge() => Wrong(frames.Number(Frames.WindowUpdate, 0, int.MaxValue), FlowControl);

    private int[] PingSize() => Wrong(frames.Frame(Frames.Ping, 0, 0, new byte[random.Next(8)]), FrameSize);

    private int[] PingOnStream() => Wrong(frames.Frame(Frames.Ping, 0, 1 + (2 * random.Next(9)), new byte[8]), Protocol);

    private int[] Push() => Wrong(frames.Frame(Frames.PushPromise, Frames.EndHeaders, 1, new byte[8]), Protocol);

    private int[] EvenStream() => Wrong(frames.HeadersFrame(2 * random.Next(1, 9), Calls.To(Calls.Health)), Protocol);

    private int[] OlderStream() => Wrong(
        frames.HeadersFrame(9, Calls.To(Calls.Health)).HeadersFrame(1 + (2 * random.Next(4)), Calls.To(Calls.Health)), Protocol, StreamClosed);

    private int[] LostContinuation() => random.Next(2) == 0
        ? Wrong(frames.Frame(Frames.Continuation, Frames.EndHeaders, 1, []), Protocol)
        : Wrong(frames.Frame(Frames.Headers, 0, 1, Frames.Block(Calls.To(Calls.Health))).Frame(Frames.Ping, 0, 0, new byte[8]), Protocol);

    private int[] BrokenHeaders() => Wrong(
        frames.Frame(Frames.Headers, Frames.EndHeaders, 1, random.Next(3) switch
        {
            0 => [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
            1 => [0x80],
            _ => [0x00, 0x7F, 0x01],
        }),
        Compression, Protocol);

    private int[] FrameTooLarge() => Wrong(frames.Frame(Frames.Data, 0, 1, new byte[16_385]), FrameSize);

    private int[] ResetOfNothing() => Wrong(frames.Number(Frames.Reset, 5, 8), Protocol);

    private int[] TooMuchPadding() => Wrong(
        frames.HeadersFrame(1, Calls.To(Calls.Upload)).Frame(Frames.Data, Frames.Padded, 1, [200, 1, 2]), Protocol);

    private int[] PrioritySelf() => Wrong(frames.Frame(Frames.Priority, 0, 3, [0, 0, 0, 3, 1]), Protocol);

    private int[] UpperCase() => Wrong(frames.HeadersFrame(1, [.. Calls.To(Calls.Health), ("X-Upper", "1")]), Protocol);

    private int[] NoPath() => Wrong(frames.HeadersFrame(1, Calls.To(Calls.Health).Where(field => field.Name != ":path")), Protocol);

    private int[]? TruncatedFrame()
    {
        frames.Frame(Frames.Headers, Frames.EndHeaders, 1, new byte[random.Next(20)], length: 1000);
        return null;
    }

    // What later versions of the protocol may bring is passed over.
    private int[] UnknownFrame() => Wrong(frames.Frame((byte)random.Next(20, 250), (byte)random.Next(256), random.Next(3), new byte[random.Next(50)]));

    private static int[] Wrong(Frames _, params int[] codes) => codes;
}
