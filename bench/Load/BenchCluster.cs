using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Bench.Load;

/// <summary>A private PostgreSQL cluster with one database, made as in production: one role owns the tables, the server has another.</summary>
internal sealed partial class BenchCluster : IAsyncDisposable
{
    private const string Script = "eng/postgres.sh";
    private readonly string root;
    private readonly string folder;
    private readonly NpgsqlConnectionStringBuilder superuser;

    private BenchCluster(string root, string folder, string superuser)
    {
        (this.root, this.folder) = (root, folder);
        this.superuser = new NpgsqlConnectionStringBuilder(superuser);
    }

    /// <summary>The server's connection string.</summary>
    public string Server => As("bridge_server");

    /// <summary>The owner's connection string.</summary>
    public string Owner => As("bridge_owner");

    /// <summary>The arguments that make a server use it.</summary>
    public string[] Arguments => [$"--ConnectionStrings:Bridge={Server}", $"--ConnectionStrings:BridgeOwner={Owner}"];

    /// <summary>Starts one.</summary>
    public static async Task<BenchCluster> StartAsync()
    {
        var root = Environment.GetEnvironmentVariable("BENCH_ROOT") ?? throw new InvalidOperationException("Start it by bench/run.sh.");
        var lines = (await RunAsync(Path.Combine(root, Script), ["start"])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var cluster = new BenchCluster(root, lines[0], lines[1]);
        await ExecuteAsync(
            cluster.superuser.ToString(), "CREATE ROLE bridge_owner LOGIN", "CREATE ROLE bridge_server LOGIN",
            "CREATE DATABASE bridge OWNER bridge_owner");
        await PostgresSetup.MigrateAsync(cluster.Owner, "bridge_server", CancellationToken.None);
        return cluster;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await RunAsync(Path.Combine(root, Script), ["stop", folder]);
    }

    /// <summary>Makes authorities bench-1, bench-2 ... with the keys key-1, key-2 ... and a file file-1, file-2 ... each.</summary>
    public async Task AddAuthoritiesAsync(int count)
    {
        var hashes = Enumerable.Range(1, count).Select(number => KeyHash.Of($"key-{number}").ToString()).ToArray();
        await using var connection = new NpgsqlConnection(Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO blobs VALUES ('00', '\x00');
            INSERT INTO authorities SELECT 'bench-' || n, 'NZ', '测试', 'Bench', 'FROZEN_FRUIT_ALL', TRUE, 0 FROM generate_series(1, $1) n;
            INSERT INTO feeds SELECT 'bench-' || n, 'bench', 0 FROM generate_series(1, $1) n;
            INSERT INTO files SELECT 'file-' || n, 'bench-' || n, '00', 'letter.pdf', 'application/pdf', 1, 1, 0 FROM generate_series(1, $1) n;
            """.Replace("$1", count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
            connection);
        await command.ExecuteNonQueryAsync();
        await using var keys = new NpgsqlCommand("INSERT INTO api_keys SELECT k, 'bench-' || n, 0 FROM unnest($1) WITH ORDINALITY AS u(k, n)", connection)
        {
            Parameters = { new() { Value = hashes } },
        };
        await keys.ExecuteNonQueryAsync();
    }

    /// <summary>Runs statements.</summary>
    public static async Task ExecuteAsync(string connectionString, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>The one row of a query.</summary>
    public async Task<object[]> RowAsync(string query)
    {
        await using var connection = new NpgsqlConnection(Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync();
        if (!await reader.ReadAsync())
            throw new InvalidOperationException($"No row: {query}");
        var row = new object[reader.FieldCount];
        reader.GetValues(row);
        return row;
    }

    /// <summary>Transactions a second of a pgbench script, as the server's role.</summary>
    public async Task<double> PgbenchAsync(string script, int clients, int seconds, params string[] variables)
    {
        var file = Path.Combine(Path.GetTempPath(), $"bench-{Guid.NewGuid():N}.sql");
        await File.WriteAllTextAsync(file, script);
        try
        {
            var output = await RunAsync(
                await ToolAsync("pgbench"),
                [
                    "-n", "-M", "prepared", "-c", $"{clients}", "-j", "2", "-T", $"{seconds}", "-h", superuser.Host!, "-p", $"{superuser.Port}",
                    "-U", "bridge_server", "-f", file, .. variables.SelectMany(variable => new[] { "-D", variable }), "bridge",
                ]);
            if (!output.Contains("number of failed transactions: 0 ", StringComparison.Ordinal))
                throw new InvalidOperationException(output);
            return double.Parse(RatePattern().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>How long the disk takes for a fdatasync of 8 kB where the cluster lies, in microseconds.</summary>
    public async Task<double> FsyncAsync()
    {
        var output = await RunAsync(await ToolAsync("pg_test_fsync"), ["-s", "1", "-f", Path.Combine(folder, "fsync.test")]);
        return double.Parse(FsyncPattern().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private string As(string role) =>
        new NpgsqlConnectionStringBuilder(superuser.ToString()) { Username = role, Database = "bridge" }.ToString();

    private static async Task<string> ToolAsync(string name) =>
        (await RunAsync("bash", ["-c", $"ls /usr/lib/postgresql/*/bin/{name} 2>/dev/null | sort -V | tail -n 1 | grep . || command -v {name}"])).Trim();

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var told = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program}: {await told}\n{output}");
    }

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex RatePattern();

    [GeneratedRegex(@"fdatasync\s+[\d.]+ ops/sec\s+([\d.]+) usecs/op")]
    private static partial Regex FsyncPattern();
}
