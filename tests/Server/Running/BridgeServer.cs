using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Proof;
using SingleWindowBridge.Server.Storage;
using Xunit.Abstractions;
using Account = SingleWindow.Admin.V1.Account;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>
/// A whole server in this process, on a free port and a database of its own, composed as the program composes it. Two sandbox
/// accounts: the first may apply for almost everything, the second for little.
/// </summary>
public class BridgeServer : IAsyncLifetime
{
    private const string FirstKey = "first-authority-key";
    private const string SecondKey = "second-authority-key";
    private const string OperatorKey = "operator-alice-of-the-tests";

    private readonly string folder = Directory.CreateTempSubdirectory("bridge-tests-").FullName;
    private readonly List<Authority> callers = [];
    private readonly Dictionary<string, string> liveKeys = [];
    private WebApplication? app;

    public BridgeServer() => Database = new TestDatabase(folder);

    /// <summary>The server's database.</summary>
    public TestDatabase Database { get; init; }

    /// <summary>Settings beside or over the usual ones, by their configuration keys.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>The link to Customs; null for the sandbox.</summary>
    public ICustomsChannel? Channel { get; init; }

    /// <summary>What stands between the server and its database; null for nothing.</summary>
    internal Func<IBridgeDatabase, IBridgeDatabase>? Wrap { get; set; }

    /// <summary>Where the server is to listen.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>Where the server listens.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The account with the wide scope.</summary>
    public Authority First { get; private set; } = null!;

    /// <summary>The account with the narrow scope.</summary>
    public Authority Second { get; private set; } = null!;

    /// <summary>Whoever runs the server.</summary>
    public Authority Operator { get; private set; } = null!;

    /// <summary>The parts of the running server.</summary>
    public IServiceProvider Services => app!.Services;

    /// <summary>The server's private key for signatures.</summary>
    public string KeyFile => Path.Combine(folder, "signing-key.pem");

    /// <summary>Where the server's log goes.</summary>
    public ITestOutputHelper? Output { get; set; }

