using System.Collections.Concurrent;
using System.Diagnostics;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Server.Tests.Wire.Http2;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Wire;

/// <summary>
/// Calls and connections that are wrong in every way we know, made from seeds: each gets the right status or a clean close, an honest
/// caller beside them is served all the while, and nothing grows. BRIDGE_FUZZ_INPUTS sets how many (100,000), BRIDGE_FUZZ_SEED the
/// first seed (1): a failure names its seed, and BRIDGE_FUZZ_SEED=that with BRIDGE_FUZZ_INPUTS=1 makes it again.
/// </summary>
[Collection(Alone.Name)]
public sealed class FuzzTests : IAsyncLifetime
{
    private const int InputsPerConnection = 400;
    private const int InputsAtOnce = 40;
    private const int Workers = 3;
    private const int MostFaults = 10;

    private readonly ITestOutputHelper output;
    private readonly BridgeServer server = new();
    private readonly ConcurrentQueue<string> faults = [];
    private int honest;
    private volatile bool done;

    public FuzzTests(ITestOutputHelper output)
    {
        this.output = output;
        server.Settings["Logging:LogLevel:Default"] = "None";
    }

    private static int Inputs => int.Parse(Environment.GetEnvironmentVariable("BRIDGE_FUZZ_INPUTS") ?? "100000");

    private static int FirstSeed => int.Parse(Environment.GetEnvironmentVariable("BRIDGE_FUZZ_SEED") ?? "1");

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task No_input_gets_a_wrong_answer_harms_another_caller_or_leaves_anything()
    {
        // What is made once, is made before measuring.
        await RunAsync(FirstSeed, Math.Min(Inputs, 5_000));
        await Task.Delay(500);
        var before = Usage.Now();

        var honestCaller = CallHonestlyAsync();
        var since = Stopwatch.GetTimestamp();
        await RunAsync(FirstSeed, Inputs);
        var took = Stopwatch.GetElapsedTime(since);
        done = true;
        await honestCaller;

        await Task.Delay(500);
        var after = Usage.Now();
        output.WriteLine($"{Inputs} inputs from seed {FirstSeed} in {took.TotalSeconds:F0} s, {honest} honest calls beside them");
        output.WriteLine($"before: {before}\nafter: {after}");
        Assert.True(faults.IsEmpty, string.Join('\n', faults));
        Assert.True(honest > 0);
        Assert.InRange(after.Heap - before.Heap, long.MinValue, 16_000_000);

        // The pools of threads and of database connections breathe; what every hundredth input left would stand out.
        Assert.InRange(after.Handles - before.Handles, int.MinValue, 100);
        Assert.InRange(after.Threads - before.Threads, int.MinValue, 50);
    }

    private async Task RunAsync(int firstSeed, int count)
    {
        var next = firstSeed - InputsPerConnection;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(async _ =>
        {
            while (true)
            {
                var seed = Interlocked.Add(ref next, InputsPerConnection);
                var left = firstSeed + count - seed;
                if (left <= 0 || faults.Count >= MostFaults)
                    return;
                await RunConnectionAsync(seed, Math.Min(left, InputsPerConnection));
            }
        }));
    }

    // One seed in twelve is a connection of its own; the others are calls on one that they share.
    private async Task RunConnectionAsync(int firstSeed, int count)
    {
        var seeds = Enumerable.Range(firstSeed, count).ToLookup(seed => seed % 12 == 0);
        await using (var connection = await RawConnection.OpenAsync(server.Address))
        {
            foreach (var batch in seeds[false].Chunk(InputsAtOnce).TakeWhile(_ => faults.Count < MostFaults))
                await RunCallsAsync(connection, batch);
            if (!await connection.PingAsync())
                faults.Enqueue($"seeds {firstSeed} to {firstSeed + count - 1}: the connection was closed with {connection.GoAwayCode}");
        }

        foreach (var seed in seeds[true])
        {
            var input = new FuzzConnection(seed);
            if (await input.RunAsync(server.Address) is { } fault)
                faults.Enqueue($"seed {seed}, {input.What}: {fault}");
        }
    }

    private async Task RunCallsAsync(RawConnection connection, int[] seeds)
    {
        var frames = new Frames();
        var calls = new List<(int Seed, FuzzInput Input, RawStream Stream)>();
        foreach (var seed in seeds)
        {
            var (input, stream) = (new FuzzInput(seed), connection.NewStream());
            input.Write(frames, stream.Id);
            if (!input.Resets)
                calls.Add((seed, input, stream));
        }

        await connection.SendAsync(frames);
        var patience = Task.Delay(TimeSpan.FromSeconds(60));
        foreach (var (seed, input, stream) in calls)
        {
            if (await Task.WhenAny(stream.Ended, patience) != stream.Ended)
                faults.Enqueue($"seed {seed}, {input.What}: no answer");
            else if (input.Fault(await stream.Ended) is { } fault)
                faults.Enqueue($"seed {seed}, {input.What}: {fault}");
        }
    }

    private async Task CallHonestlyAsync()
    {
        while (!done)
        {
            try
            {
                await server.First.Cases.ListCasesAsync(new ListCasesRequest());
                await server.First.UploadAsync();
                honest += 2;
            }
            catch (RpcException failure)
            {
                faults.Enqueue($"an honest call failed: {failure.Status}");
                return;
            }

            await Task.Delay(50);
        }
    }

    private sealed record Usage(long Heap, int Handles, int Threads)
    {
        public static Usage Now()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using var process = Process.GetCurrentProcess();
            return new Usage(GC.GetTotalMemory(forceFullCollection: true), process.HandleCount, process.Threads.Count);
        }

        public override string ToString() => $"heap {Heap / 1024:N0} KiB, {Handles} handles, {Threads} threads";
    }
}
