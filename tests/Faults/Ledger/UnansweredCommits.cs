using SingleWindowBridge.Faults.Processes;
using SingleWindowBridge.Faults.Proxy;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>
/// PostgreSQL commits, and its answer never comes to the server: the connection is cut in between. The change was made and the server
/// cannot know it, so it must find it when it tries again, or say so. BRIDGE_SOAK_COUNT says how often.
/// </summary>
public sealed class UnansweredCommits(ITestOutputHelper output)
{
    private const int Seed = 20261126;

    [Fact]
    public async Task What_was_committed_without_an_answer_is_made_once()
    {
        var count = Tally.Count(15);
        await using var cluster = await Cluster.StartAsync();
        using var wire = new Wire(cluster.Port, Seed, new WireFaults { CommitsUnanswered = 0.2 });
        var plan = new WorldPlan(Seed) { Directory = true, Cluster = cluster, Servers = 2, DatabaseThrough = _ => wire.Port };
        await using var world = await World.StartAsync(plan);
        wire.Faithful = false;
        while (wire.Unanswered < count)
            await world.AcknowledgesAsync(1);
        wire.Faithful = true;
        var (made, found) = (wire.Unanswered, await world.ReckonAsync());
        output.Say($"{plan.Name}: {made} commits without an answer: {found}");
        found.Settle(made);
    }
}
