using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Bench.Wire;

namespace SingleWindowBridge.Bench.Load;

/// <summary>
/// How soon a follower has a receipt, on the server that committed it and on another one of the same database; then 10,000 followers
/// of one server: its memory, and how soon all of an authority's followers have a receipt.
/// </summary>
internal sealed class FeedBench(ServerProcess writer, ServerProcess other) : IDisposable
{
    private const int Authorities = 200;
    private const int StreamsEach = 90;

    private readonly List<GrpcChannel> channels = [];

    /// <summary>Runs it: [seconds of each measurement [followers]].</summary>
    public static async Task RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
        var many = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10_000;
        await using var cluster = await BenchCluster.StartAsync();
        await cluster.AddAuthoritiesAsync(Authorities);
        var program = Path.Combine(AppContext.BaseDirectory, "SingleWindowBridge.Bench.Load.dll");
        await using var writer = await ServerProcess.StartAsync(program, 5431, ["server", .. cluster.Arguments]);
        await using var other = await ServerProcess.StartAsync(program, 5432, ["server", .. cluster.Arguments]);
        Console.WriteLine(FormattableString.Invariant(
            $"{Environment.ProcessorCount} cores shared by two servers, clients and PostgreSQL; load {(await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0]}; fdatasync {await cluster.FsyncAsync():0} µs"));
        using var bench = new FeedBench(writer, other);
        await bench.MeasureAsync(TimeSpan.FromSeconds(seconds), many);
    }

    /// <inheritdoc/>
    public void Dispose() => channels.ForEach(channel => channel.Dispose());

    private async Task MeasureAsync(TimeSpan length, int many)
    {
        Console.WriteLine($"{"from the change's time, before its commit, to the follower",-62}{"p50 ms",9}{"p99 ms",9}{"receipts",10}");

        // Until the JIT has done its work.
        await FollowAsync(writer, Authorities, 200, TimeSpan.FromSeconds(10));
        await FollowAsync(other, Authorities, 200, TimeSpan.FromSeconds(10));
        foreach (var rate in new[] { 50, 400 })
        {
            var here = Tell($"{Authorities} followers, same server, {rate} changes a second", await FollowAsync(writer, Authorities, rate, length));
            Tell($"{Authorities} followers, other server, {rate} changes a second", await FollowAsync(other, Authorities, rate, length));
            if (rate == 50)
                p50 = here;
        }

        var (live, resident) = await MemoryAsync();
        var followers = await StartAsync(other, many);
        var (liveWith, residentWith) = await MemoryAsync();
        Console.WriteLine(FormattableString.Invariant(
            $"{many} followers on one server: {(liveWith - live) / 1024.0 / many:0.0} KiB of live objects each; the process has {resident >> 20} MiB before, {residentWith >> 20} MiB with them"));
        var before = other.Processor;
        Tell($"{many} followers, {many / Authorities} of each authority, 20 changes a second", await RunAsync(followers, 20, length));
        Console.WriteLine(FormattableString.Invariant($"its processor: {(other.Processor - before) / length * 100:0} % of a core meanwhile"));
        await followers.DisposeAsync();
        Console.WriteLine(FormattableString.Invariant($"p50: {p50:0.00} ms"));
    }

    private double p50;

    private static double Tell(string what, List<double> latencies)
    {
        latencies.Sort();
        var (middle, high) = (latencies[latencies.Count / 2], latencies[latencies.Count * 99 / 100]);
        Console.WriteLine(FormattableString.Invariant($"{what,-62}{middle,9:0.00}{high,9:0.00}{latencies.Count,10}"));
        return middle;
    }

    private async Task<List<double>> FollowAsync(ServerProcess server, int count, int rate, TimeSpan length)
    {
        await using var followers = await StartAsync(server, count);
        return await RunAsync(followers, rate, length);
    }

    // Changes at a steady rate, whoever is ahead; then waits until every follower has every receipt.
    private async Task<List<double>> RunAsync(Followers followers, int rate, TimeSpan length)
    {
        followers.Latencies.Clear();
        var client = new ApplicationService.ApplicationServiceClient(writer.Channel);
        var calls = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / Math.Min(rate, 100)));
        var each = Math.Max(1, rate / 100);
        for (var end = DateTime.UtcNow + length; DateTime.UtcNow < end;)
        {
            await timer.WaitForNextTickAsync();
            for (var i = 0; i < each; i++)
            {
                var authority = Random.Shared.Next(1, Authorities + 1);
                calls.Add(client.SubmitApplicationAsync(Samples.Submission(authority), Samples.Credential(authority)).ResponseAsync);
            }
        }

        await Task.WhenAll(calls);
        var expected = calls.Count * (followers.Count / Authorities);
        for (var patience = 0; followers.Latencies.Count < expected; patience++)
        {
            if (patience > 300)
                throw new InvalidOperationException($"{followers.Latencies.Count} of {expected} receipts came.");
            await Task.Delay(100);
        }

        return [.. followers.Latencies];
    }

    private async Task<Followers> StartAsync(ServerProcess server, int count)
    {
        var followers = new Followers(count);
        foreach (var chunk in Enumerable.Range(0, count).Chunk(StreamsEach))
        {
            var channel = GrpcChannel.ForAddress(server.Address);
            channels.Add(channel);
            await Task.WhenAll(chunk.Select(number => followers.AddAsync(new ReceiptService.ReceiptServiceClient(channel), (number % Authorities) + 1)));
        }

        return followers;
    }

    private async Task<(long Live, long Resident)> MemoryAsync()
    {
        using var http = new HttpClient { DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var numbers = (await http.GetStringAsync(new Uri(other.Address + "/memory"))).Split(' ');
        return (long.Parse(numbers[0], CultureInfo.InvariantCulture), long.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    // Live streams, each of which asserts the order, with the latencies of all.
    private sealed class Followers(int count) : IAsyncDisposable
    {
        private readonly CancellationTokenSource end = new();
        private readonly List<Task> following = [];

        public int Count => count;

        public ConcurrentBag<double> Latencies { get; } = [];

        public async Task AddAsync(ReceiptService.ReceiptServiceClient client, int authority)
        {
            var call = client.WatchReceipts(
                new WatchReceiptsRequest { OnlyNew = true }, Samples.Credential(authority), cancellationToken: end.Token);
            if (!await call.ResponseStream.MoveNext(end.Token))
                throw new InvalidOperationException("A watch ended at once.");
            var last = call.ResponseStream.Current.CaughtUp.Number;
            lock (following)
                following.Add(FollowAsync(call, last));
        }

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            await Task.WhenAll(following);
            end.Dispose();
        }

        private async Task FollowAsync(AsyncServerStreamingCall<WatchReceiptsResponse> call, long last)
        {
            using var _ = call;
            try
            {
                while (await call.ResponseStream.MoveNext(end.Token))
                {
                    if (call.ResponseStream.Current.Receipt is not { } receipt)
                        continue;
                    if (receipt.Number != ++last)
                        throw new InvalidOperationException($"Receipt {receipt.Number} came where {last} should have.");
                    Latencies.Add((DateTime.UtcNow - receipt.Time.ToDateTime()).TotalMilliseconds);
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
            {
                // That is how a watch ends.
            }
        }
    }
}
