using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Proof;
using SingleWindowBridge.Server.Sandbox;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindow.Tests.Simulation;

/// <summary>An authority of the simulation.</summary>
/// <param name="Account">Its account.</param>
/// <param name="FileId">A file that it has uploaded.</param>
internal sealed record SimulatedAuthority(Account Account, string FileId)
{
    /// <summary>Its id.</summary>
    public string Id => Account.AuthorityId;
}

/// <summary>
/// What all seeds of a thread have in common: a database in memory, put back to the same start for each, and the composition of a server,
/// from which each server of each seed gets parts of its own. For one thread.
/// </summary>
internal sealed class Ground : IDisposable
{
    private static readonly string[] Unchanging = ["authorities", "api_keys", "certificates", "migrations", "settings", "signing_keys"];

    private readonly string folder;
    private readonly SqliteDatabase database;
    private readonly ServiceProvider services;
    private readonly List<Failure> failures = [];
    private string restoring = "";

    private Ground(string folder)
    {
        this.folder = folder;
        var builder = WebApplication.CreateSlimBuilder();
        var settings = new Dictionary<string, string?> { ["Bridge:Database"] = Path.Combine(folder, "bridge.db") };
        for (var index = 0; index < 3; index++)
        {
            var at = $"Sandbox:Accounts:{index}";
            (settings[$"{at}:Id"], settings[$"{at}:Country"], settings[$"{at}:Key"], settings[$"{at}:CategoryScope:0"]) =
                ($"authority-{index + 1}", "NZ", $"key-of-authority-{index + 1}", "FROZEN_FRUIT");
        }

        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Logging.AddProvider(new KeptLogs(LogLevel.Error, (_, text, failure) => failures.Add(new Failure($"{text}: {failure}", failure))));
        builder.AddBridge();
        database = new SqliteDatabase(settings["Bridge:Database"]!);
        services = Arrange(builder.Services, builder.Configuration).BuildServiceProvider();
        Connection = new SqliteConnection($"Data Source={settings["Bridge:Database"]};Pooling=False;Foreign Keys=False");
    }

    /// <summary>A connection of the simulation's own, to look at everything and to arrange things.</summary>
    public SqliteConnection Connection { get; }

    /// <summary>The database without any way to it.</summary>
    public IBridgeDatabase Database => database;

    /// <summary>The authorities.</summary>
    public IReadOnlyList<SimulatedAuthority> Authorities { get; private set; } = [];

    /// <summary>Makes it. Each authority has passed an assessment and has another in the middle.</summary>
    public static Ground Open()
    {
        // Nothing here is about what a disk does, so none is needed where there is memory to write to.
        var root = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        var ground = new Ground(Directory.CreateDirectory(Path.Combine(root, $"bridge-seeds-{Environment.ProcessId}-{Guid.NewGuid():N}")).FullName);
        ground.Prepare();
        return ground;
    }

    /// <summary>Whether the simulation has brought a failure about.</summary>
    public static bool IsOurs(Exception failure) =>
        failure is Injected or CustomsUnavailableException || failure.Message.Contains("simulated:", StringComparison.Ordinal);

    /// <summary>The parts of a new server.</summary>
    public IServiceProvider NewServer(Surroundings around, TaskScheduler scheduler, DeliveryOptions delivery)
    {
        var parts = services.CreateScope().ServiceProvider;
        parts.GetRequiredService<Setting>().Place(around, scheduler, delivery);
        return parts;
    }

    /// <summary>Puts the database back to its start.</summary>
    public void Restore()
    {
        failures.Clear();
        Execute(restoring);
    }

    /// <summary>What a server has logged as an error though the simulation had not brought it about; null for nothing.</summary>
    public string? Logged => failures.Find(it => it.Exception is null || !IsOurs(it.Exception))?.Text;

    /// <summary>Runs statements of the simulation's own.</summary>
    public void Execute(string sql, params (string Name, object Value)[] parameters)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Connection.Dispose();
        services.Dispose();
        database.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private void Prepare()
    {
        var now = Simulation.Start;
        Connection.Open();
        database.PrepareAsync(CancellationToken.None).GetAwaiter().GetResult();
        using (var scope = services.CreateScope())
        {
            var clock = new SimulatedClock(now);
            scope.ServiceProvider.GetRequiredService<Setting>().Place(new Surroundings(new Random(0), clock), TaskScheduler.Default, new DeliveryOptions());
            scope.ServiceProvider.GetRequiredService<SandboxAccounts>().CreateAsync(CancellationToken.None).GetAwaiter().GetResult();
            database.PublishAsync(scope.ServiceProvider.GetRequiredService<Signer>(), now).GetAwaiter().GetResult();
        }

        Authorities = [.. Enumerable.Range(1, 3).Select(number => AuthorityOf($"authority-{number}", now))];
        Preparation.Run(this);
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        var start = Path.Combine(folder, "start.db");
        Execute($"VACUUM INTO '{start}'");
        Execute($"ATTACH '{start}' AS start");

        // Rows of the audit are never removed, not even by us, while the triggers of this one connection are on.
        SQLitePCL.raw.sqlite3_db_config(Connection.Handle, SQLitePCL.raw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, out _);
        var tables = new List<string>();
        using var command = Connection.CreateCommand();
        command.CommandText = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'";
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
                tables.Add(reader.GetString(0));
        }

