using System.Net;
using System.Net.Sockets;
using SingleWindowBridge.EndToEnd.Processes;

namespace SingleWindowBridge.Faults.Processes;

/// <summary>The server's program as a process, on an address that it keeps over every start.</summary>
internal sealed class ServerProcess(string folder, IReadOnlyDictionary<string, string?> settings) : IRunningServer
{
    private DotnetProcess? _process;

    /// <inheritdoc/>
    public int Port { get; } = FreePort.Find();

    /// <summary>Its process id.</summary>
    public int Id => _process!.Id;

    /// <inheritdoc/>
    public Task StartAsync()
    {
        _process?.Dispose();
        _process = new DotnetProcess(
            Built.Server, folder, ["--urls", $"http://127.0.0.1:{Port}", .. settings.Select(setting => $"--{setting.Key}={setting.Value}")]);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task KillAsync()
    {
        Assert.False(_process!.HasExited, $"The server had ended by itself: {Said()}");
        _process.Kill();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task ServesAsync()
    {
        var until = DateTime.UtcNow + World.Patience;
        while (!await AcceptsAsync())
        {
            Assert.False(_process!.HasExited, $"The server ended by itself: {Said()}");
            Assert.True(DateTime.UtcNow < until, $"The server does not serve: {Said()}");
            await Task.Delay(20);
        }
    }

    /// <inheritdoc/>
    public string Said()
    {
        var lines = new List<string>();
        while (_process!.Lines.TryRead(out var line))
            lines.Add(line);
        return string.Join('\n', lines.TakeLast(40).Append(_process.Errors));
    }

    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> AcceptsAsync()
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
