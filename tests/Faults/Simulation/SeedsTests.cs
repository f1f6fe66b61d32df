using System.Diagnostics;
using System.Globalization;
using SingleWindowBridge.Faults;
using Xunit.Abstractions;

namespace SingleWindow.Tests.Simulation;

/// <summary>
/// Seeded simulations of clients, servers and Customs (docs/reliability.md). BRIDGE_SEED=n runs one seed and prints its trace;
/// BRIDGE_SEED_FROM=n begins with that one and not with 1.
/// </summary>
public sealed class SeedsTests(ITestOutputHelper output)
{
    private const int ShortForm = 1_000;
    private const int MostShown = 5;
    private const int Often = 1_000;

    [Fact]
    public void Nothing_is_lost_doubled_or_reordered_whatever_the_seed()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("BRIDGE_SEED"), CultureInfo.InvariantCulture, out var one))
        {
            using var ground = Ground.Open();
            var run = Simulation.Run(ground, one);
            output.WriteLine($"{string.Join('\n', run.Trace)}\n{run.Breach?.Message ?? "nothing was broken"}\nhash {run.Hash}; {run.Counts}");
            Assert.Null(run.Breach);
            return;
        }

        // Seeds run beside each other, each on one thread.
        var (counts, broken, took) = (new SeedCounts(), new List<SeedRun>(), Stopwatch.StartNew());
        var seeds = Tally.Count(ShortForm);
        var first = int.TryParse(Environment.GetEnvironmentVariable("BRIDGE_SEED_FROM"), CultureInfo.InvariantCulture, out var from) ? from : 1;
        var (next, done) = (first - 1, 0);
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            using var ground = Ground.Open();
            while (Interlocked.Increment(ref next) is var seed && seed < first + seeds)
            {
                var run = Simulation.Run(ground, seed);
                lock (counts)
                {
                    counts.Add(run.Counts);
                    if (run.Breach is not null)
                        broken.Add(run);
                    if (++done % Often == 0)
                        output.Say($"{done} seeds from {first}, {broken.Count} with a fault");
                }
            }
        });

        output.Say($"{seeds} seeds from {first} in {took.Elapsed}, {seeds / took.Elapsed.TotalMinutes:F0} a minute: {counts}");
        broken.Sort((one, other) => one.Seed.CompareTo(other.Seed));
        output.WriteLine(string.Join('\n', broken.Select(run => $"Seed {run.Seed}; again with BRIDGE_SEED={run.Seed}: {run.Breach!.Message}")));
        foreach (var run in broken.Take(MostShown))
            output.WriteLine($"\nSeed {run.Seed}\n{string.Join('\n', run.Trace)}\n{run.Breach!.Message}");
        new Tally(
            broken.Count(run => run.Breach!.Kind == BreachKind.Lost), broken.Count(run => run.Breach!.Kind == BreachKind.Doubled),
            broken.Count(run => run.Breach!.Kind == BreachKind.Reordered), seeds).Settle();
    }

    [Fact]
    public void A_seed_goes_the_same_way_again()
    {
        using var first = Ground.Open();
        using var second = Ground.Open();
        for (var seed = 1; seed <= 40; seed++)
        {
            var run = Simulation.Run(first, seed);

            // In another order, and on another ground.
            var again = Simulation.Run(second, 41 - seed);
            var same = Simulation.Run(second, seed);
            Assert.Equal(run.Trace, same.Trace);
            Assert.Equal(run.Hash, same.Hash);
            Assert.NotEqual(run.Hash, again.Hash);
        }
    }
}
