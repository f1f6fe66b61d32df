using SingleWindowBridge.EndToEnd.Processes;

namespace SingleWindowBridge.EndToEnd;

/// <summary>A client that knows several servers. Each has a database of its own here, so that one sees who was called.</summary>
public sealed class SeveralServersTests : IDisposable
{
    private readonly Workspace _one = new();
    private readonly Workspace _two = new();

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public async Task Calls_take_turns_and_go_on_when_a_server_is_lost()
    {
        using var one = await BridgeServer.StartAsync(_one.Folder);
        using var two = await BridgeServer.StartAsync(_two.Folder);
        await using var client = new SingleWindowClient(new SingleWindowClientOptions(one.Endpoint, BridgeServer.Key)
        {
            MoreEndpoints = [new Uri(two.Endpoint)],
        });
        await SaveUntilAsync(client, async () => await DraftsAsync(one) > 0 && await DraftsAsync(two) > 0);

        one.Kill();
        var before = await DraftsAsync(two);
        for (var call = 0; call < 10; call++)
            await client.Applications.SaveAsync(new Application { Category = "AQUATIC" });
        Assert.Equal(before + 10, await DraftsAsync(two));

        await one.StartAsync();
        before = await DraftsAsync(one);
        await SaveUntilAsync(client, async () => await DraftsAsync(one) > before);
    }

    private static async Task SaveUntilAsync(SingleWindowClient client, Func<Task<bool>> done)
    {
        for (var call = 0; call < 150 && !await done(); call++)
        {
            await client.Applications.SaveAsync(new Application { Category = "AQUATIC" });
            await Task.Delay(100);
        }

        Assert.True(await done());
    }

    private static async Task<int> DraftsAsync(BridgeServer server) => (await server.Client.Cases.ListAsync().ToListAsync()).Count;
}
