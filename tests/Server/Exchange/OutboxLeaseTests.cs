using Dapper;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Exchange;

/// <summary>Which server hands what waits in the outbox to Customs, where there are several on one database.</summary>
public sealed class OutboxLeaseTests : IAsyncLifetime
{
    private readonly ScriptedServer one = new();
    private readonly BridgeServer other;

    public OutboxLeaseTests()
    {
        other = new BridgeServer { Database = one.Database, Channel = one.Script };
        foreach (var server in new[] { one, other })
        {
            server.Settings["Delivery:Attempts"] = "3";
            server.Settings["Delivery:LeaseTerm"] = "00:00:04";
        }
    }

    private Authority Us => one.First;

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
    public async Task Two_servers_hand_each_submission_over_once()
    {
        var made = new List<Case>();
        for (var round = 0; round < 20; round++)
        {
            made.Add(await one.First.ApplyAsync());
            made.Add(await other.First.ApplyAsync());
        }

        foreach (var @case in made)
            await Us.UntilAsync(@case.CaseId, Stage.Application, Status.Sent);
        Assert.Equal(made.Select(it => it.Number).Order(), one.Script.Offered.Select(it => it.CaseNumber).Order());
        Assert.Equal(40, one.Script.Offered.Select(it => it.MessageId).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, 80).Select(number => (long)number), (await Us.AllReceiptsAsync()).Select(it => it.Number));
    }

    [Fact]
    public async Task A_submission_that_takes_longer_than_the_term_stays_with_its_server()
    {
        one.Script.Hold();
        var made = await Us.ApplyAsync();
        await Task.Delay(TimeSpan.FromSeconds(9));
        Assert.Single(one.Script.Offered);
        one.Script.Accept();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        Assert.Single(one.Script.Offered);
    }

    [Fact]
    public async Task What_a_server_had_when_it_died_another_hands_over_as_the_same_message()
    {
        var (made, until) = await LeasedByADeadServerAsync(TimeSpan.FromSeconds(4));
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        Assert.True(DateTimeOffset.UtcNow >= until, "It was handed over while the dead server's lease lasted");
        var receipts = await Us.AllReceiptsAsync();
        Assert.Equal([receipts[0].MessageId], one.Script.Offered.Select(it => it.MessageId));
    }

    [Fact]
    public async Task Of_a_case_the_older_submission_goes_first_whichever_server_has_it()
    {
        one.Script.Hold();
        await other.StopAsync();
        await one.StopAsync();
        await one.StartAsync();
        var caseId = (await Us.ApplyAsync()).CaseId;
        await Wait.ForAsync(() => Task.FromResult(one.Script.Offered.Count), count => count == 1);
        await one.StopAsync();
        using (var connection = one.Connect())
        {
            connection.Execute(
                """
                INSERT INTO outbox (message_id, authority_id, case_id, content, moves_case, delivery, attempts, state, due_at, created_at)
                SELECT 'later', authority_id, case_id, content, FALSE, 1, 0, 0, 0, created_at + 1 FROM outbox WHERE case_id = @caseId
                """,
                new { caseId });
            connection.Execute("UPDATE outbox SET due_at = 0");
        }

        var database = one.Database.Open();
        var first = Assert.Single(await LeaseAsync(database, "a"));
        Assert.NotEqual("later", first.Submission.MessageId);
        Assert.Empty(await LeaseAsync(database, "b"));

        // Put off, it holds up the next no longer; nor may the server that had it put it off again.
        await PutOffAsync(database, first, "a");
        Assert.Equal("later", Assert.Single(await LeaseAsync(database, "b")).Submission.MessageId);
        await PutOffAsync(database, first, "a");
        using (var connection = one.Connect())
            Assert.Equal(1, connection.QuerySingle<int>("SELECT attempts FROM outbox WHERE message_id <> 'later'"));
        await one.StartAsync();
    }

    private static Task<IReadOnlyList<OutboxItem>> LeaseAsync(IBridgeDatabase database, string owner) => database.WriteAsync(
        Scope.Everyone, sql => sql.LeaseDueAsync(new OutboxLease(owner, 1_000, 2_000), 32), CancellationToken.None);

    private static Task<int> PutOffAsync(IBridgeDatabase database, OutboxItem item, string owner) => database.WriteAsync(
        Scope.Everyone,
        async sql =>
        {
            await sql.PutOffAsync(item, owner, DateTimeOffset.UtcNow.AddHours(1));
            return 0;
        },
        CancellationToken.None);

    // A case whose submission another server, which is no more, has taken and not handed over.
    private async Task<(Case Made, DateTimeOffset Until)> LeasedByADeadServerAsync(TimeSpan left)
    {
        await one.StopAsync();
        await other.StopAsync();
        one.Script.Hold();
        await one.StartAsync();
        var made = await one.First.ApplyAsync();
        await Wait.ForAsync(() => Task.FromResult(one.Script.Offered.Count), count => count == 1);
        await one.StopAsync();
        one.Script.Offered.Clear();
        var until = DateTimeOffset.UtcNow + left;
        using (var connection = one.Connect())
        {
            connection.Execute(
                "UPDATE outbox SET lease_owner = 'dead', leased_until = @until",
                new { until = until.ToMicroseconds() });
        }

        one.Script.Accept();
        await one.StartAsync();
        await other.StartAsync();
        return (made, until);
    }
}
