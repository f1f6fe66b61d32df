using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;

namespace SingleWindowBridge.Bench.Wire;

/// <summary>A server started by the bench, stopped with this.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly HttpClient http = new() { DefaultRequestVersion = new Version(2, 0), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private ServerProcess(Process process, string address)
    {
        this.process = process;
        Address = address;
        Channel = GrpcChannel.ForAddress(address);
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>A client's channel to it.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan Processor
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a program and waits until it can be connected to.</summary>
    public static async Task<ServerProcess> StartAsync(string assembly, int port, params string[] arguments)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments, "--urls", address]) { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { }; // Read, so that the server never waits for its log.
        process.BeginOutputReadLine();
        var server = new ServerProcess(process, address);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (process.HasExited)
                throw new InvalidOperationException($"{Path.GetFileName(assembly)} {string.Join(' ', arguments)} ended with {process.ExitCode}");
            try
            {
                using var response = await server.http.GetAsync(new Uri(address), patience.Token);
                return server;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, patience.Token);
            }
        }
    }

    /// <summary>The bytes that the server has allocated since its start; hosts of the bench only.</summary>
    public async Task<long> AllocatedAsync() =>
        long.Parse(await http.GetStringAsync(new Uri(Address + "/allocated")), CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        http.Dispose();
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
