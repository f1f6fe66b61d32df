using SingleWindowBridge.Faults.Processes;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>The servers' clock jumps 400 days ahead while they work, and again. BRIDGE_SOAK_COUNT says how often.</summary>
public sealed class SetClocks(ITestOutputHelper output)
{
    private const int Seed = 20261128;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_lost_when_the_clock_jumps_ahead(bool postgres)
    {
        var count = Tally.Count(2);
        await using var cluster = postgres ? await Cluster.StartAsync() : null;
        var clock = new JumpingClock();
        var plan = new WorldPlan(Seed) { Directory = true, Cluster = cluster, Servers = postgres ? 2 : 1, Clock = clock };
        await using var world = await World.StartAsync(plan);
        for (var time = 0; time < count; time++)
        {
            await world.AcknowledgesAsync(world.Random.Next(15, 30));
            clock.Ahead += TimeSpan.FromDays(400);
        }

        await world.AcknowledgesAsync(20);
        var found = await world.ReckonAsync();
        output.Say($"{plan.Name}: the clock jumped {count} times: {found}");
        found.Settle(count);
    }
}
