using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using SingleWindowBridge.Faults.Ledger;

namespace SingleWindowBridge.Faults.Processes;

/// <summary>
/// Servers as processes, a database, Customs, and the clients of several authorities, which write and follow all the time, whatever
/// is done to any of it; and in the end the reckoning.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    /// <summary>How long anything is waited for before the test fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("swb-faults-").FullName;
    private readonly CancellationTokenSource _enough = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<SingleWindowClient> _clients = [];
    private readonly Dictionary<string, List<Watcher>> _watchers = [];
    private string? _database;
    private Task _writing = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private int _acknowledged;
    private int _unknown;

    private World(WorldPlan plan) => (Plan, Random) = (plan, new Random(plan.Seed));

    /// <summary>What it is made of.</summary>
    public WorldPlan Plan { get; }

    /// <summary>What is left to chance, for whoever does something to it.</summary>
    public Random Random { get; }

    /// <summary>The servers.</summary>
    public List<IRunningServer> Servers { get; } = [];

    /// <summary>Those who write.</summary>
    public List<Writer> Writers { get; } = [];

    /// <summary>Customs, where it is at the other end of a folder.</summary>
    public DirectoryFarEnd? FarEnd { get; private set; }

    /// <summary>How many changes were acknowledged so far.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>How often no answer came so far.</summary>
    public int Unknown => Volatile.Read(ref _unknown);

    /// <summary>Makes one, and starts everything in it.</summary>
    public static async Task<World> StartAsync(WorldPlan plan)
    {
        var world = new World(plan);
        try
        {
            await world.StartAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until so many more changes were acknowledged.</summary>
    public async Task AcknowledgesAsync(int more)
    {
        var (aim, until) = (Acknowledged + more, DateTime.UtcNow + Patience);
        while (Acknowledged < aim)
        {
            if (_writing.IsCompleted)
                await _writing;
            Assert.False(_writing.IsCompleted, "The writers have ended.");
            Assert.True(DateTime.UtcNow < until, $"No change was acknowledged for long. {string.Join('\n', Servers.Select(server => server.Said()))}");
            await Task.Delay(5);
        }
    }

    /// <summary>Waits until no answer came so many more times.</summary>
    public async Task MissesAnswersAsync(int more)
    {
        var (aim, until) = (Unknown + more, DateTime.UtcNow + Patience);
        while (Unknown < aim)
        {
            Assert.True(DateTime.UtcNow < until, "Every change was answered all the while.");
            await Task.Delay(5);
        }
    }

    /// <summary>Lets everything come to its end, and compares.</summary>
    public async Task<Findings> ReckonAsync()
    {
        await _enough.CancelAsync();
        await _writing.WaitAsync(Patience);
        await DrainAsync();
        await _end.CancelAsync();
        await _watching.WaitAsync(Patience);
        return await CompareAsync();
    }

    /// <summary>Compares as things stand; everything has ended before.</summary>
    public async Task<Findings> CompareAsync()
    {
        await using var connection = await ConnectAsync();
        var reckoning = new Reckoning(connection, FarEnd, keepsFiles: Plan.Clock is null);
        foreach (var (authority, watchers) in _watchers)
        {
            var client = _clients[WorldPlan.Authorities.ToList().IndexOf(authority)];
            await reckoning.AddAsync(authority, client, Writers.Where(writer => writer.Authority == authority), watchers);
        }

        return await reckoning.FindingsAsync();
    }

    /// <summary>A connection of the test's own to the database.</summary>
    public async Task<DbConnection> ConnectAsync()
    {
        DbConnection connection = _database is null
            ? new SqliteConnection($"Data Source={DatabaseFile};Default Timeout=20;Pooling=False")
            : new NpgsqlConnection(Plan.Cluster!.AsOwner(_database));
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _end.CancelAsync();
        _clients.ForEach(client => client.Dispose());
        foreach (var server in Servers)
            await server.DisposeAsync();
        await Task.WhenAll(_writing, _watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (FarEnd is not null)
            await FarEnd.DisposeAsync();
        _enough.Dispose();
        _end.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string DatabaseFile => Path.Combine(Plan.DatabaseFolder ?? _folder, "bridge.db");

    private async Task StartAsync()
    {
        if (Plan.Cluster is not null)
            _database = await Plan.Cluster.CreateAsync();
        var settings = Plan.Settings(_folder, Database(null));
        if (settings.TryGetValue("Exchange:Directory:Folder", out var exchange))
        {
            Directory.CreateDirectory(exchange!);
            FarEnd = new DirectoryFarEnd(exchange!);
        }

        var keys = await Accounts.MakeAsync(settings, WorldPlan.Authorities);
        if (Plan.DatabaseThrough is not null)
            settings = Plan.Settings(_folder, Database(Plan.DatabaseThrough(Plan.Cluster!.Port)));
        for (var number = 0; number < Plan.Servers; number++)
        {
            Servers.Add(Plan.Clock is null ? new ServerProcess(_folder, settings) : new ServerHere(settings, Plan.Clock));
            await Servers[^1].StartAsync();
        }

        foreach (var server in Servers)
            await server.ServesAsync();
        var ports = Servers.Select(server => Plan.ClientsThrough?.Invoke(server.Port) ?? server.Port).ToList();

        // The first client of each authority is the reckoning's own, and goes straight to the servers.
        foreach (var authority in WorldPlan.Authorities)
            _clients.Add(Connect([.. Servers.Select(server => server.Port)], keys[authority], attempts: 20));
        foreach (var authority in WorldPlan.Authorities)
        {
            _watchers[authority] = [new Watcher(Client(), new Random(Random.Next())), new Watcher(Client(), new Random(Random.Next()))];
            for (var number = 0; number < Plan.Writers; number++)
            {
                var name = $"{authority}-{number}";
                Writers.Add(new Writer(
                    Client(), authority, Path.Combine(_folder, $"{name}.ledger"), name, new Random(Random.Next()),
                    () => Interlocked.Increment(ref _acknowledged), () => Interlocked.Increment(ref _unknown)));
            }

            SingleWindowClient Client()
            {
                var turn = Random.Next(ports.Count);
                _clients.Add(Connect([.. ports.Skip(turn), .. ports.Take(turn)], keys[authority]));
                return _clients[^1];
            }
        }

        _writing = Task.WhenAll(Writers.Select(writer => writer.RunAsync(_enough.Token)));
        _watching = Task.WhenAll(_watchers.Values.SelectMany(watchers => watchers).Select(watcher => watcher.RunAsync(_end.Token)));
    }

    private Dictionary<string, string?> Database(int? port) =>
        _database is null ? new() { ["Bridge:Database"] = DatabaseFile } : Plan.Cluster!.Settings(_database, port);

    // A client that gives up soon, so that what it does not know comes to the writer, who asks again.
    private static SingleWindowClient Connect(List<int> ports, string key, int attempts = 2) => new(
        new SingleWindowClientOptions($"http://127.0.0.1:{ports[0]}", key)
        {
            MoreEndpoints = [.. ports.Skip(1).Select(port => new Uri($"http://127.0.0.1:{port}"))],
            Deadline = TimeSpan.FromSeconds(8),
            KeepAliveInterval = TimeSpan.FromSeconds(2),
            KeepAliveTimeout = TimeSpan.FromSeconds(2),
            ConnectTimeout = TimeSpan.FromSeconds(2),
            VerifyReceipts = ReceiptVerification.Always,
            Retry = new RetryOptions
            {
                MaxAttempts = attempts,
                InitialBackoff = TimeSpan.FromMilliseconds(20),
                MaxBackoff = TimeSpan.FromMilliseconds(100),
            },
        });

    // Until nothing is under way between the authorities and Customs, and every follower has all there is.
    private async Task DrainAsync()
    {
        var until = DateTime.UtcNow + Patience;
        string waiting;
        do
        {
            await Task.Delay(50);
            waiting = await WaitingAsync();
            Assert.True(DateTime.UtcNow < until, $"It does not come to an end: {waiting}. {string.Join('\n', Servers.Select(server => server.Said()))}");
        }
        while (waiting.Length > 0);
    }

    private async Task<string> WaitingAsync()
    {
        await using var connection = await ConnectAsync();
        var outbox = await connection.QuerySingleAsync<long>("SELECT COUNT(*) FROM outbox WHERE state = 0");
        var planned = await connection.QuerySingleAsync<long>("SELECT COUNT(*) FROM sandbox_cases WHERE pending > 0");
        var held = await connection.QuerySingleAsync<long>("SELECT COUNT(*) FROM customs_messages WHERE state = 2");
        if (outbox + planned + held > 0 || FarEnd is { IsIdle: false })
        {
            var why = await connection.QueryAsync<string>(
                "SELECT case_number || ' ' || sequence || ', event ' || event || ', state ' || state || ': ' || detail_en FROM customs_messages "
                + "WHERE case_number IN (SELECT case_number FROM customs_messages WHERE state = 2) ORDER BY case_number, sequence LIMIT 20");
            return $"{outbox} in the outbox, {planned} planned, {held} waiting ({string.Join("; ", why)}), far end idle: {FarEnd?.IsIdle}";
        }

        var heads = (await connection.QueryAsync<(string Authority, long Head)>("SELECT authority_id, head FROM feeds")).ToDictionary();
        return string.Join(", ",
            from watched in _watchers
            from watcher in watched.Value
            where watcher.Count < heads[watched.Key]
            select $"{watched.Key} followed to {watcher.Count} of {heads[watched.Key]}");
    }
}
