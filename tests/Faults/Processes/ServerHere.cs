using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SingleWindowBridge.EndToEnd.Processes;
using SingleWindowBridge.Server;

namespace SingleWindowBridge.Faults.Processes;

/// <summary>A server in this process, composed as the program composes it but for its clock.</summary>
internal sealed class ServerHere(IReadOnlyDictionary<string, string?> settings, TimeProvider clock) : IRunningServer
{
    private WebApplication? _app;

    /// <inheritdoc/>
    public int Port { get; } = FreePort.Find();

    /// <inheritdoc/>
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls($"http://127.0.0.1:{Port}");
        builder.Logging.ClearProviders();
        builder.AddBridge();
        builder.Services.AddSingleton(clock);
        _app = builder.Build();
        _app.MapBridge();
        await _app.PrepareBridgeAsync();
        await _app.StartAsync();
    }

    /// <inheritdoc/>
    public async Task KillAsync() => await DisposeAsync();

    /// <inheritdoc/>
    public Task ServesAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public string Said() => "";

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _app = null;
    }
}

/// <summary>A clock that can be set. Waits go by the real one.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private long _ahead;

    /// <summary>How far it is ahead of the real one.</summary>
    public TimeSpan Ahead
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _ahead));
        set => Interlocked.Exchange(ref _ahead, value.Ticks);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
