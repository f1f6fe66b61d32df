using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Exchange;

/// <summary>What Customs says where several servers on one database hear it, each of them all of it.</summary>
public sealed class SharedInboxTests : IAsyncLifetime
{
    private readonly ScriptedServer one = new();
    private readonly BridgeServer other;

    public SharedInboxTests() => other = new BridgeServer { Database = one.Database, Channel = one.Script };

    public async Task InitializeAsync()
    {
        await one.InitializeAsync();
        await other.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await other.DisposeAsync();
        await one.DisposeAsync();
    }

    [Fact]
    public async Task A_message_that_two_servers_take_at_once_has_its_effect_once()
    {
        var made = new List<Case>();
        for (var round = 0; round < 10; round++)
            made.Add(await one.First.ApplyAsync());
        foreach (var @case in made)
            await one.First.UntilAsync(@case.CaseId, Stage.Application, Status.Sent);

        using (one.LockWrites())
        {
            // Both hear it and wait, so that neither is through with it before the other has it.
            one.Script.Say([.. made.SelectMany(@case => new[]
            {
                Said.Of(@case.Number, new Received()), Said.Of(@case.Number, new Accept()), Said.Of(@case.Number, new Approve()),
            })]);
            await Wait.ForAsync(() => Task.FromResult(one.Script.Hearers.Count), count => count == 2);
        }

        foreach (var @case in made)
            await one.First.UntilAsync(@case.CaseId, Stage.Application, Status.Approved);

        await Wait.ForAsync(() => Task.FromResult(one.Script.Acknowledged.Distinct().Count()), count => count == 30);
        // The one that was slower lets go of what it heard as well: had no message come to both, this would show nothing.
        await Wait.ForAsync(() => Task.FromResult(one.Script.Acknowledged.Count), count => count > 30);
        foreach (var @case in made)
        {
            Assert.Equal(
                [CaseEvent.Submit, CaseEvent.Sent, CaseEvent.Received, CaseEvent.Accept, CaseEvent.Approve],
                (await other.First.TimelineAsync(@case.CaseId)).Select(it => it.Event));
        }

        var receipts = await one.First.AllReceiptsAsync();
        Assert.Equal(Enumerable.Range(1, 50).Select(number => (long)number), receipts.Select(it => it.Number));
    }
}
