using SingleWindowBridge.Faults.Processes;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>
/// kill -9 of PostgreSQL's postmaster, and now and then of a process that serves a connection, while two servers work on it.
/// BRIDGE_SOAK_COUNT says how often the postmaster is killed.
/// </summary>
public sealed class KilledPostmaster(ITestOutputHelper output)
{
    private const int KillsInAWorld = 50;
    private const int Seed = 20261124;

    [Fact]
    public async Task Nothing_is_lost_when_the_database_is_killed()
    {
        var kills = Tally.Count(3);
        await using var cluster = await Cluster.StartAsync();
        var all = new Findings();
        for (var (done, number) = (0, 0); done < kills; number++)
        {
            var most = Math.Min(KillsInAWorld, kills - done);
            var plan = new WorldPlan(Seed + number) { Directory = true, Cluster = cluster, Servers = 2 };
            all.Add(await RunAsync(plan, cluster, most, done));
            done += most;
        }

        output.Say($"The postmaster was killed {kills} times: {all}");
        all.Settle(kills);
    }

    private async Task<Findings> RunAsync(WorldPlan plan, Cluster cluster, int kills, int before)
    {
        var backends = 0;
        await using var world = await World.StartAsync(plan);
        for (var kill = 0; kill < kills; kill++)
        {
            await world.AcknowledgesAsync(world.Random.Next(1, 20));
            if (kill % 3 == 1 && await cluster.KillBackendAsync(world.Random))
            {
                backends++;
                await world.AcknowledgesAsync(world.Random.Next(1, 20));
            }

            await Task.Delay(world.Random.Next(0, 40));
            cluster.KillPostmaster();
            await cluster.RestartAsync();
            if (kill % 10 == 9)
                output.Say($"The postmaster was killed {before + kill + 1} times, {world.Acknowledged} changes acknowledged in this world");
        }

        await world.AcknowledgesAsync(1);
        var found = await world.ReckonAsync();
        output.Say($"{plan.Name}: the postmaster killed {kills} times, processes that serve a connection {backends} times: {found}");
        return found;
    }
}
