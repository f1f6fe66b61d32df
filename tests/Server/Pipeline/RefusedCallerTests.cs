using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Pipeline;

/// <summary>What is kept of calls that were refused because of who calls.</summary>
public sealed class RefusedCallerTests : IAsyncLifetime
{
    private readonly BridgeServer server = new();

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Calls_without_a_good_credential_and_calls_of_the_wrong_role_are_counted_and_others_are_not()
    {
        var meter = server.Services.GetRequiredService<IMeterFactory>().Create(RefusedCallers.MeterName);
        var seen = new ConcurrentDictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, it) =>
            {
                if (instrument.Meter == meter)
                    it.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => seen.AddOrUpdate((string)tags[0].Value!, value, (_, sum) => sum + value));
        listener.Start();

        await server.First.Cases.ListCasesAsync(new());
        await Refusal.OfAsync(server.First.Cases.GetCaseAsync(new() { CaseId = "none" }));
        await Refusal.OfAsync(server.Caller("nobodys-key").Cases.ListCasesAsync(new()));
        using var follow = server.Caller("nobodys-key").Receipts.WatchReceipts(new());
        await Assert.ThrowsAsync<RpcException>(() => follow.ResponseStream.MoveNext(CancellationToken.None));
        await Refusal.OfAsync(server.First.CustomsMessages.ListCustomsMessagesAsync(new()));

        // The answer may be there before the count.
        await Wait.ForAsync(
            () => Task.FromResult((seen.GetValueOrDefault("UNAUTHENTICATED"), seen.GetValueOrDefault("PERMISSION_DENIED"))), counts => counts == (2, 1));
        Assert.Equal(2, seen.Count);
    }
}
