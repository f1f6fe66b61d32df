using SingleWindowBridge.Tests.Running;

namespace SingleWindowBridge.EndToEnd.Processes;

/// <summary>The real server on a port and a database of its own. It can be killed and started again on both.</summary>
internal sealed class BridgeServer : IDisposable
{
    public const string Key = "swb_sandbox_aruba_try_me";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private readonly string _folder;
    private readonly string[] _settings;
    private string[]? _database;
    private DotnetProcess? _process;

    private BridgeServer(string folder, string[] settings)
    {
        (_folder, _settings) = (folder, settings);
        Endpoint = $"http://127.0.0.1:{FreePort.Find()}";
        Client = new SingleWindowClient(new SingleWindowClientOptions(Endpoint, Key)
        {
            Deadline = Patience,
            VerifyReceipts = ReceiptVerification.Always,
            Retry = new RetryOptions
            {
                MaxAttempts = int.MaxValue,
                InitialBackoff = TimeSpan.FromMilliseconds(50),
                MaxBackoff = TimeSpan.FromMilliseconds(200),
            },
        });
    }

    public string Endpoint { get; }

    /// <summary>A client that waits for a server that is not there.</summary>
    public SingleWindowClient Client { get; }

    public static BridgeServer Planned(string folder, params string[] settings) => new(folder, settings);

    public static async Task<BridgeServer> StartAsync(string folder, params string[] settings)
    {
        var server = Planned(folder, settings);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        _process?.Dispose();
        _database ??= await MakeDatabaseAsync(_folder);
        _process = new DotnetProcess(
            Built.Server, _folder,
            ["--urls", Endpoint, "--Sandbox:ActDelay", "00:00:00.02", "--Delivery:LeaseTerm", "00:00:03", .. _database, .. _settings]);
        var ready = Client.Catalogue.GetAuthorityAsync();
        var ended = _process.ExitCodeAsync(CancellationToken.None);
        if (await Task.WhenAny(ready, ended) == ended)
            Assert.Fail($"The server ended with {await ended}: {_process.Errors}");
        await ready;
    }

    /// <summary>The settings of a database of its own.</summary>
    public static async Task<string[]> MakeDatabaseAsync(string folder)
    {
        var settings = PostgresCluster.IsUsed
            ? PostgresCluster.Settings(await PostgresCluster.CreateAsync())
            : new Dictionary<string, string?> { ["Bridge:Database"] = Path.Combine(folder, "bridge.db") };
        return [.. settings.Select(setting => $"--{setting.Key}={setting.Value}")];
    }

    /// <summary>Runs a command of the program on the server's database, and gives its exit code and what it said.</summary>
    public async Task<(int Code, string Said)> RunAsync(params string[] command)
    {
        using var process = new DotnetProcess(Built.Server, _folder, [.. command, .. _database!]);
        var code = await process.ExitCodeAsync(CancellationToken.None);
        return (code, string.Join('\n', await process.Lines.ReadAllAsync().ToListAsync()));
    }

    public void Kill() => _process!.Kill();

    public void Dispose()
    {
        Client.Dispose();
        _process?.Dispose();
    }
}
