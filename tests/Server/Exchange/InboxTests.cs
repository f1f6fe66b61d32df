using System.Text.Json;
using Dapper;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Exchange;

/// <summary>What becomes of the messages of Customs.</summary>
public sealed class InboxTests : IAsyncLifetime
{
    private readonly ScriptedServer server = new();

    private Authority Us => server.First;

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_message_has_its_effect_once_however_often_it_comes()
    {
        var made = await Us.ApplyAsync();
        var received = Said.Of(made.Number, new Received());
        var accepted = Said.Of(made.Number, new Accept { Opinion = "已受理" });
        server.Script.Say(received, received, accepted, received, accepted);
        await AcknowledgedAsync(5);
        await server.RestartAsync();
        server.Script.Say(accepted);
        await AcknowledgedAsync(6);

        var customs = (await Us.AllReceiptsAsync()).Where(it => it.Actor == Actor.Customs);
        Assert.Equal(
            [(CaseEvent.Received, received.MessageId), (CaseEvent.Accept, accepted.MessageId)], customs.Select(
                it => (it.Event, it.MessageId)));
        Assert.Empty(await PutAsideAsync());
    }

    [Fact]
    public async Task A_message_that_cannot_apply_is_put_aside_with_its_reason_and_later_ones_go_on()
    {
        var made = await Us.ApplyAsync();
        var early = Said.Of(made.Number, new Approve { Opinion = "太早" });
        var nobodys = Said.Of("209912000000000001", new Received());
        var silent = Said.Of(made.Number, new RequireCorrection());
        var unknown = Said.Of(made.Number, new OpenQuestionnaire("moon"));
        var forged = Said.Of(made.Number, new PublishProtocol { Files = [new CustomsFile("p.pdf", SampleFiles.Zip())] });
        server.Script.Say(early, nobodys, Said.Of(made.Number, new Received()), silent, Said.Of(made.Number, new Accept()), forged);
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Accepted);
        server.Script.Say(Said.Of(made.Number, new Approve()), unknown, Said.Of(made.Number, new OpenQuestionnaire("")));
        await Us.UntilAsync(made.CaseId, Stage.Questionnaire, Status.Pending);

        var aside = await PutAsideAsync();
        Assert.Equal(
            [early.MessageId, nobodys.MessageId, silent.MessageId, forged.MessageId, unknown.MessageId], aside.Select(
                it => it.MessageId));
        Assert.Contains("APPROVE is not allowed in APPLICATION", aside[0].Refusal, StringComparison.Ordinal);
        Assert.Contains("no case 209912000000000001", aside[1].Refusal, StringComparison.Ordinal);
        Assert.Contains("opinion", aside[2].Refusal, StringComparison.Ordinal);
        Assert.Contains("has not reached this stage", aside[3].Refusal, StringComparison.Ordinal);
        Assert.Contains("moon", aside[4].Refusal, StringComparison.Ordinal);
        Assert.Equal(early, JsonSerializer.Deserialize<CustomsReceipt>(aside[0].Content)! with { Act = early.Act });
        Assert.Equal("太早", Assert.IsType<Approve>(JsonSerializer.Deserialize<CustomsReceipt>(aside[0].Content)!.Act).Opinion);
    }

    [Fact]
    public async Task A_message_whose_file_is_not_what_its_name_says_is_put_aside_whole()
    {
        var caseId = await server.BringAsync(Stage.ProtocolNegotiation, Status.Approved);
        var number = (await Us.GetAsync(caseId)).Number;
        var forged = Said.Of(number, new PublishProtocol { Files = [new CustomsFile("protocol.pdf", SampleFiles.Zip())] });
        server.Script.Say(forged);
        await AcknowledgedAsync(1);
        var aside = Assert.Single(await PutAsideAsync());
        Assert.Contains("protocol.pdf", aside.Refusal, StringComparison.Ordinal);
        var kept = JsonSerializer.Deserialize<CustomsReceipt>(aside.Content)!.Act.Files;
        Assert.Equal(forged.Act.Files[0].Content.ToArray(), Assert.Single(kept).Content.ToArray());
        Assert.Equal(Status.Approved, (await Us.GetAsync(caseId)).Status);
        Assert.Empty((await Us.Cases.GetCaseAsync(new GetCaseRequest { CaseId = caseId })).ProtocolFiles);
    }

    [Fact]
    public async Task A_message_that_brings_out_a_fault_of_ours_is_put_aside_and_holds_up_nothing()
    {
        var bad = await server.BringAsync(Stage.Application, Status.Approved);
        var good = await server.BringAsync(Stage.Application, Status.Approved);
        using (var connection = server.Connect())
            connection.Execute("UPDATE cases SET products = 'NO_LONGER_KNOWN' WHERE case_id = @bad", new { bad });
        var poison = Said.Of((await Us.GetAsync(bad)).Number, new OpenQuestionnaire(""));
        server.Script.Say(poison, Said.Of((await Us.GetAsync(good)).Number, new OpenQuestionnaire("")));
        await Us.UntilAsync(good, Stage.Questionnaire, Status.Pending);
        Assert.Equal((Stage.Application, Status.Approved), ((await Us.GetAsync(bad)).Stage, (await Us.GetAsync(bad)).Status));
        var aside = Assert.Single(await PutAsideAsync());
        Assert.Equal(poison.MessageId, aside.MessageId);
        Assert.NotEqual("", aside.Refusal);
    }

    [Fact]
    public async Task A_message_is_let_go_of_only_when_its_effect_is_committed()
    {
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        using (server.LockWrites())
        {
            server.Script.Say(Said.Of(made.Number, new Received()));
            await Task.Delay(300);
            Assert.Empty(server.Script.Acknowledged);
        }

        await AcknowledgedAsync(1);
        Assert.Equal(Status.Received, (await Us.GetAsync(made.CaseId)).Status);
    }

    [Fact]
    public async Task A_message_waits_for_a_database_that_is_out_of_reach()
    {
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        using (server.LockWrites())
        {
            // Longer than the server itself waits for the lock.
            server.Script.Say(Said.Of(made.Number, new Received()));
            await Task.Delay(TimeSpan.FromSeconds(6));
        }

        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Received);
        Assert.Empty(await PutAsideAsync());
    }

    private async Task AcknowledgedAsync(int count) =>
        await Wait.ForAsync(() => Task.FromResult(server.Script.Acknowledged.Count), it => it >= count);

    private async Task<IReadOnlyList<Aside>> PutAsideAsync()
    {
        using var connection = server.Connect();
        return (await connection.QueryAsync<Aside>(
            "SELECT message_id AS MessageId, refusal AS Refusal, content AS Content FROM inbox WHERE refusal <> '' ORDER BY taken_at")).AsList();
    }

    private sealed record Aside(string MessageId, string Refusal, string Content);
}
