using Npgsql;
using SingleWindowBridge.Faults.Processes;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>
/// The file system of the database, or of the folder that is shared with Customs, is filled to the last byte, and emptied again after a
/// while. BRIDGE_SOAK_COUNT says how often.
/// </summary>
public sealed class FullDisks(ITestOutputHelper output)
{
    private const int Seed = 20261127;

    // Of 16 MB, and so more than the disk holds.
    private const int MostKeptFiles = 100;

    private static readonly int Count = Tally.Count(2);

    [SmallDiskFact]
    public async Task Nothing_is_lost_when_the_disk_of_SQLite_is_full()
    {
        using var disk = SmallDisk.Make(64);
        await using var world = await World.StartAsync(new WorldPlan(Seed) { Directory = true, DatabaseFolder = disk.Folder });
        for (var time = 0; time < Count; time++)
        {
            await world.AcknowledgesAsync(10);
            disk.Fill();
            await world.MissesAnswersAsync(6);
            disk.Free();
        }

        await SettleAsync(world, "SQLite's disk");
    }

    [SmallDiskFact]
    public async Task Nothing_is_lost_when_the_disk_of_the_exchange_is_full()
    {
        using var disk = SmallDisk.Make(16);
        await using var world = await World.StartAsync(new WorldPlan(Seed + 1) { Directory = true, ExchangeFolder = disk.Folder });
        for (var time = 0; time < Count; time++)
        {
            await world.AcknowledgesAsync(10);
            disk.Fill();

            // Authorities notice nothing: what they submit waits.
            await world.AcknowledgesAsync(15);
            disk.Free();
        }

        await SettleAsync(world, "the exchange's disk");
    }

    [SmallDiskFact]
    public async Task Nothing_is_lost_when_the_disk_of_PostgreSQL_is_full()
    {
        using var disk = SmallDisk.Make(600);
        await using var cluster = await Cluster.StartAsync(disk.Folder);
        var plan = new WorldPlan(Seed + 2) { Directory = true, Cluster = cluster, Servers = 2 };
        await using var world = await World.StartAsync(plan);
        for (var time = 0; time < Count; time++)
        {
            await world.AcknowledgesAsync(10);
            disk.Fill();
            if (time % 2 == 0)
            {
                await LeaveNoWalAsync(cluster);
                await world.MissesAnswersAsync(6);
            }
            else
            {
                // It may have room left in the files that it has; then all goes on.
                await Task.Delay(TimeSpan.FromSeconds(3));
            }

            disk.Free();

            // Without room for its log PostgreSQL ends, and does not come back by itself.
            await cluster.RestartAsync();
        }

        await SettleAsync(world, "PostgreSQL's disk");
    }

    // The log goes on in a new file each time: first in those that PostgreSQL has kept for it, and then there is no room for another.
    private static async Task LeaveNoWalAsync(Cluster cluster)
    {
        try
        {
            for (var files = 0; files < MostKeptFiles; files++)
                await cluster.ExecuteAsync("postgres", "SELECT pg_logical_emit_message(false, '', ''), pg_switch_wal()");
        }
        catch (NpgsqlException)
        {
            // It ends at once.
        }
    }

    private async Task SettleAsync(World world, string what)
    {
        await world.AcknowledgesAsync(5);
        var found = await world.ReckonAsync();
        output.Say($"{world.Plan.Name}: {what} full {Count} times: {found}");
        found.Settle(Count);
    }
}
