using Grpc.Core;
using Grpc.Health.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace SingleWindowBridge.Server.Tests.Pipeline;

public sealed class HealthTests : IAsyncLifetime
{
    private readonly BridgeServer server = new();

    private Health.HealthClient Client => new(server.First.Calls);

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("singlewindow.bridge.v1.CaseService")]
    [InlineData("singlewindow.sandbox.v1.SandboxService")]
    [InlineData("grpc.health.v1.Health")]
    public async Task A_service_that_is_served_is_serving(string service) =>
        Assert.Equal(ServingStatus.Serving, (await Client.CheckAsync(new HealthCheckRequest { Service = service })).Status);

    [Fact]
    public async Task A_service_that_there_is_not_is_not_found_and_a_watch_of_it_says_so()
    {
        var request = new HealthCheckRequest { Service = "singlewindow.bridge.v1.Moon" };
        Assert.Equal(StatusCode.NotFound, (await Refusal.OfAsync(Client.CheckAsync(request))).Code);
        using var call = Client.Watch(request);
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(ServingStatus.ServiceUnknown, call.ResponseStream.Current.Status);
    }

    [Fact]
    public async Task A_watch_gives_the_status_at_once_and_ends_with_the_server()
    {
        using var call = Client.Watch(new HealthCheckRequest());
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(ServingStatus.Serving, call.ResponseStream.Current.Status);
        var next = call.ResponseStream.MoveNext(CancellationToken.None);
        Assert.False(next.IsCompleted);
        var stopping = server.StopAsync();
        Assert.True(await next);
        Assert.Equal(ServingStatus.NotServing, call.ResponseStream.Current.Status);
        (await Refusal.OfAsync(() => call.ResponseStream.MoveNext(CancellationToken.None)))
            .Is(StatusCode.Unavailable, ErrorReason.ShuttingDown);
        await stopping;
    }

    [Fact]
    public async Task A_watch_tells_when_the_database_is_gone_and_back()
    {
        using var call = Client.Watch(new HealthCheckRequest());
        Assert.Equal(ServingStatus.Serving, await NextAsync());
        using (var connection = server.Connect())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "ALTER TABLE migrations RENAME TO elsewhere";
            command.ExecuteNonQuery();
            Assert.Equal(ServingStatus.NotServing, await NextAsync());
            command.CommandText = "ALTER TABLE elsewhere RENAME TO migrations";
            command.ExecuteNonQuery();
            Assert.Equal(ServingStatus.Serving, await NextAsync());
        }

        async Task<ServingStatus> NextAsync()
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            return call.ResponseStream.Current.Status;
        }
    }
}
