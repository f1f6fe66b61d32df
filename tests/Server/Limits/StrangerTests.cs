using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Server.Tests.Wire.Http2;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace SingleWindowBridge.Server.Tests.Limits;

/// <summary>Who shows no key can hold streams and connections for a while, and never so many that one with a key is kept out.</summary>
public sealed class StrangerTests : IAsyncLifetime
{
    private const string WatchHealth = "/grpc.health.v1.Health/Watch";

    private readonly BridgeServer server = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Strangers_who_hold_every_connection_make_room_for_a_key_and_never_take_its_place()
    {
        server.Settings["Wire:Connections"] = "5";
        await server.InitializeAsync();
        var strangers = await HoldAsync(5);

        using var receipts = server.First.Receipts.WatchReceipts(new WatchReceiptsRequest { OnlyNew = true });
        Assert.True(await receipts.ResponseStream.MoveNext());
        await strangers[0].Ended.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(await strangers[1].PingAsync());

        strangers.AddRange(await HoldAsync(10));
        var next = receipts.ResponseStream.MoveNext();
        await server.First.FollowAsync("manual");
        await server.First.ApplyAsync();
        Assert.True(await next);
        await Wait.ForAsync(
            () => Task.FromResult(strangers.Count(each => !each.Ended.IsCompleted)), open => open == 4);
        foreach (var stranger in strangers)
            await stranger.DisposeAsync();
    }

    [Fact]
    public async Task Where_everybody_has_shown_a_key_one_more_is_closed_and_nobody_else()
    {
        server.Settings["Wire:Connections"] = "2";
        await server.InitializeAsync();
        await server.First.Cases.ListCasesAsync(new ListCasesRequest());
        await server.Second.Cases.ListCasesAsync(new ListCasesRequest());
        await using var stranger = await RawConnection.OpenAsync(server.Address);
        await stranger.Ended.WaitAsync(TimeSpan.FromSeconds(30));
        using var third = new Authority(server.Address, "first-authority-key");

        // UNAVAILABLE or INTERNAL, as the client finds the connection closed before or while it greets.
        await Assert.ThrowsAsync<RpcException>(async () => await third.Cases.ListCasesAsync(new()));
        await server.First.Cases.ListCasesAsync(new ListCasesRequest());
        await server.Second.Cases.ListCasesAsync(new ListCasesRequest());
    }

    [Fact]
    public async Task A_stream_without_a_key_ends_after_a_while_and_may_be_opened_anew_and_goes_on_beside_a_key()
    {
        server.Settings["Limits:StrangerStream"] = "00:00:00.200";
        await server.InitializeAsync();

        // The same connection shows a key before the time has passed; this watch is the first to be due.
        await server.First.Cases.ListCasesAsync(new ListCasesRequest());
        using var beside = new Health.HealthClient(server.First.Calls).Watch(new HealthCheckRequest());
        Assert.Equal(ServingStatus.Serving, await NextAsync(beside));

        using var nobody = new Authority(server.Address, key: null);
        var health = new Health.HealthClient(nobody.Calls);
        for (var count = 0; count < 2; count++)
        {
            using var watch = health.Watch(new HealthCheckRequest());
            Assert.Equal(ServingStatus.Serving, await NextAsync(watch));
            Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => NextAsync(watch))).StatusCode);
        }

        using var reflection = new ServerReflection.ServerReflectionClient(nobody.Calls).ServerReflectionInfo();
        Assert.Equal(
            StatusCode.Unavailable,
            (await Assert.ThrowsAsync<RpcException>(() => reflection.ResponseStream.MoveNext().WaitAsync(TimeSpan.FromSeconds(30)))).StatusCode);

        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        Assert.Equal(ServingStatus.NotServing, await NextAsync(beside));
    }

    [Fact]
    public async Task An_address_has_so_many_streams_without_a_key_and_calls_with_a_key_beside_them()
    {
        server.Settings["Limits:AddressStrangerStreams"] = "3";
        await server.InitializeAsync();
        var strangers = await HoldAsync(3);
        using var nobody = new Authority(server.Address, key: null);
        var health = new Health.HealthClient(nobody.Calls);
        using (var fourth = health.Watch(new HealthCheckRequest()))
        {
            var refusal = await Refusal.OfAsync(() => NextAsync(fourth));
            refusal.Is(StatusCode.ResourceExhausted, ErrorReason.TooManyAtOnce);
            Assert.Equal(("ADDRESS", "STREAMS"), (refusal.Metadata["scope"], refusal.Metadata["limit"]));
        }

        await server.First.Cases.ListCasesAsync(new ListCasesRequest());
        await health.CheckAsync(new HealthCheckRequest());
        foreach (var stranger in strangers)
            await stranger.DisposeAsync();
        await Wait.ForAsync(
            async () =>
            {
                try
                {
                    using var again = health.Watch(new HealthCheckRequest());
                    return await NextAsync(again);
                }
                catch (RpcException)
                {
                    return ServingStatus.Unknown;
                }
            },
            status => status == ServingStatus.Serving);
    }

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch) =>
        await watch.ResponseStream.MoveNext().WaitAsync(TimeSpan.FromSeconds(30))
            ? watch.ResponseStream.Current.Status
            : throw new InvalidOperationException("The watch has ended.");

    private async Task<List<RawConnection>> HoldAsync(int count)
    {
        var connections = new List<RawConnection>();
        while (connections.Count < count)
            connections.Add(await HoldAsync());
        return connections;
    }

    // A connection that is never idle: a stream is open on it.
    private async Task<RawConnection> HoldAsync()
    {
        var connection = await RawConnection.OpenAsync(server.Address);
        var stream = connection.NewStream();
        await connection.SendAsync(new Frames().HeadersFrame(stream.Id, Calls.To(WatchHealth, ("authorization", null)))
            .DataFrame(stream.Id, new HealthCheckRequest().Framed(), end: true));
        await Task.WhenAny(stream.Begun, connection.Ended).WaitAsync(TimeSpan.FromSeconds(30));
        return connection;
    }
}
