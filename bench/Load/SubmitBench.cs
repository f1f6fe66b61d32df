using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Bench.Wire;

namespace SingleWindowBridge.Bench.Load;

/// <summary>
/// Durable submissions a second through gRPC beside the same transaction sent by pgbench to the same cluster, in turns in one run.
/// </summary>
internal sealed class SubmitBench(BenchCluster cluster, ServerProcess server, int rounds, int seconds)
{
    private const int Callers = 32;
    private const int Connections = 4;
    private const int Authorities = 100;

    private readonly List<string> lines = [];

    /// <summary>Runs it: [rounds [seconds a turn [arguments of the server]]].</summary>
    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;
        await using var cluster = await BenchCluster.StartAsync();
        await cluster.AddAuthoritiesAsync(Authorities);
        await using var server = await ServerProcess.StartAsync(
            Path.Combine(AppContext.BaseDirectory, "SingleWindowBridge.Bench.Load.dll"), 5421, ["server", .. cluster.Arguments, .. args.Skip(2)]);
        await new SubmitBench(cluster, server, rounds, seconds).MeasureAsync();
    }

    private async Task MeasureAsync()
    {
        Console.WriteLine(FormattableString.Invariant(
            $"{Environment.ProcessorCount} cores shared by server, clients and PostgreSQL; load {(await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0]}; fdatasync {await cluster.FsyncAsync():0} µs; {Callers} clients"));
        await WarmAsync();
        if (rounds == 0)
        {
            var (rate, cost) = await TurnAsync(Authorities);
            Console.WriteLine(FormattableString.Invariant($"{rate:0} a second, {cost:0} µs of the server's processor each"));
            return;
        }

        await PgbenchScript.PrepareAsync(cluster);
        await BenchCluster.ExecuteAsync(cluster.Owner, "ANALYZE");
        var many = await CompareAsync($"{Authorities} authorities", Authorities);
        await CompareAsync("one authority", 1);

        Console.WriteLine($"{"submissions a second",-28}{"gRPC",10}{"pgbench",10}{"pgbench",10}{"ratio to",10}{"server's CPU",14}");
        Console.WriteLine($"{"",-28}{"",10}{"statements",11}{"function",9}{"stronger",10}{"µs each",14}");
        lines.ForEach(Console.WriteLine);
        Console.WriteLine(FormattableString.Invariant($"ratio: {many:0.00}"));
    }

    // Until the JIT has done its work.
    private async Task WarmAsync()
    {
        for (var calls = 0; calls < 30_000;)
            calls += await CallAsync(Authorities, TimeSpan.FromSeconds(5));
    }

    // Rounds of four turns, so that what drifts on the machine drifts for all.
    private async Task<double> CompareAsync(string what, int authorities)
    {
        var (ours, statements, functions, ratios, costs) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var (first, cost) = await TurnAsync(authorities);
            statements.Add(await cluster.PgbenchAsync(PgbenchScript.Statements, Callers, seconds, $"authorities={authorities}"));
            functions.Add(await cluster.PgbenchAsync(PgbenchScript.Function, Callers, seconds, $"authorities={authorities}"));
            var (second, _) = await TurnAsync(authorities);
            ours.AddRange([first, second]);
            costs.Add(cost);
            ratios.Add((first + second) / 2 / Math.Max(statements[^1], functions[^1]));
            Console.WriteLine(FormattableString.Invariant(
                $"{what}: gRPC {first:0} and {second:0}, pgbench statements {statements[^1]:0}, function {functions[^1]:0}, ratio {ratios[^1]:0.00}"));
        }

        var ratio = Median(ratios);
        lines.Add(FormattableString.Invariant(
            $"{what,-28}{Median(ours),10:0}{Median(statements),11:0}{Median(functions),9:0}{ratio,10:0.00}{Median(costs),14:0}"));
        return ratio;
    }

    private async Task<(double Rate, double Cost)> TurnAsync(int authorities)
    {
        var before = server.Processor;
        var watch = Stopwatch.StartNew();
        var count = await CallAsync(authorities, TimeSpan.FromSeconds(seconds));
        var rate = count / watch.Elapsed.TotalSeconds;
        return (rate, (server.Processor - before).TotalMicroseconds / count);
    }

    // Callers that each wait for the answer before the next call; every answer is checked.
    private async Task<int> CallAsync(int authorities, TimeSpan length)
    {
        var channels = Enumerable.Range(0, Connections).Select(_ => GrpcChannel.ForAddress(server.Address)).ToList();
        var end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        var counts = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var client = new ApplicationService.ApplicationServiceClient(channels[caller % Connections]);
            var random = new Random(caller);
            var count = 0;
            for (; Stopwatch.GetTimestamp() < end; count++)
            {
                var authority = random.Next(1, authorities + 1);
                var answer = await client.SubmitApplicationAsync(Samples.Submission(authority), Samples.Credential(authority));
                if (answer.Case.Status != SingleWindow.Bridge.V1.Status.Declared || answer.Case.Number.Length == 0)
                    throw new InvalidOperationException($"A submission was answered with {answer}");
            }

            return count;
        })));
        channels.ForEach(channel => channel.Dispose());
        return counts.Sum();
    }

    private static double Median(List<double> numbers) => numbers.Order().ElementAt(numbers.Count / 2);
}

/// <summary>What is submitted.</summary>
internal static class Samples
{
    /// <summary>A new application of an authority, complete.</summary>
    public static SubmitApplicationRequest Submission(int authority) => new()
    {
        RequestId = Guid.NewGuid().ToString(),
        Application = new Application
        {
            Category = "FROZEN_FRUIT",
            Products = { "FROZEN_FRUIT_ALL" },
            Contact = new Contact
            {
                Department = "Food Safety Division",
                Name = "Jan Jansen",
                Position = "Director",
                Phone = new PhoneNumber { CountryCode = "297", AreaCode = "58", Number = "1234567" },
                Email = "jan.jansen@food.example.aw",
            },
            Summary = "冷冻蓝莓 frozen blueberries (Vaccinium corymbosum) from three growers, packed at one plant, 1 kg bags",
            FileIds = { $"file-{authority}" },
        },
    };

    /// <summary>The key of an authority.</summary>
    public static Metadata Credential(int authority) => new() { { "authorization", $"Bearer key-{authority}" } };
}
