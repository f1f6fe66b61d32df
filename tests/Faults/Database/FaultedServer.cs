using System.Collections.Concurrent;
using System.Data.Common;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SingleWindow.Tests;
using SingleWindowBridge.Server;
using SingleWindowBridge.Server.Proof;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Faults.Database;

/// <summary>A whole server in this process, with the simulated Customs, on a database of its own whose calls may fail.</summary>
internal sealed class FaultedServer
{
    /// <summary>An operator's key.</summary>
    public const string OperatorKey = "operator-of-the-database-faults";

    private readonly string folder = Directory.CreateTempSubdirectory("bridge-faults-").FullName;
    private readonly ConcurrentQueue<string> log = [];
    private WebApplication? app;

    public FaultedServer()
    {
        Store = new TestDatabase(folder);
        Plan = new FaultPlan(Failures());
    }

    /// <summary>How the engine of the run fails.</summary>
    public static DriverFailures Failures() => TestDatabase.IsPostgres ? new PostgresFailures() : new SqliteFailures();

    /// <summary>The database.</summary>
    public TestDatabase Store { get; }

    /// <summary>What fails.</summary>
    public FaultPlan Plan { get; }

    /// <summary>A connection of the test's own, where nothing fails.</summary>
    public DbConnection Own { get; private set; } = null!;

    /// <summary>The server.</summary>
    public GrpcChannel Channel { get; private set; } = null!;

    /// <summary>The database as the server has it.</summary>
    public IBridgeDatabase Database => app!.Services.GetRequiredService<IBridgeDatabase>();

    /// <summary>The key that signs.</summary>
    public Signer Signer => app!.Services.GetRequiredService<Signer>();

    /// <summary>Where heads of the audit go.</summary>
    public string HeadFolder => Path.Combine(folder, "heads");

    /// <summary>What the server has warned of since this was last asked.</summary>
    public string TakeLog()
    {
        var lines = string.Join('\n', log);
        log.Clear();
        return lines;
    }

    /// <summary>Starts on the database as it is; may be called again where it fails.</summary>
    public async Task StartAsync()
    {
        await Store.MakeAsync();
        var key = Path.Combine(folder, "signing-key.pem");
        if (!File.Exists(key))
            Signer.Make(key);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = folder });
        builder.Configuration.AddInMemoryCollection(Store.Settings)
            .AddInMemoryCollection(Settings).AddInMemoryCollection(new Dictionary<string, string?> { ["Signing:KeyFile"] = key });
        builder.WebHost.UseKestrelHttpsConfiguration().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new KeptLogs(LogLevel.Warning, (level, text, failure) => log.Enqueue($"{level}: {text} {failure}")));
        builder.AddBridge();
        builder.Services.AddSingleton<TimeProvider>(new FastClock());
        builder.Services.AddSingleton<IBridgeDatabase>(_ => new FaultedDatabase(Store.Open(Plan.Between), Plan));
        var made = builder.Build();
        try
        {
            made.MapBridge();
            await made.PrepareBridgeAsync();
            await made.StartAsync();
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }

        app = made;
        Channel = GrpcChannel.ForAddress(made.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Own = Store.Connect();
    }

    /// <summary>Ends, and removes the database.</summary>
    public async Task EndAsync()
    {
        if (app is not null)
        {
            Channel.Dispose();
            await Own.DisposeAsync();
            await app.DisposeAsync();
        }

        await Store.DropAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static Dictionary<string, string?> Settings => new()
    {
        ["Bridge:OperatorKeys:alice"] = OperatorKey,
        ["Limits:AccountCalls"] = "100000",
        ["Limits:AccountBurst"] = "100000",
        ["Limits:ConnectionCalls"] = "1000000",
        ["Limits:ConnectionBurst"] = "1000000",
        ["Limits:AddressNewConnections"] = "10000",
        ["Delivery:Attempts"] = "2",
        ["Delivery:FirstPause"] = "00:00:00.100",
        ["Delivery:LeaseTerm"] = "00:00:10",
        ["Sandbox:DefaultScenario"] = "straight_through",
        ["Sandbox:ActDelay"] = "00:00:00",
        ["Sandbox:Accounts:0:Id"] = "first",
        ["Sandbox:Accounts:0:Country"] = "NZ",
        ["Sandbox:Accounts:0:NameZh"] = "第一主管当局",
        ["Sandbox:Accounts:0:NameEn"] = "First Authority",
        ["Sandbox:Accounts:0:Key"] = "first-authority-key",
        ["Sandbox:Accounts:0:CategoryScope:0"] = "FROZEN_FRUIT",
    };
}
