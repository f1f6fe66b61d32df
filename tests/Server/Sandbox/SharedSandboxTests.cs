using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Sandbox;

/// <summary>The simulated Customs where several servers share it.</summary>
public sealed class SharedSandboxTests : IAsyncLifetime
{
    private readonly BridgeServer one = new();
    private readonly BridgeServer other;

    public SharedSandboxTests() => other = new BridgeServer { Database = one.Database };

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
    public async Task A_case_comes_to_its_end_once_whichever_server_hears_of_it()
    {
        await one.First.FollowAsync("two_rectifications");
        var office = new BackOffice(one);
        var end = await office.SeeThroughAsync();
        Assert.Equal((Stage.Completed, "Q R R P C"), (end.Stage, office.Answers));
        Assert.Equal(Enumerable.Range(1, office.Seen.Count).Select(number => (long)number), office.Seen.Select(it => it.Number));
        Assert.Equal(await one.First.AllReceiptsAsync(), await other.First.AllReceiptsAsync());
    }

    [Fact]
    public async Task An_act_by_hand_holds_on_every_server()
    {
        foreach (var server in new[] { one, other })
        {
            await server.First.FollowAsync("manual");
            var made = await server.First.ApplyAsync();
            await server.First.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
            var received = await one.First.ActAsync(made.CaseId, new CustomsAct { Received = new() });
            Assert.Equal(Status.Received, received.Status);
            var accepted = await other.First.ActAsync(made.CaseId, new CustomsAct { Accept = new() });
            Assert.Equal(Status.Accepted, accepted.Status);
        }
    }

    [Fact]
    public async Task An_act_asked_of_two_servers_at_once_is_done_once()
    {
        await one.First.FollowAsync("manual");
        var made = await one.First.ApplyAsync();
        await one.First.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        var request = new PerformActRequest
        {
            RequestId = Authority.NewId(), CaseId = made.CaseId, Act = new CustomsAct { Received = new() },
        };
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(turn =>
            (turn % 2 == 0 ? one : other).First.Sandbox.PerformActAsync(request).ResponseAsync));
        Assert.Single(answers.Distinct());
        Assert.Equal([CaseEvent.Submit, CaseEvent.Sent, CaseEvent.Received], (await one.First.TimelineAsync(made.CaseId)).Select(it => it.Event));
    }

    [Fact]
    public async Task When_the_server_that_leads_stops_another_goes_on_with_what_was_planned()
    {
        await one.First.FollowAsync("straight_through");
        await one.StopAsync();
        var made = await other.First.ApplyAsync();
        await other.First.UntilAsync(made.CaseId, Stage.Questionnaire, Status.Pending);
        await one.StartAsync();
    }
}