    public async Task InitializeAsync() => await StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var caller in callers)
            caller.Dispose();
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Starts on the database as it is.</summary>
    public async Task StartAsync()
    {
        await Database.MakeAsync();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = folder });
        builder.Configuration.AddInMemoryCollection(UsualSettings()).AddInMemoryCollection(Database.Settings)
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Signing:KeyFile"] = KeyFile }).AddInMemoryCollection(Settings);
        Signer.Make(KeyFile);
        builder.WebHost.UseKestrelHttpsConfiguration().UseUrls(Url);
        builder.Logging.ClearProviders();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddProvider(new XunitLogs(() => Output));
        builder.AddBridge();
        if (Channel is not null)
            builder.Services.AddSingleton(Channel);

        if (Wrap is not null)
        {
            var open = builder.Services.Last(service => service.ServiceType == typeof(IBridgeDatabase)).ImplementationFactory!;
            builder.Services.AddSingleton(provider => Wrap((IBridgeDatabase)open(provider)));
        }

        app = builder.Build();
        app.MapBridge();
        await app.PrepareBridgeAsync();
        await MakeLiveAccountsAsync();
        await app.StartAsync();
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        First = Caller(liveKeys.GetValueOrDefault("first", FirstKey));
        Second = Caller(liveKeys.GetValueOrDefault("second", SecondKey));
        Operator = Caller(OperatorKey);
    }

    /// <summary>Stops in good order, as at the operator's word.</summary>
    public async Task StopAsync()
    {
        if (app is null)
            return;

        await app.StopAsync();
        await DropAsync();
    }

    /// <summary>Drops the server where it stands and starts a new one on what it left.</summary>
    public async Task RestartAsync()
    {
        await DropAsync();
        await StartAsync();
    }

    /// <summary>Whoever calls with a key; disposed with the server.</summary>
    public Authority Caller(string key)
    {
        var caller = new Authority(Address, key);
        callers.Add(caller);
        return caller;
    }

    /// <summary>A connection of our own to the server's database.</summary>
    public DbConnection Connect() => Database.Connect();

    /// <summary>Keeps every write of the server waiting until disposed.</summary>
    public IDisposable LockWrites() => Database.LockWrites();

    private static Origin Tester => new("OPERATOR", "tests", "", "");

    // A server that is no sandbox makes no accounts from its settings: the same two are made as an operator would.
    private async Task MakeLiveAccountsAsync()
    {
        if (Services.GetRequiredService<ExchangeOptions>().IsSandbox || liveKeys.Count > 0)
            return;

        var actions = Services.GetRequiredService<AccountActions>();
        foreach (var settings in app!.Configuration.GetSection("Sandbox:Accounts").GetChildren())
        {
            var id = settings["Id"]!;
            await actions.CreateAccountAsync(
                new CreateAccountRequest
                {
                    RequestId = Authority.NewId(),
                    Account = new Account
                    {
                        AccountId = id, Role = AccountRole.Authority, Country = settings["Country"],
                        Name = new LocalizedText { Zh = settings["NameZh"], En = settings["NameEn"] },
                        CategoryScope = { settings.GetSection("CategoryScope").Get<string[]>() },
                    },
                },
                Tester, CancellationToken.None);
            var made = await actions.CreateKeyAsync(
                new CreateKeyRequest { RequestId = Authority.NewId(), AccountId = id }, Tester, CancellationToken.None);
            liveKeys[id] = made.Secret;
        }
    }

    private async Task DropAsync()
    {
        await app!.DisposeAsync();
        app = null;
    }

    private static Dictionary<string, string?> UsualSettings() => new()
    {
        ["Bridge:OperatorKeys:alice"] = OperatorKey,

        // All tests come from one address, and ask as fast as they can.
        ["Limits:AccountCalls"] = "100000",
        ["Limits:AccountBurst"] = "100000",
        ["Limits:AccountOpenCalls"] = "10000",
        ["Limits:AccountStreams"] = "10000",
        ["Limits:ConnectionCalls"] = "1000000",
        ["Limits:ConnectionBurst"] = "1000000",
        ["Limits:AddressConnections"] = "1000",
        ["Limits:AddressNewConnections"] = "10000",
        ["Limits:AddressStrangers"] = "100000",
        ["Limits:AddressStrangersBurst"] = "100000",
        ["Limits:AddressStrangerStreams"] = "10000",
        ["Delivery:Attempts"] = "2",
        ["Delivery:FirstPause"] = "00:00:00.010",
        ["Delivery:LeaseTerm"] = "00:00:03",
        ["Sandbox:DefaultScenario"] = "straight_through",
        ["Sandbox:ActDelay"] = "00:00:00",
        ["Sandbox:Accounts:0:Id"] = "first",
        ["Sandbox:Accounts:0:Country"] = "NZ",
        ["Sandbox:Accounts:0:NameZh"] = "第一主管当局",
        ["Sandbox:Accounts:0:NameEn"] = "First Authority",
        ["Sandbox:Accounts:0:Key"] = FirstKey,
        ["Sandbox:Accounts:0:CategoryScope:0"] = "FROZEN_FRUIT",
        ["Sandbox:Accounts:0:CategoryScope:1"] = "AQUATIC",
        ["Sandbox:Accounts:0:CategoryScope:2"] = "MEAT",
        ["Sandbox:Accounts:0:CategoryScope:3"] = "RICE",
        ["Sandbox:Accounts:0:CategoryScope:4"] = "MILLED_GRAIN_AND_MALT",
        ["Sandbox:Accounts:1:Id"] = "second",
        ["Sandbox:Accounts:1:Country"] = "AW",
        ["Sandbox:Accounts:1:NameZh"] = "第二主管当局",
        ["Sandbox:Accounts:1:NameEn"] = "Second Authority",
        ["Sandbox:Accounts:1:Key"] = SecondKey,
        ["Sandbox:Accounts:1:CategoryScope:0"] = "FROZEN_FRUIT",
    };
}
