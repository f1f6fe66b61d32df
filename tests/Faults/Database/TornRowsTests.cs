using System.Data;
using Microsoft.Extensions.Logging.Abstractions;
using SingleWindowBridge.Faults.Processes;
using SingleWindowBridge.Faults.Proxy;
using SingleWindowBridge.Server.Storage;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Database;

/// <summary>
/// The connection to PostgreSQL breaks in the middle of an answer. Whatever the driver, or what reads from it, makes of that where it
/// notices it: the database was out of reach, and the call may pass later. Nobody else is told.
/// </summary>
public sealed class TornRowsTests(ITestOutputHelper output)
{
    private const int Seed = 20261206;
    private const int Tries = 80;
    private const int Cancellations = 240;
    private const int AtOnce = 4;
    private const string LargeRow = "SELECT repeat('x', 300000) AS first, repeat('y', 300000) AS second";

    [Fact]
    public async Task An_answer_that_breaks_off_anywhere_is_an_outage()
    {
        await using var cluster = await Cluster.StartAsync();
        using var wire = new Wire(cluster.Port, Seed, new WireFaults { MostBytes = 2_000_000 });
        await using var database = await StartAsync(cluster, wire);
        Func<Sql, Task>[] readings = [ListAsync, ReadAsync];
        var failures = new List<Exception>();
        for (var turn = 0; turn < Tries; turn++)
        {
            var reading = readings[turn % readings.Length];
            var failure = await Record.ExceptionAsync(() => turn % 4 < 2
                ? OpenAndAsync(database, reading, CancellationToken.None)
                : database.WriteAsync(Scope.Everyone, async sql => { await ListAsync(sql); return 0; }, CancellationToken.None));
            if (failure is not null)
                failures.Add(failure);
        }

        output.WriteLine(string.Join('\n', failures.GroupBy(it => $"{it.GetType().Name}: {it.Message}").Select(kind => $"{kind.Count()} {kind.Key}")));
        Assert.Contains(failures, it => it is DataException);
        Assert.All(failures, it => Assert.True(database.IsOutage(it), it.ToString()));
    }

    // A timer that cancels would end the process by what it is told.
    [Fact]
    public async Task Who_cancels_a_call_is_not_told_of_the_connection_that_breaks_just_then()
    {
        await using var cluster = await Cluster.StartAsync();
        using var wire = new Wire(cluster.Port, Seed, new WireFaults { MostBytes = 2_000_000 });
        await using var database = await StartAsync(cluster, wire);
        var random = new Random(Seed);
        var (cancelled, broken) = (0, 0);
        for (var turn = 0; turn < Cancellations / AtOnce; turn++)
        {
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => random.Next(25)).ToList().Select(async delay =>
            {
                using var patience = new CancellationTokenSource();
                var call = Record.ExceptionAsync(() => OpenAndAsync(
                    database,
                    async sql =>
                    {
                        for (var time = 0; time < 5; time++)
                            await ListAsync(sql);
                    },
                    patience.Token));
                await Task.Delay(delay);
                patience.Cancel();
                var failure = await call;
                Interlocked.Add(ref cancelled, failure is OperationCanceledException ? 1 : 0);
                Interlocked.Add(ref broken, failure is not null && database.IsOutage(failure) ? 1 : 0);
            }));
        }

        output.WriteLine($"{cancelled} were cancelled, {broken} broke off");
        Assert.True(cancelled > 0 && broken > 0, $"{cancelled} were cancelled, {broken} broke off");
    }

    private static async Task<PostgresDatabase> StartAsync(Cluster cluster, Wire wire)
    {
        var settings = cluster.Settings(await cluster.CreateAsync(), wire.Port);
        var database = new PostgresDatabase(
            settings["ConnectionStrings:Bridge"]!, settings["ConnectionStrings:BridgeOwner"], false, NullLoggerFactory.Instance);
        await database.PrepareAsync(CancellationToken.None);
        wire.Faithful = false;
        return database;
    }

    private static async Task OpenAndAsync(PostgresDatabase database, Func<Sql, Task> reading, CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        await reading(sql);
    }

    private static async Task ListAsync(Sql sql) => Assert.Single(await sql.ListAsync<Row>(LargeRow));

    private static async Task ReadAsync(Sql sql)
    {
        await using var reader = await sql.ReadAsync(LargeRow, new { });
        Assert.True(await reader.ReadAsync());
        await using var text = reader.GetStream(1);
        await text.CopyToAsync(Stream.Null);
    }

    private sealed record Row(string First, string Second);
}
