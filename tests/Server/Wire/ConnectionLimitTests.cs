using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Server.Tests.Wire.Http2;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Wire;

/// <summary>What one connection, and all of them, may ask for; the honest caller beside them is served.</summary>
public sealed class ConnectionLimitTests : IAsyncLifetime
{
    private const int RefusedStream = 7;
    private const int MostConnections = 40;

    private readonly BridgeServer server = new();

    public ConnectionLimitTests(ITestOutputHelper output)
    {
        server.Output = output;
        server.Settings["Wire:Connections"] = $"{MostConnections}";
    }

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task The_server_says_its_limits()
    {
        await using var connection = await RawConnection.OpenAsync(server.Address);
        Assert.True(await connection.PingAsync());
        var expected = new Dictionary<int, uint> { [3] = 100, [4] = 512 * 1024, [6] = 16 * 1024 };
        Assert.Equal(expected, connection.ServerSettings.Where(it => expected.ContainsKey(it.Key)).ToDictionary());
    }

    [Fact]
    public async Task A_connection_has_100_calls_open_and_the_next_is_refused()
    {
        await using var connection = await RawConnection.OpenAsync(server.Address);
        var streams = Enumerable.Range(0, 101).Select(_ => connection.NewStream()).ToList();
        foreach (var stream in streams)
        {
            await connection.SendAsync(new Frames().HeadersFrame(stream.Id, Calls.To(Calls.Watch))
                .DataFrame(stream.Id, new WatchReceiptsRequest { OnlyNew = true }.Framed(), end: true));
        }

        Assert.Equal(RefusedStream, (await streams[100].Ended.WaitAsync(TimeSpan.FromSeconds(30))).ResetCode);
        foreach (var stream in streams[..100])
            await stream.Begun.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.All(streams[..100], stream => Assert.False(stream.HasEnded));
        await HonestCallAsync();
    }

    [Fact]
    public async Task A_connection_past_the_limit_is_closed()
    {
        await HonestCallAsync();
        var connections = new List<RawConnection>();
        for (var i = 0; i < MostConnections + 10; i++)
            connections.Add(await RawConnection.OpenAsync(server.Address));

        // Those that gave way are closed a moment later.
        await Wait.ForAsync(
            () => Task.FromResult(connections.Count(connection => !connection.Ended.IsCompleted)), open => open < MostConnections);
        var open = 0;
        foreach (var connection in connections)
            open += await connection.PingAsync() ? 1 : 0;
        Assert.InRange(open, 1, MostConnections - 1);
        await HonestCallAsync();
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    [Theory]
    [InlineData(56, 10, true)]
    [InlineData(80, 10, false)]
    [InlineData(1, 8_000, true)]
    [InlineData(1, 9_000, false)]
    [InlineData(3, 6_000, false)]
    public async Task Headers_past_the_limits_make_no_call(int count, int length, bool passes)
    {
        await using var connection = await RawConnection.OpenAsync(server.Address);
        var more = Enumerable.Range(0, count).Select(i => ($"x-{i}", (string?)new string('v', length))).ToArray();
        var stream = connection.NewStream();
        var block = Frames.Block(Calls.To(Calls.Health, more));
        var first = block.AsSpan(0, Math.Min(block.Length, 16_384));
        var whole = first.Length == block.Length;
        var frames = new Frames().Frame(Frames.Headers, whole ? Frames.EndHeaders : (byte)0, stream.Id, first);
        if (!whole)
            frames.Frame(Frames.Continuation, Frames.EndHeaders, stream.Id, block.AsSpan(first.Length));
        await connection.SendAsync(frames.DataFrame(stream.Id, Frames.Message([]), end: true));

        var end = await stream.Ended.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(passes ? end.Status == StatusCode.OK : end.Status is null, $"{end} {connection.GoAwayCode}");
        await HonestCallAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_flood_of_calls_reset_at_once_is_not_read_on(bool withMessage)
    {
        await using var connection = await RawConnection.OpenAsync(server.Address);
        var flood = FloodAsync();
        while (!flood.IsCompleted)
            await HonestCallAsync();
        Assert.True(await flood || connection.Ended.IsCompleted);

        // Whether TCP takes no more of it for a while.
        async Task<bool> FloodAsync()
        {
            for (var sent = 0; sent < 1_000_000 && !connection.Ended.IsCompleted; sent += 100)
            {
                var frames = new Frames();
                for (var i = 0; i < 100; i++)
                {
                    var stream = connection.NewStream();
                    frames.HeadersFrame(stream.Id, Calls.To(Calls.Watch));
                    if (withMessage)
                        frames.DataFrame(stream.Id, new WatchReceiptsRequest { OnlyNew = true }.Framed(), end: true);
                    frames.Number(Frames.Reset, stream.Id, 8);
                }

                var taken = connection.SendAsync(frames);
                if (await Task.WhenAny(taken, Task.Delay(TimeSpan.FromSeconds(3))) != taken)
                    return true;
            }

            return false;
        }
    }

    [Theory]
    [InlineData(Frames.Ping)]
    [InlineData(Frames.Settings)]
    [InlineData(Frames.Priority)]
    [InlineData(Frames.Data)]
    public async Task A_flood_of_frames_that_ask_for_nothing_leaves_others_served(byte type)
    {
        await using var connection = await RawConnection.OpenAsync(server.Address, reads: false);
        var stream = connection.NewStream();
        await connection.SendAsync(new Frames().HeadersFrame(stream.Id, Calls.To(Calls.Upload)));
        var frames = new Frames();
        for (var i = 0; i < 1_000; i++)
        {
            _ = type switch
            {
                Frames.Ping => frames.Frame(Frames.Ping, 0, 0, new byte[8]),
                Frames.Settings => frames.SettingsFrame((4, 65_535)),
                Frames.Priority => frames.Frame(Frames.Priority, 0, stream.Id, new byte[5]),
                _ => frames.DataFrame(stream.Id, []),
            };
        }

        for (var i = 0; i < 50; i++)
            await connection.SendAsync(frames);
        await HonestCallAsync();
    }

    private async Task HonestCallAsync() => await server.First.Cases.ListCasesAsync(new ListCasesRequest());
}
