using Microsoft.AspNetCore.Server.Kestrel.Core;
using SingleWindowBridge.Server;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Bench.Wire;

/// <summary>The servers that are measured, other than the real one. Each also says how much it has allocated.</summary>
internal static class Hosts
{
    /// <summary>The official server package and nothing else: no interceptor, no account, no logging.</summary>
    public static async Task RunBareAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(new EchoAnswer(builder.Configuration.GetValue<int>("AnswerBytes")));

        var app = builder.Build();
        app.MapGrpcService<BareEcho>();
        app.MapGrpcService<BareReceipts>();
        MapAllocated(app);
        await app.RunAsync();
    }

    /// <summary>The bridge's own composition and settings, with receipts that come from memory.</summary>
    public static async Task RunBridgeAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.AddBridge();

        var app = builder.Build();
        app.UseWireGate();
        app.MapGrpcService<CatalogueEndpoints>();
        app.MapGrpcService<ReceiptsFromMemory>();
        MapAllocated(app);
        await app.PrepareBridgeAsync();
        await app.RunAsync();
    }

    private static void MapAllocated(WebApplication app) =>
        app.MapGet("/allocated", (HttpContext context) => context.Response.WriteAsync($"{GC.GetTotalAllocatedBytes(precise: true)}"));
}
