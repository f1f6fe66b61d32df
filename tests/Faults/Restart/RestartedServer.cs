using System.Diagnostics;
using SingleWindowBridge.EndToEnd.Processes;
using SingleWindowBridge.Faults.Processes;

namespace SingleWindowBridge.Faults.Restart;

/// <summary>The server as a process on a port of its own, one of several of a database.</summary>
internal sealed class RestartedServer : IDisposable
{
    public const string Key = "swb_sandbox_aruba_try_me";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string folder;
    private readonly Dictionary<string, string?> database;
    private readonly string[] settings;
    private readonly SingleWindowClient client;
    private DotnetProcess? process;

    /// <summary>Plans one; it starts with <see cref="StartAsync"/>.</summary>
    public RestartedServer(string folder, Dictionary<string, string?> database, params string[] settings)
    {
        (this.folder, this.database, this.settings) = (folder, database, settings);
        Endpoint = $"http://127.0.0.1:{FreePort.Find()}";
        client = new SingleWindowClient(new SingleWindowClientOptions(Endpoint, Key)
        {
            Deadline = Patience,
            Retry = new RetryOptions { MaxAttempts = int.MaxValue, InitialBackoff = TimeSpan.FromMilliseconds(50), MaxBackoff = TimeSpan.FromMilliseconds(50) },
        });
    }

    public string Endpoint { get; }

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task StartAsync()
    {
        process = new DotnetProcess(
            Built.Server, folder,
            [
                "--urls", Endpoint, "--Sandbox:ActDelay", "00:00:00.02", "--Delivery:LeaseTerm", "00:00:03",
                .. database.Select(setting => $"--{setting.Key}={setting.Value}"), .. settings,
            ]);
        var ready = client.Catalogue.GetAuthorityAsync();
        var ended = process.ExitCodeAsync(CancellationToken.None);
        if (await Task.WhenAny(ready, ended) == ended)
            Assert.Fail($"The server ended with {await ended}: {process.Errors}");
        await ready;
    }

    /// <summary>Stops it by SIGTERM and starts it again.</summary>
    /// <returns>How long it took to end.</returns>
    public async Task<TimeSpan> RestartAsync()
    {
        var since = Stopwatch.GetTimestamp();
        Signals.Send(process!.Id, Signals.Terminate);
        using var patience = new CancellationTokenSource(Patience);
        Assert.Equal(0, await process.ExitCodeAsync(patience.Token));
        var took = Stopwatch.GetElapsedTime(since);
        process.Dispose();
        await StartAsync();
        return took;
    }

    public void Dispose()
    {
        client.Dispose();
        process?.Dispose();
    }
}
