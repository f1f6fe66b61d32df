using System.Buffers.Binary;
using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Bench.Wire;

/// <summary>
/// What the bridge's pipeline costs: its cheapest authenticated call and its stream of receipts, each beside the same on the bare
/// official server, in turns in one run.
/// </summary>
internal sealed class WireBench : IAsyncDisposable
{
    private const string Key = "swb_bench_key";
    private const string AuthorityId = "bench-aw";
    private const string UnaryPath = "/singlewindow.bridge.v1.CatalogueService/GetAuthority";
    private const string EchoPath = "/singlewindow.bench.v1.BareEchoService/GetSomeBytes";
    private const string StreamPath = "/singlewindow.bridge.v1.ReceiptService/WatchReceipts";
    private const int UnaryRounds = 33;
    private const int StreamRounds = 15;
    private const int FollowerRounds = 5;
    private const int StoredReceipts = 20_000;

    private static readonly TimeSpan TurnLength = TimeSpan.FromSeconds(0.5);
    private static readonly string[] Unlimited =
        ["AccountCalls", "AccountBurst", "AccountOpenCalls", "AccountTurns", "AccountStreams", "ConnectionCalls", "ConnectionBurst", "AddressConnections"];

    private readonly string folder = Directory.CreateTempSubdirectory("wire-bench-").FullName;
    private readonly List<ServerProcess> servers = [];
    private readonly Table table = new();

