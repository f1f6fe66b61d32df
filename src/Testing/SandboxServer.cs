using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SingleWindowBridge.Server;

namespace SingleWindowBridge.Testing;

/// <summary>
/// A whole bridge in this process, with a simulated Customs: the server that an authority's system speaks with, on a free loopback
/// port and a database of its own that goes with it. Make one for a test class or a whole collection (xunit's
/// <c>IAsyncLifetime</c>), and call it as any other bridge.
/// </summary>
/// <remarks>It reads no settings but its options: neither the environment nor a file.</remarks>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly SandboxServerOptions options;
    private readonly List<SingleWindowClient> clients = [];
    private WebApplication? app;
    private SingleWindowClient? client;

    private SandboxServer(SandboxServerOptions options) => this.options = options;

    /// <summary>Where the server listens, such as <c>http://127.0.0.1:40123</c>. It stays the same over restarts.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>The folder of its database, bridge.db, a SQLite file; removed in the end.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("swb-sandbox-").FullName;

    /// <summary>The key of the first account.</summary>
    public string Key => options.Accounts[0].Key;

    /// <summary>A client with the key of the first account; disposed with the server.</summary>
    public SingleWindowClient Client => client ??= Connect();

    /// <summary>The cases of <see cref="SandboxServerOptions.Cases"/>, as they stood when they were ready.</summary>
    public IReadOnlyList<Case> Cases { get; private set; } = [];

    /// <summary>Starts a server. When it returns, calls are answered.</summary>
    /// <param name="options">How it is set up; null for the defaults.</param>
    /// <param name="cancellationToken">Gives the start up; nothing is left then.</param>
    /// <exception cref="ArgumentException">There is no account, or two have the same id or key, or there is no such
    /// scenario.</exception>
    /// <exception cref="InvalidOperationException">A country or a category does not exist; the message names it.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SandboxServer> StartAsync(
        SandboxServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        var server = new SandboxServer(Checked(options ?? new SandboxServerOptions()));
        try
        {
            await server.ServeAsync(cancellationToken).ConfigureAwait(false);
            await server.FurnishAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes a further client; disposed with the server.</summary>
    /// <param name="key">The key; null for that of the first account.</param>
    public SingleWindowClient Connect(string? key = null)
    {
        var made = new SingleWindowClient(new SingleWindowClientOptions { Endpoint = Endpoint, ApiKey = key ?? Key });
        lock (clients)
            clients.Add(made);
        return made;
    }

    /// <summary>Stops the server as at an operator's word: streams end, calls under way are answered. Its database stays, for
    /// <see cref="RestartAsync"/>.</summary>
    public async Task StopAsync()
    {
        if (app is not { } running)
            return;
        app = null;
        await running.StopAsync().ConfigureAwait(false);
        await running.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Stops the server if it serves, and starts it again on the same port and database.</summary>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="IOException">The port was taken by somebody else meanwhile.</exception>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync().ConfigureAwait(false);
        await ServeAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Disposes the clients, stops the server and removes its database.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var made in clients)
            made.Dispose();
        await StopAsync().ConfigureAwait(false);
        try
        {
            if (Directory.Exists(Folder))
                Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // A virus scanner may hold a file; the system's own cleaning of its folder for temporary files takes it then.
        }
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = Folder });
        builder.Configuration.AddInMemoryCollection(UsualSettings()).AddInMemoryCollection(options.Settings);
        builder.WebHost.UseKestrelCore();
        var port = Endpoint?.Port ?? options.Port;
        builder.WebHost.UseUrls($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        options.Logging?.Invoke(builder.Logging);
        builder.AddBridge();
        var built = builder.Build();
        try
        {
            built.MapBridge();
            await built.PrepareBridgeAsync().ConfigureAwait(false);
            await built.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await built.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        app = built;
        Endpoint = new Uri(built.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    private async Task FurnishAsync(CancellationToken cancellationToken)
    {
        var ready = new List<Case>();
        foreach (var seed in options.Cases)
            ready.Add(await Client.SeedCaseAsync(seed, cancellationToken).ConfigureAwait(false));
        Cases = ready;
        if (!options.ClockStopped)
            return;
        foreach (var account in options.Accounts)
            await Connect(account.Key).Sandbox.StopClockAsync(cancellationToken).ConfigureAwait(false);
    }

    private Dictionary<string, string?> UsualSettings()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Exchange:Channel"] = "sandbox",
            ["Bridge:Database"] = Path.Combine(Folder, "bridge.db"),
            ["Delivery:FirstPause"] = "00:00:00.010",
            ["Sandbox:DefaultScenario"] = options.Scenario,
            ["Sandbox:ActDelay"] = options.ActDelay.ToString("c", CultureInfo.InvariantCulture),

            // The clients of a test need no warning: its streams end at once.
            ["Wire:StreamsEndAfter"] = "00:00:00",
        };
        for (var index = 0; index < options.Accounts.Count; index++)
        {
            var (account, at) = (options.Accounts[index], string.Create(CultureInfo.InvariantCulture, $"Sandbox:Accounts:{index}:"));
            settings[at + "Id"] = account.Id;
            settings[at + "Key"] = account.Key;
            settings[at + "Country"] = account.Country;
            settings[at + "NameZh"] = account.Name.Zh;
            settings[at + "NameEn"] = account.Name.En;
            for (var category = 0; category < account.CategoryScope.Count; category++)
                settings[string.Create(CultureInfo.InvariantCulture, $"{at}CategoryScope:{category}")] = account.CategoryScope[category];
        }

        return settings;
    }

    private static SandboxServerOptions Checked(SandboxServerOptions options)
    {
        if (options.Accounts.Count == 0)
            throw new ArgumentException("A sandbox server needs an account.", nameof(options));
        if (options.Accounts.DistinctBy(account => account.Id).Count() < options.Accounts.Count
            || options.Accounts.DistinctBy(account => account.Key).Count() < options.Accounts.Count)
            throw new ArgumentException("Two accounts have the same id or key.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ActDelay, TimeSpan.Zero, nameof(options));
        return options;
    }
}
