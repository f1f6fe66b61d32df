using SingleWindowBridge.Faults.Processes;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>
/// SIGSTOP, and SIGCONT some seconds later, to a server and to every process of the database: to the others they are there and do
/// not answer, and they wake believing that no time has passed. BRIDGE_SOAK_COUNT says how often; a long run freezes for 1 to 30 s.
/// </summary>
public sealed class FrozenProcesses(ITestOutputHelper output)
{
    private const int ShortForm = 4;
    private const int Seed = 20261125;

    [Fact]
    public async Task Nothing_is_lost_when_servers_or_the_database_are_frozen()
    {
        var count = Tally.Count(ShortForm);
        await using var cluster = await Cluster.StartAsync();
        await using var world = await World.StartAsync(new WorldPlan(Seed) { Directory = true, Cluster = cluster, Servers = 2 });
        for (var time = 0; time < count; time++)
        {
            await world.AcknowledgesAsync(world.Random.Next(1, 20));
            var server = (ServerProcess)world.Servers[world.Random.Next(world.Servers.Count)];
            var frozen = time % 2 == 0 ? [server.Id] : cluster.Processes();

            // Longer than the leases in which a server has what it is about to send.
            var length = TimeSpan.FromSeconds(1.2 + (world.Random.NextDouble() * (count > ShortForm ? 28.8 : 0.8)));
            Send(frozen, Signals.Stop);
            await Task.Delay(length);
            Send(frozen, Signals.Continue);
            output.Say($"{(time % 2 == 0 ? "a server" : "the database")} frozen for {length.TotalSeconds:0.0} s");
        }

        await world.AcknowledgesAsync(10);
        var found = await world.ReckonAsync();
        output.Say($"{world.Plan.Name}: frozen {count} times: {found}");
        found.Settle(count);
    }

    private static void Send(IEnumerable<int> processes, int signal)
    {
        foreach (var process in processes)
            Signals.Send(process, signal);
    }
}
