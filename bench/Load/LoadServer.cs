using System.Globalization;
using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server;

namespace SingleWindowBridge.Bench.Load;

/// <summary>
/// The server as it is composed, with a link to Customs that takes nothing: what is measured ends with the commit, on both sides.
/// </summary>
internal static class LoadServer
{
    /// <summary>Serves until it is ended.</summary>
    public static async Task RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

        // All load comes from one address, and as fast as it can.
        foreach (var limit in new[] { "AccountCalls", "AccountOpenCalls", "AccountTurns", "AccountStreams", "ConnectionCalls", "AddressConnections", "AddressNewConnections", "AddressStrangers" })
            builder.Configuration[$"Limits:{limit}"] = "0";
        builder.AddBridge();
        builder.Services.AddSingleton<ICustomsChannel, SilentCustoms>();
        var app = builder.Build();
        app.MapBridge();
        app.MapGet("/memory", (HttpContext context) => context.Response.WriteAsync(Memory()));
        await app.PrepareBridgeAsync();
        await app.RunAsync();
    }

    // The bytes of live objects, after a full collection, then the bytes that the process has in memory.
    private static string Memory()
    {
        var live = GC.GetTotalMemory(forceFullCollection: true);
        return string.Create(CultureInfo.InvariantCulture, $"{live} {Environment.WorkingSet}");
    }

    private sealed class SilentCustoms : ICustomsChannel
    {
        public Task SendAsync(Submission submission, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.Infinite, cancellationToken);

        public async Task<IReadOnlyList<CustomsReceipt>> ReceiveAsync(int max, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return [];
        }

        public Task AcknowledgeAsync(CustomsReceipt receipt, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