    /// <summary>Runs it all.</summary>
    public static async Task<int> RunAsync()
    {
        await using var bench = new WireBench();
        await bench.MeasureAsync();
        return 0;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task MeasureAsync()
    {
        var bridge = await StartBridgeAsync("SingleWindowBridge.Server.dll", 5411);
        var answer = await AuthorityAsync(bridge);
        var bare = await StartAsync("SingleWindowBridge.Bench.Wire.dll", 5412, "bare", $"--AnswerBytes={answer.CalculateSize()}");
        await CheckEchoAsync(bare, answer.CalculateSize());
        Console.WriteLine($"unary: the answer has {answer.CalculateSize()} bytes");

        var unary = new Load(UnaryPath, Frame(new GetAuthorityRequest()), Key, 5 + answer.CalculateSize(), 8, 8);
        var echo = unary with { Path = EchoPath };
        var ratio = await CompareAsync("unary", "calls", bridge, unary, bare, echo, UnaryRounds, 1);

        var memory = await StartBridgeAsync("SingleWindowBridge.Bench.Wire.dll", 5413, "bridge");
        var streamBytes = await StreamAsync(memory);
        if (streamBytes != await StreamAsync(bare))
            throw new InvalidOperationException("The two streams differ.");
        var stream = new Load(StreamPath, Frame(new WatchReceiptsRequest()), Key, streamBytes, 4, 1);
        await CompareAsync("receipts from memory", "messages", memory, stream, bare, stream, StreamRounds, Samples.Receipts);

        await AuthorityAsync(memory);
        await CompareAllocationsAsync("call", memory, unary, bare, echo, 20_000, 1);
        await CompareAllocationsAsync("message", memory, stream, bare, stream, 20, Samples.Receipts);

        await StoredFeed.FillAsync(Path.Combine(folder, "SingleWindowBridge.Server.dll.db"), AuthorityId, StoredReceipts);
        await CompareFollowersAsync(bridge, bare);

        table.Print();
        Console.WriteLine(FormattableString.Invariant($"ratio: {ratio:0.00}"));
    }

    private Task<ServerProcess> StartBridgeAsync(string assembly, int port, params string[] arguments) => StartAsync(
        assembly, port, [
            .. arguments, $"--Bridge:Database={Path.Combine(folder, assembly + ".db")}", $"--Sandbox:Accounts:1:Id={AuthorityId}",
            "--Sandbox:Accounts:1:Country=AW", "--Sandbox:Accounts:1:NameZh=测试主管当局", "--Sandbox:Accounts:1:NameEn=Authority of the bench",
            $"--Sandbox:Accounts:1:Key={Key}", "--Sandbox:Accounts:1:CategoryScope:0=AQUATIC",

            // Counted like any others, and far out of reach.
            .. Unlimited.Select(limit => $"--Limits:{limit}=1000000000")]);

    private async Task<ServerProcess> StartAsync(string assembly, int port, params string[] arguments)
    {
        var server = await ServerProcess.StartAsync(Path.Combine(AppContext.BaseDirectory, assembly), port, arguments);
        servers.Add(server);
        return server;
    }

    // Rounds of four turns, ABBA, so that what drifts on the machine drifts for both.
    private async Task<double> CompareAsync(
        string what, string unit, ServerProcess ours, Load oursLoad, ServerProcess bare, Load bareLoad, int rounds, int messages)
    {
        var oursCalls = await WarmAsync(ours, oursLoad);
        var bareCalls = await WarmAsync(bare, bareLoad);
        var (mine, theirs, ratios) = (new List<LoadResult>(), new List<LoadResult>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var first = await H2Load.RunAsync(ours, oursLoad, oursCalls);
            var second = await H2Load.RunAsync(bare, bareLoad, bareCalls);
            var third = await H2Load.RunAsync(bare, bareLoad, bareCalls);
            var fourth = await H2Load.RunAsync(ours, oursLoad, oursCalls);
            mine.AddRange([first, fourth]);
            theirs.AddRange([second, third]);
            ratios.Add((first.Rate + fourth.Rate) / (second.Rate + third.Rate));
        }

        var ratio = ratios.Median();
        table.Add($"{what}: {unit} a second", mine.Median(run => run.Rate * messages), theirs.Median(run => run.Rate * messages), ratio);
        table.Add(
            $"{what}: server's processor, µs each", mine.Median(run => run.Cost / messages), theirs.Median(run => run.Cost / messages));
        Console.WriteLine($"{what}: ratios of the rounds {string.Join(' ', ratios.Select(each => FormattableString.Invariant($"{each:0.00}")))}");
        return ratio;
    }

    // Until the JIT has done its work; gives the number of calls that fill a turn.
    private static async Task<int> WarmAsync(ServerProcess server, Load load)
    {
        var calls = 16;
        var begun = Stopwatch.GetTimestamp();
        LoadResult last;
        do
        {
            last = await H2Load.RunAsync(server, load, calls);
            calls = Math.Max(load.Connections, (int)(last.Rate * TurnLength.TotalSeconds));
        }
        while (Stopwatch.GetElapsedTime(begun) < 12 * TurnLength);
        return calls;
    }

    private async Task CompareAllocationsAsync(
        string unit, ServerProcess ours, Load oursLoad, ServerProcess bare, Load bareLoad, int calls, int messages) => table.Add(
            $"bytes allocated by the server a {unit}",
            await AllocatedAsync(ours, oursLoad, calls) / messages,
            await AllocatedAsync(bare, bareLoad, calls) / messages);

    private static async Task<double> AllocatedAsync(ServerProcess server, Load load, int calls)
    {
        await H2Load.RunAsync(server, load, calls);
        var before = await server.AllocatedAsync();
        await H2Load.RunAsync(server, load, calls);
        return (double)(await server.AllocatedAsync() - before) / calls;
    }

    // The stored feed is followed by one client, the same one on both sides.
    private async Task CompareFollowersAsync(ServerProcess bridge, ServerProcess bare)
    {
        var (mine, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < FollowerRounds; round++)
        {
            mine.Add(await FollowAsync(bridge));
            theirs.Add(await FollowAsync(bare));
        }

        table.Add("receipts from SQLite, one .NET client: messages a second", mine.Median(), theirs.Median(), mine.Median() / theirs.Median());
    }

    private static async Task<double> FollowAsync(ServerProcess server)
    {
        var begun = Stopwatch.GetTimestamp();
        var count = 0;
        using var call = Watch(server);
        while (await call.ResponseStream.MoveNext(CancellationToken.None) && call.ResponseStream.Current.Receipt is { } receipt)
        {
            if (receipt.Number != ++count)
                throw new InvalidOperationException($"Receipt {receipt.Number} came where {count} should have.");
        }

        return count / Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private static AsyncServerStreamingCall<WatchReceiptsResponse> Watch(ServerProcess server) =>
        new ReceiptService.ReceiptServiceClient(server.Channel).WatchReceipts(new WatchReceiptsRequest(), Credential());

    private static Metadata Credential() => new() { { "authorization", $"Bearer {Key}" } };

    private static async Task<GetAuthorityResponse> AuthorityAsync(ServerProcess server)
    {
        var client = new CatalogueService.CatalogueServiceClient(server.Channel);
        var answer = await client.GetAuthorityAsync(new GetAuthorityRequest(), Credential());
        if (answer.Authority.AuthorityId != AuthorityId || answer.Authority.ProductScope.Count == 0)
            throw new InvalidOperationException($"GetAuthority answered {answer}");
        try
        {
            await client.GetAuthorityAsync(new GetAuthorityRequest(), new Metadata { { "authorization", $"Bearer {Key}x" } });
        }
        catch (RpcException refusal) when (refusal.StatusCode == StatusCode.Unauthenticated)
        {
            return answer;
        }

        throw new InvalidOperationException("A wrong key was let in.");
    }

    private static async Task CheckEchoAsync(ServerProcess server, int size)
    {
        var answer = await new BareEchoService.BareEchoServiceClient(server.Channel).GetSomeBytesAsync(new EchoMessage());
        if (answer.CalculateSize() != size)
            throw new InvalidOperationException($"The echo's answer has {answer.CalculateSize()} bytes, not {size}.");
    }

    // The data of a whole stream in bytes, once its messages are seen to be right.
    private static async Task<long> StreamAsync(ServerProcess server)
    {
        var (bytes, count) = (0L, 0);
        using var call = Watch(server);
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            var receipt = call.ResponseStream.Current.Receipt;
            if (receipt.Number != ++count)
                throw new InvalidOperationException($"Receipt {receipt.Number} came where {count} should have.");
            bytes += 5 + call.ResponseStream.Current.CalculateSize();
        }

        return count == Samples.Receipts ? bytes : throw new InvalidOperationException($"{count} receipts came.");
    }

    private string Frame(IMessage message)
    {
        var frame = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - 5);
        message.WriteTo(frame.AsSpan(5));
        var path = Path.Combine(folder, message.Descriptor.Name);
        File.WriteAllBytes(path, frame);
        return path;
    }
}
