using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Npgsql;

namespace SingleWindowBridge.Faults.Processes;

/// <summary>A PostgreSQL cluster of a test's own (eng/postgres.sh), which may be killed, frozen and started again.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const string Owner = "bridge_owner";
    private const string Server = "bridge_server";

    private readonly string _folder;
    private readonly string _superuser;
    private int _databases;

    private Cluster(string folder, string superuser) => (_folder, _superuser) = (folder, superuser);

    /// <summary>The port that it listens on, at 127.0.0.1.</summary>
    public int Port => new NpgsqlConnectionStringBuilder(_superuser).Port;

    /// <summary>The postmaster's process id.</summary>
    public int Postmaster => int.Parse(File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="under">The folder that it is to lie in; null for any.</param>
    public static async Task<Cluster> StartAsync(string? under = null)
    {
        var lines = (await ScriptAsync(under, "start")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var cluster = new Cluster(lines[0], lines[1]);
        await cluster.ExecuteAsync("postgres", $"CREATE ROLE {Owner} LOGIN; CREATE ROLE {Server} LOGIN");
        return cluster;
    }

    /// <summary>Makes a database and gives its name.</summary>
    public async Task<string> CreateAsync()
    {
        var name = $"bridge_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} OWNER {Owner}");
        return name;
    }

    /// <summary>The settings of a server on a database.</summary>
    /// <param name="database">The database.</param>
    /// <param name="port">The port to go through; null for the cluster's own.</param>
    public Dictionary<string, string?> Settings(string database, int? port = null) => new()
    {
        ["ConnectionStrings:Bridge"] = As(Server, database, port),
        ["ConnectionStrings:BridgeOwner"] = As(Owner, database, port),
    };

    /// <summary>Connects as the owner of the tables.</summary>
    public string AsOwner(string database) => As(Owner, database, null) + ";Pooling=false";

    /// <summary>SIGKILL to one process that serves the bridge's servers, chosen by chance; false where there is none.</summary>
    public async Task<bool> KillBackendAsync(Random random)
    {
        await using var connection = new NpgsqlConnection(AsSuperuser("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SELECT pid FROM pg_stat_activity WHERE usename = '{Server}' ORDER BY pid", connection);
        var backends = new List<int>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                backends.Add(reader.GetInt32(0));
        }

        if (backends.Count == 0)
            return false;
        Signals.Send(backends[random.Next(backends.Count)], Signals.Kill);
        return true;
    }

    /// <summary>SIGKILL to the postmaster. What is left of the cluster ends by itself.</summary>
    public void KillPostmaster() => Signals.Send(Postmaster, Signals.Kill);

    /// <summary>Starts what was killed on what it left behind.</summary>
    public Task RestartAsync() => ScriptAsync(null, "restart", _folder);

    /// <summary>Waits until it takes connections.</summary>
    public async Task ServesAsync()
    {
        var until = DateTime.UtcNow + World.Patience;
        while (true)
        {
            try
            {
                await ExecuteAsync("postgres", "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (DateTime.UtcNow < until)
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Every process of the cluster, the postmaster first.</summary>
    public IReadOnlyList<int> Processes()
    {
        var postmaster = Postmaster;
        return [postmaster, .. Signals.ChildrenOf(postmaster)];
    }

    /// <summary>Runs statements as the superuser.</summary>
    public async Task ExecuteAsync(string database, string text)
    {
        await using var connection = new NpgsqlConnection(AsSuperuser(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(text, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync() => await ScriptAsync(null, "stop", _folder);

    private string AsSuperuser(string database) => $"{_superuser};Database={database};Pooling=false";

    private string As(string role, string database, int? port) => new NpgsqlConnectionStringBuilder(_superuser)
    {
        Username = role, Database = database, Port = port ?? Port,
    }.ToString();

    private static async Task<string> ScriptAsync(string? under, params IEnumerable<string> words)
    {
        var root = typeof(Cluster).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;
        using var process = new Process { StartInfo = new ProcessStartInfo("bash", [Path.Combine(root, "eng/postgres.sh"), .. words]) };
        process.StartInfo.RedirectStandardOutput = true;
        process.StartInfo.RedirectStandardError = true;
        if (under is not null)
            process.StartInfo.Environment["TMPDIR"] = under;
        process.Start();
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"eng/postgres.sh {string.Join(' ', words)}: {await errors}");
        return said;
    }
}

/// <summary>Signals to processes that are not children of ours.</summary>
internal static class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Sends a signal; one that is gone already gets none.</summary>
    public static void Send(int process, int signal)
    {
        const int NoSuchProcess = 3;
        if (Send_(process, signal) != 0 && Marshal.GetLastPInvokeError() is not NoSuchProcess and var error)
            throw new InvalidOperationException($"Signal {signal} to {process}: error {error}.");
    }

    /// <summary>The processes that a process has started and that live.</summary>
    public static IEnumerable<int> ChildrenOf(int process) =>
        from folder in Directory.GetDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)
        let status = TryRead(Path.Combine(folder, "stat"))
        where status is not null && status[(status.LastIndexOf(')') + 2)..].Split(' ')[1] == process.ToString(CultureInfo.InvariantCulture)
        select int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Send_(int process, int signal);
}
