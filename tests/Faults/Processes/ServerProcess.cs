using System.Net;
using System.Net.Sockets;
using SingleWindowBridge.EndToEnd.Processes;

namespace SingleWindowBridge.Faults.Processes;

/// <summary>The server's program as a process, on an address that it keeps over every start.</summary>
internal sealed class ServerProcess(string folder, IReadOnlyDictionary<string, string?> settings) : IDisposable
{
    private DotnetProcess? _process;

    /// <summary>The port that it listens on, at 127.0.0.1.</summary>
    public int Port { get; } = FreePort();

    /// <summary>Its process id.</summary>
    public int Id => _process!.Id;

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Starts it; it serves a little later.</summary>
    public void Start()
    {
        _process?.Dispose();
        _process = new DotnetProcess(
            Built.Server, folder, ["--urls", $"http://127.0.0.1:{Port}", .. settings.Select(setting => $"--{setting.Key}={setting.Value}")]);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        Assert.False(_process!.HasExited, $"The server had ended by itself: {Said()}");
        _process.Kill();
    }

    /// <summary>Waits until it serves. It must not end by itself, unless that is foreseen.</summary>
    /// <param name="mayEnd">Whether one that ends is started again, as a supervisor does.</param>
    public async Task ServesAsync(bool mayEnd = false)
    {
        var until = DateTime.UtcNow + World.Patience;
        while (!await AcceptsAsync())
        {
            if (_process!.HasExited && mayEnd)
                Start();
            Assert.False(_process.HasExited, $"The server ended by itself: {Said()}");
            Assert.True(DateTime.UtcNow < until, $"The server does not serve: {Said()}");
            await Task.Delay(20);
        }
    }

    /// <summary>What it said since its last start.</summary>
    public string Said()
    {
        var lines = new List<string>();
        while (_process!.Lines.TryRead(out var line))
            lines.Add(line);
        return string.Join('\n', lines.TakeLast(40).Append(_process.Errors));
    }

    public void Dispose() => _process?.Dispose();

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
