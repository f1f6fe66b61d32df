using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SingleWindowBridge.Bench.Size;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Tests.Running;

// SingleWindowBridge.Bench.Size [CASES [RECEIPTS A CASE [AUTHORITIES [SAMPLES]]]]
int Argument(int index, int usual) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : usual;
var size = new Amounts(Argument(0, 1_000_000), Argument(1, 10), Argument(2, 500));
var samples = Argument(3, 2_000);

var name = await PostgresCluster.CreateAsync();
await PostgresSetup.MigrateAsync(PostgresCluster.AsOwner(name), PostgresCluster.ServerRole, CancellationToken.None);
var superuser = new NpgsqlConnectionStringBuilder(PostgresCluster.AsOwner(name)) { Username = "postgres", CommandTimeout = 0 }.ToString();

var clock = Stopwatch.StartNew();
var generated = await new Generator(superuser, size).RunAsync();
Console.WriteLine($"Filled in {clock.Elapsed.TotalSeconds:N0} s: {size.Cases:N0} cases, {size.Cases * (long)size.ReceiptsPerCase:N0} receipts and as many "
    + $"lines of history, {size.Authorities} authorities; {await Generator.SizeAsync(superuser) / 1e9:N1} GB.");

await using var database = new PostgresDatabase(PostgresCluster.AsServer(name), null, allowUnsafe: false, NullLoggerFactory.Instance);
await database.PrepareAsync(CancellationToken.None);
var queries = new Queries(generated);
Console.WriteLine($"As the role {PostgresCluster.ServerRole}, through row-level security, one caller; the way to the database and back is in it.");
Console.WriteLine();
Console.WriteLine("| | statements | p50 ms | p99 ms |");
Console.WriteLine("|---|---:|---:|---:|");
var slowest = 0.0;
foreach (var query in queries.All)
{
    var times = new double[samples];
    for (var sample = -200; sample < samples; sample++)
    {
        var target = generated.Pick();
        var begun = Stopwatch.GetTimestamp();
        await using (var sql = await database.OpenAsync(Scope.Of(target.AuthorityId), CancellationToken.None))
            await query.Run(sql, target);
        if (sample >= 0)
            times[sample] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    Array.Sort(times);
    Console.WriteLine($"| {query.Name} | {query.Statements} | {times[samples / 2]:N2} | {times[samples * 99 / 100]:N2} |");
    slowest = Math.Max(slowest, times[samples / 2]);
}

Console.WriteLine();
await Plans.ShowAsync(superuser, PostgresCluster.AsServer(name), queries);
Console.WriteLine($"slowest p50: {slowest:N2} ms");

/// <summary>How much there is.</summary>
internal sealed record Amounts(int Cases, int ReceiptsPerCase, int Authorities);
