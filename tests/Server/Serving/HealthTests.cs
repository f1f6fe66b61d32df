using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Tests.Running;
using Xunit.Abstractions;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace SingleWindowBridge.Server.Tests.Serving;

/// <summary>grpc.health.v1 follows what is true of the database, of the channel to Customs and of the server's end.</summary>
public sealed class HealthTests : IAsyncLifetime
{
    private const string Cases = "singlewindow.bridge.v1.CaseService";

    private readonly SwitchedChannel channel = new();
    private readonly BridgeServer server;
    private Health.HealthClient health = null!;

    public HealthTests(ITestOutputHelper output)
    {
        server = new BridgeServer { Channel = channel, Output = output };
        server.Settings["Wire:HealthInterval"] = "00:00:00.100";
        server.Settings["Wire:StreamsEndAfter"] = "00:00:05";
    }

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        health = new Health.HealthClient(server.First.Calls);
    }

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Every_service_is_serving_and_no_other_is_known()
    {
        foreach (var service in server.Services.GetRequiredService<ServedServices>().Descriptors)
            Assert.Equal((service.FullName, ServingStatus.Serving), (service.FullName, await CheckAsync(service.FullName)));
        Assert.Equal(ServingStatus.Serving, await CheckAsync(""));
        Assert.Equal(ServingStatus.Serving, await CheckAsync(ServiceHealth.Customs));

        var refusal = await Refusal.OfAsync(() => CheckAsync("no.such.Service"));
        Assert.Equal(StatusCode.NotFound, refusal.Code);
        using var watch = health.Watch(new HealthCheckRequest { Service = "no.such.Service" });
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(watch));
    }

    [Fact]
    public async Task A_channel_that_is_cut_is_told_of_and_submits_go_on()
    {
        using var customs = health.Watch(new HealthCheckRequest { Service = ServiceHealth.Customs });
        using var cases = health.Watch(new HealthCheckRequest { Service = Cases });
        Assert.Equal((ServingStatus.Serving, ServingStatus.Serving), (await NextAsync(customs), await NextAsync(cases)));

        channel.Up = false;
        Assert.Equal(ServingStatus.NotServing, await NextAsync(customs));
        Assert.Equal((ServingStatus.Serving, ServingStatus.Serving), (await CheckAsync(Cases), await CheckAsync("")));
        var submitted = await server.First.ApplyAsync();
        Assert.Equal(Status.Declared, submitted.Status);

        channel.Up = true;
        Assert.Equal(ServingStatus.Serving, await NextAsync(customs));
    }

    [Fact]
    public async Task A_database_out_of_reach_stops_what_needs_it_and_comes_back()
    {
        var watched = new[] { "", Cases, ServiceHealth.Customs, "grpc.health.v1.Health" };
        var watches = watched.Select(service => health.Watch(new HealthCheckRequest { Service = service })).ToList();
        foreach (var watch in watches)
            Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        server.Database.Hide();
        Assert.Equal((ServingStatus.NotServing, ServingStatus.NotServing), (await NextAsync(watches[0]), await NextAsync(watches[1])));
        Assert.Equal(ServingStatus.Serving, await CheckAsync(ServiceHealth.Customs));
        Assert.Equal(ServingStatus.Serving, await CheckAsync("grpc.health.v1.Health"));
        var refusal = await Refusal.OfAsync(server.First.Cases.ListCasesAsync(new ListCasesRequest()));
        refusal.Is(StatusCode.Unavailable, ErrorReason.StoreUnavailable);

        server.Database.Show();
        Assert.Equal((ServingStatus.Serving, ServingStatus.Serving), (await NextAsync(watches[0]), await NextAsync(watches[1])));
        await server.First.Cases.ListCasesAsync(new ListCasesRequest());
        watches.ForEach(watch => watch.Dispose());
    }

    [Fact]
    public async Task All_who_watch_share_one_look()
    {
        var watches = Enumerable.Range(0, 60).Select(_ => health.Watch(new HealthCheckRequest { Service = ServiceHealth.Customs })).ToList();
        foreach (var watch in watches)
            Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        var (before, since) = (channel.Looks, Environment.TickCount64);
        await Wait.ForAsync(() => Task.FromResult(channel.Looks), looks => looks >= before + 5);
        // One look in 100 ms, whatever the timers' jitter; each for itself would make 60 times as many.
        Assert.InRange(channel.Looks - before, 5, 10 + ((Environment.TickCount64 - since) / 50));

        channel.Up = false;
        foreach (var watch in watches)
            Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        watches.ForEach(watch => watch.Dispose());
    }

    [Fact]
    public async Task A_server_that_stops_is_not_serving_before_its_streams_end()
    {
        using var watch = health.Watch(new HealthCheckRequest { Service = Cases });
        using var self = health.Watch(new HealthCheckRequest { Service = "grpc.health.v1.Health" });
        Assert.Equal((ServingStatus.Serving, ServingStatus.Serving), (await NextAsync(watch), await NextAsync(self)));
        using var receipts = server.First.Receipts.WatchReceipts(new WatchReceiptsRequest { OnlyNew = true });
        Assert.True(await receipts.ResponseStream.MoveNext());
        using var upload = server.First.Files.UploadFile();
        await upload.RequestStream.WriteAsync(new UploadFileRequest
        {
            Header = new UploadFileHeader { RequestId = Guid.NewGuid().ToString(), Name = "a.pdf", SizeBytes = 1000 },
        });
        var stream = receipts.ResponseStream.MoveNext();

        var lifetime = server.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>();
        lifetime.StopApplication();
        Assert.Equal((ServingStatus.NotServing, ServingStatus.NotServing), (await NextAsync(watch), await NextAsync(self)));
        Assert.False(stream.IsCompleted);

        foreach (var ending in new Func<Task>[] { () => stream, () => NextAsync(watch), () => NextAsync(self), () => upload.ResponseAsync })
            (await Refusal.OfAsync(ending)).Is(StatusCode.Unavailable, ErrorReason.ShuttingDown);
    }

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch) =>
        await watch.ResponseStream.MoveNext().WaitAsync(TimeSpan.FromSeconds(30))
            ? watch.ResponseStream.Current.Status
            : throw new InvalidOperationException("The watch has ended.");

    private async Task<ServingStatus> CheckAsync(string service) =>
        (await health.CheckAsync(new HealthCheckRequest { Service = service })).Status;
}