        restoring = "PRAGMA synchronous = OFF; BEGIN IMMEDIATE;" + string.Concat(tables.Except(Unchanging).Select(
            table => $"DELETE FROM main.{table}; INSERT INTO main.{table} SELECT * FROM start.{table};")) + "COMMIT;";
    }

    private SimulatedAuthority AuthorityOf(string id, DateTimeOffset now)
    {
        var file = database.WriteAsync(
            Scope.Of(id), sql => sql.AddFileAsync(id, "letter.pdf", SampleFiles.Pdf, FileOrigin.Authority, now), CancellationToken.None).GetAwaiter().GetResult();
        var account = new Account(
            id, Role.Authority, "NZ", new LocalizedText(), ["FROZEN_FRUIT"], [], Sandbox: true, Disabled: false, default);
        return new SimulatedAuthority(account, file.FileId);
    }

    // Every part of a server that the composition makes once is made once for each simulated server; what only holds data is shared.
    private ServiceCollection Arrange(IServiceCollection composed, IConfiguration configuration)
    {
        var arranged = new ServiceCollection();
        foreach (var service in composed)
        {
            var ours = service.ServiceType.Assembly.GetName().Name!.StartsWith("SingleWindowBridge", StringComparison.Ordinal);
            if (!ours || service.IsKeyedService || service.ImplementationInstance is not null)
                ((IServiceCollection)arranged).Add(service);
            else if (service.ImplementationFactory is { } make)
                ((IServiceCollection)arranged).Add(new ServiceDescriptor(service.ServiceType, make, ServiceLifetime.Scoped));
            else
                ((IServiceCollection)arranged).Add(new ServiceDescriptor(service.ServiceType, service.ImplementationType!, ServiceLifetime.Scoped));
        }

        var templates = new QuestionnaireTemplates(null);
        arranged.AddSingleton(templates);
        arranged.AddSingleton(new FoodCatalogue(templates, null));
        var key = Path.Combine(folder, "signing-key.pem");
        Signer.Make(key);
        arranged.AddSingleton(Signer.Read(key));
        arranged.AddSingleton(configuration);
        arranged.AddScoped<Setting>();
        arranged.AddScoped(parts => parts.GetRequiredService<Setting>().Around.Random);
        arranged.AddScoped<TimeProvider>(parts => parts.GetRequiredService<Setting>().Around.Clock);
        arranged.AddScoped(parts => parts.GetRequiredService<Setting>().Scheduler);
        arranged.AddScoped(parts => parts.GetRequiredService<Setting>().Delivery);
        arranged.AddScoped<IBridgeDatabase>(parts => new SimulatedDatabase(database, parts.GetRequiredService<Setting>().Around));

        // Customs has a way of its own to what it keeps: nothing of it is simulated but what it says and hears.
        arranged.AddScoped<ISandboxStore>(parts => new SandboxStore(database, parts.GetRequiredService<TimeProvider>()));
        arranged.AddScoped(parts => new SimulatedLink(parts.GetRequiredService<SandboxChannel>(), parts.GetRequiredService<Setting>().Around));
        arranged.AddScoped<ICustomsChannel>(parts => parts.GetRequiredService<SimulatedLink>());
        arranged.AddScoped<IMeterFactory, Meters>();
        arranged.AddScoped<Delivery>();
        arranged.AddScoped<Reception>();
        arranged.AddScoped<WaitingMessages>();
        return arranged;
    }

    /// <summary>Where the parts of a server find what surrounds it.</summary>
    private sealed class Setting
    {
        public Surroundings Around { get; private set; } = null!;

        public TaskScheduler Scheduler { get; private set; } = null!;

        public DeliveryOptions Delivery { get; private set; } = null!;

        public void Place(Surroundings around, TaskScheduler scheduler, DeliveryOptions delivery) =>
            (Around, Scheduler, Delivery) = (around, scheduler, delivery);
    }

    // Meters that nobody listens to; those of a server that is no more would else be kept for ever.
    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options)
        {
            var meter = new Meter(options);
            meter.Dispose();
            return meter;
        }

        public void Dispose()
        {
        }
    }

    private sealed record Failure(string Text, Exception? Exception);
}
