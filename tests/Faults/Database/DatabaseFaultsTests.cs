using System.Diagnostics;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Storage;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Database;

/// <summary>
/// A whole journey is made once to count the calls of the database, each statement by its text, and then again for each of them with
/// that one failing: before its effect, and after it. What is left at the end must be what the first left.
/// </summary>
public sealed class DatabaseFaultsTests(ITestOutputHelper output) : IAsyncLifetime
{
    // A server that has been through many is as good as new: so it is kept for so many.
    private const int JourneysOfAServer = 40;
    private const int MostTold = 12;
    private const int ShortForm = 24;

    private readonly List<string> told = [];
    private readonly HashSet<string> failedCalls = [];
    private FaultedServer? server;
    private int runs;
    private long lost;
    private long doubled;
    private long reordered;
    private long failed;
    private long notMet;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await CloseAsync();

    /// <summary>The long form tries every call; the short form some, the same in every run.</summary>
    [Fact]
    public async Task What_a_journey_leaves_is_the_same_whichever_call_of_the_database_fails()
    {
        var began = Stopwatch.GetTimestamp();

        // The first fills what is kept in memory.
        await GoAsync(null);
        var alone = Stopwatch.GetTimestamp();
        var (expected, counts) = await GoAsync(null);
        var journey = Stopwatch.GetElapsedTime(alone).TotalMilliseconds;
        var targets = TargetsOf(counts);
        foreach (var target in Chosen(targets, counts.Count))
            await TryAsync(target, expected);
        await VerifyAsync();
        output.WriteLine(
            $"{counts.Values.Sum()} calls, {counts.Count} different, in {journey:F0} ms; {failed} failures in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s, "
            + $"of {failedCalls.Count} different ones; {notMet} times the call did not come that often");
        new Tally(lost, doubled, reordered, failed).Settle(string.Join("\n\n", told.Take(MostTold)));
    }

    // Of calls that are alike one after the other, spread over the journey: first one of each, then another of each ...
    private List<Target> TargetsOf(IReadOnlyDictionary<string, int> counts)
    {
        var kinds = server!.Plan.Failures.Kinds;
        var calls = counts.OrderBy(call => call.Key, StringComparer.Ordinal).ToList();
        var all = new List<Target>();
        for (var round = 0; all.Count < 2 * counts.Values.Sum(); round++)
        {
            foreach (var (call, count) in calls.Where(call => call.Value > round))
            {
                var time = SpreadOver(count, round) + 1;
                all.Add(new Target(call, time, Moment.Before, all.Count / 2 % kinds));
                all.Add(new Target(call, time, Moment.After, 0));
            }
        }

        return all;
    }

    // Every number below the count once, neighbours far from each other.
    private static int SpreadOver(int count, int round)
    {
        var step = Math.Max(1, (int)(count * 0.618));
        while (System.Numerics.BigInteger.GreatestCommonDivisor(step, count) != 1)
            step++;
        return (int)((long)step * round % count);
    }

    // The long form takes them from the first; the short form some of those that differ.
    private static IEnumerable<Target> Chosen(List<Target> targets, int different)
    {
        var most = Tally.Count(0);
        if (most > 0)
            return targets.Take(most);
        var step = (2 * different / ShortForm) | 1;
        return targets.Take(2 * different).Where((_, index) => index % step == 0);
    }

    private async Task TryAsync(Target target, IReadOnlyList<string> expected)
    {
        try
        {
            var (outcome, _) = await GoAsync(target);
            if (!server!.Plan.Failed)
            {
                notMet++;
                return;
            }

            failed++;
            failedCalls.Add(target.Call);
            Compare(target, expected, outcome);
        }
        catch (Exception failure)
        {
            failed++;
            lost++;
            Tell($"{target}\n{failure}\n{server?.TakeLog()}");
            await CloseAsync();
        }
    }

    private void Compare(Target target, IReadOnlyList<string> expected, IReadOnlyList<string> outcome)
    {
        if (expected.SequenceEqual(outcome))
            return;

        var missing = Without(expected, outcome);
        var more = Without(outcome, expected);
        lost += missing.Count;
        doubled += more.Count;
        if (missing.Count + more.Count == 0)
            reordered++;
        Tell($"{target}\nmissing:\n{string.Join('\n', missing)}\nmore:\n{string.Join('\n', more)}\n{server!.TakeLog()}");
    }

    private static List<string> Without(IEnumerable<string> all, IEnumerable<string> others)
    {
        var rest = all.ToList();
        foreach (var other in others)
            rest.Remove(other);
        return rest;
    }

    private void Tell(string what) => told.Add(what.Length > 6000 ? what[..6000] : what);

    private async Task<(IReadOnlyList<string> Outcome, IReadOnlyDictionary<string, int> Counts)> GoAsync(Target? target)
    {
        if (server is not null && runs % JourneysOfAServer == 0)
        {
            await VerifyAsync();
            await CloseAsync();
        }

        if (server is null)
        {
            server = new FaultedServer();
            await server.StartAsync();
        }

        runs++;
        var journey = await Journey.PrepareAsync(server, runs);
        server.TakeLog();
        server.Plan.Arm(target);
        await journey.GoAsync();
        var before = await Outcome.ReadAsync(server.Own, journey);
        await journey.ResetAsync();
        var counts = server.Plan.Disarm();
        return ([.. before, "after the reset:", .. await Outcome.ReadAsync(server.Own, journey)], counts);
    }

    private async Task VerifyAsync()
    {
        if (server is null)
            return;

        var database = server.Store.Open();
        await using var closing = database as IAsyncDisposable;
        using var ending = database as IDisposable;
        await using var sql = await database.OpenAsync(Scope.Everyone, CancellationToken.None);
        var heads = Directory.GetFiles(server.HeadFolder).Select(file => AuditHead.Parse(File.ReadAllText(file), file)).ToList();
        Assert.All(heads, head => Assert.True(head.IsSignedBy(server.Signer.PublicKey)));
        var verifier = new AuditVerifier([.. heads.SelectMany(head => head.Chains), .. await sql.ListChainHeadsAsync()]);
        IReadOnlyList<AuditRow> page = [];
        do
        {
            page = await sql.ListAuditAsync(page.Count > 0 ? page[^1].AuthorityId : "", page.Count > 0 ? page[^1].Number : 0, 1000);
            foreach (var row in page)
                verifier.Take(row);
        }
        while (page.Count == 1000);
        verifier.End(await sql.ListChainHeadsAsync());
        foreach (var fault in verifier.Faults)
        {
            lost++;
            Tell($"audit: {fault}");
        }
    }

    private async Task CloseAsync()
    {
        if (server is not null)
            await server.EndAsync();
        server = null;
    }
}
