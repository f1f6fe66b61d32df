using SingleWindowBridge.Faults.Processes;
using SingleWindowBridge.Faults.Proxy;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>
/// Connections are cut at any byte, held back and throttled, between clients and servers and between servers and database, while
/// writers write and followers follow. BRIDGE_SOAK_COUNT says how many cuts.
/// </summary>
public sealed class CutConnections(ITestOutputHelper output)
{
    private const int CutsInAWorld = 1250;
    private const int Seed = 20261123;

    private static readonly WireFaults Clients = new()
    {
        MostBytes = 30_000, Delayed = 0.02, LongestDelay = TimeSpan.FromMilliseconds(30), Slow = 0.05,
    };

    private static readonly WireFaults Database = Clients with { MostBytes = 400_000, CommitsUnanswered = 0.01 };

    [Fact]
    public async Task Nothing_is_lost_when_connections_are_cut()
    {
        var cuts = Tally.Count(100);
        await using var cluster = await Cluster.StartAsync();
        List<WorldPlan> plans =
        [
            new WorldPlan(Seed) { Directory = true, Writers = 4 },
            new WorldPlan(Seed) { Directory = true, Writers = 4, Cluster = cluster, Servers = 2 },
        ];
        var each = Math.Min(CutsInAWorld, Math.Max(1, cuts / plans.Count));
        var all = new Findings();
        long done = 0;
        for (var number = 0; done < cuts; number++)
            done += await RunAsync(plans[number % plans.Count] with { Seed = Seed + number }, Math.Min(each, cuts - done), all);

        output.Say($"{done} connections cut: {all}");
        all.Settle(done);
    }

    private async Task<long> RunAsync(WorldPlan plan, long cuts, Findings all)
    {
        var (wires, databases) = (new List<Wire>(), new List<Wire>());
        try
        {
            await using var world = await World.StartAsync(plan with
            {
                ClientsThrough = port => Add(wires, port, Clients),
                DatabaseThrough = plan.Cluster is null ? null : port => Add(databases, port, Database),
            });
            await world.AcknowledgesAsync(5);
            foreach (var wire in wires.Concat(databases))
                wire.Faithful = false;
            while (Cuts() < cuts)
                await world.AcknowledgesAsync(5);
            foreach (var wire in wires.Concat(databases))
                wire.Faithful = true;
            var made = Cuts();
            var found = await world.ReckonAsync();
            output.Say(
                $"{plan.Name}: {made} connections cut, {databases.Sum(wire => wire.Cuts)} to the database, "
                + $"{databases.Sum(wire => wire.Unanswered)} of them just after COMMIT: {found}");
            all.Add(found);
            return made;
        }
        finally
        {
            wires.Concat(databases).ToList().ForEach(wire => wire.Dispose());
        }

        long Cuts() => wires.Concat(databases).Sum(wire => wire.Cuts);

        int Add(List<Wire> to, int port, WireFaults faults)
        {
            to.Add(new Wire(port, plan.Seed + to.Count, faults));
            return to[^1].Port;
        }
    }
}
