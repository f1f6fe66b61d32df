using SingleWindowBridge.Faults.Processes;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>
/// kill -9 of servers, again and again, while writers write and followers follow. On PostgreSQL two servers are killed in turn.
/// BRIDGE_SOAK_COUNT says how many kills.
/// </summary>
public sealed class KilledServers(ITestOutputHelper output)
{
    // Worlds are begun anew now and then, so that the comparison stays small.
    private const int KillsInAWorld = 125;
    private const int Seed = 20261122;

    // The sandbox's Customs goes on 3 s after the server that led it has died, so that one must be let live now and then.
    private static readonly TimeSpan SandboxTerm = TimeSpan.FromSeconds(3.5);

    [Fact]
    public async Task Nothing_is_lost_when_servers_are_killed()
    {
        var kills = Tally.Count(8);
        var isLong = kills > 100;
        await using var cluster = await Cluster.StartAsync();
        var plan = new WorldPlan(Seed);
        List<WorldPlan> plans =
        [
            plan with { Directory = true }, plan with { Directory = true, Cluster = cluster, Servers = 2 },
            plan, plan with { Cluster = cluster, Servers = 2 },
        ];
        var each = isLong ? KillsInAWorld : Math.Max(1, kills / plans.Count);
        var all = new Findings();
        for (var (done, number) = (0, 0); done < kills; number++)
        {
            // In a long run most worlds have the directory, where what is killed goes on at once.
            var chosen = plans[isLong ? new[] { 0, 1, 0, 1, 2, 0, 1, 3 }[number % 8] : number % plans.Count];
            var most = Math.Min(each, kills - done);
            all.Add(await RunAsync(chosen with { Seed = Seed + number }, most, done));
            done += most;
        }

        output.Say($"{kills} servers killed: {all}");
        all.Settle(kills);
    }

    private async Task<Findings> RunAsync(WorldPlan plan, int kills, int before)
    {
        await using var world = await World.StartAsync(plan);
        await world.AcknowledgesAsync(5);
        for (var kill = 0; kill < kills; kill++)
        {
            var server = world.Servers[kill % world.Servers.Count];
            await server.ServesAsync();
            await world.AcknowledgesAsync(world.Random.Next(1, 12));
            if (!plan.Directory && kill % 8 == 3)
                await Task.Delay(SandboxTerm);
            await Task.Delay(world.Random.Next(0, 40));
            await server.KillAsync();
            await server.StartAsync();
            if (kill % 25 == 24)
                output.Say($"{before + kill + 1} servers killed, {world.Acknowledged} changes acknowledged in this world");
        }

        foreach (var server in world.Servers)
            await server.ServesAsync();
        var found = await world.ReckonAsync();
        output.Say($"{plan.Name}: {kills} servers killed: {found}");
        return found;
    }
}
