using SingleWindowBridge.Faults.Processes;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>The servers' clock is set 400 days ahead, and back, while they work. BRIDGE_SOAK_COUNT says how often it is set.</summary>
public sealed class SetClocks(ITestOutputHelper output)
{
    private const int Seed = 20261128;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_lost_when_the_clock_is_set(bool postgres)
    {
        var count = Tally.Count(postgres ? 2 : 4);
        await using var cluster = postgres ? await Cluster.StartAsync() : null;
        var clock = new JumpingClock();
        var plan = new WorldPlan(Seed) { Directory = true, Cluster = cluster, Servers = postgres ? 2 : 1, Clock = clock };
        await using var world = await World.StartAsync(plan);
        TimeSpan[] ways = [TimeSpan.FromDays(400), TimeSpan.Zero, TimeSpan.FromDays(-400), TimeSpan.FromHours(-1)];
        for (var time = 0; time < count; time++)
        {
            await world.AcknowledgesAsync(world.Random.Next(15, 30));
            clock.Ahead = ways[time % ways.Length];
        }

        await world.AcknowledgesAsync(20);
        var found = await world.ReckonAsync();
        output.Say($"{plan.Name}: the clock set {count} times: {found}");
        found.Settle(count);
    }
}
