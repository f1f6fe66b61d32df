using System.Security.Cryptography;
using Dapper;
using SingleWindow.Admin.V1;
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
        Assert.Empty(await server.Operator.HeldAsync());
        Assert.Equal(2, (await server.Operator.HeldAsync(CustomsMessageState.Applied)).Count);
    }

    [Fact]
    public async Task A_message_that_can_never_apply_is_quarantined_with_its_reason_and_later_ones_go_on()
    {
        var made = await Us.ApplyAsync();
        var nobodys = Said.Of("209912000000000001", new Received());
        var silent = Said.Of(made.Number, new RequireCorrection());
        var unknown = Said.Of(made.Number, new OpenQuestionnaire("moon"));
        server.Script.Say(nobodys, silent, Said.Of(made.Number, new Received()), Said.Of(made.Number, new Accept()));
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Accepted);
        server.Script.Say(Said.Of(made.Number, new Approve()), unknown, Said.Of(made.Number, new OpenQuestionnaire("")));
        await Us.UntilAsync(made.CaseId, Stage.Questionnaire, Status.Pending);
        var late = Said.Of(made.Number, new NotAccept { Opinion = "不予受理" });
        server.Script.Say(Said.Of((await EndedAsync()).Number, late.Act) with { MessageId = late.MessageId });
        await AcknowledgedAsync(10);

        var held = await server.Operator.HeldAsync();
        Assert.Equal(
            [
                (nobodys.MessageId, HoldReason.CaseUnknown), (silent.MessageId, HoldReason.ContentInvalid),
                (unknown.MessageId, HoldReason.ContentInvalid), (late.MessageId, HoldReason.NeverFits),
            ],
            held.Select(it => (it.MessageId, it.Reason)));
        Assert.All(held, it => Assert.Equal((CustomsMessageState.Quarantined, 1), (it.State, it.Attempts)));
        Assert.Contains("no case 209912000000000001", held[0].Detail.En, StringComparison.Ordinal);
        Assert.Contains("209912000000000001", held[0].Detail.Zh, StringComparison.Ordinal);
        Assert.Contains("act.require_correction.opinion", held[1].Detail.En, StringComparison.Ordinal);
        Assert.Contains("moon", held[2].Detail.En, StringComparison.Ordinal);
        Assert.Contains("it is in COMPLETED REJECTED", held[3].Detail.En, StringComparison.Ordinal);
        Assert.Equal(["", "first", "first", "first"], held.Select(it => it.AuthorityId));
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_is_quarantined_with_its_bytes_and_later_ones_go_on()
    {
        var made = await Us.ApplyAsync();
        var broken = CustomsReceipt.Unreadable("Received_1.xml", "Line 3: no such element.", "<?xml"u8.ToArray(), DateTimeOffset.UtcNow);
        server.Script.Say(broken, Said.Of(made.Number, new Received()), broken);
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Received);
        await AcknowledgedAsync(3);

        var held = Assert.Single(await server.Operator.HeldAsync());
        Assert.Equal(
            (HoldReason.Unreadable, "Received_1.xml", CaseEvent.Unspecified, ""), (held.Reason, held.Source, held.Event, held.CaseNumber));
        Assert.Contains("Line 3", held.Detail.En, StringComparison.Ordinal);
        var whole = await server.Operator.CustomsMessages.GetCustomsMessageAsync(new GetCustomsMessageRequest { EntryId = held.EntryId });
        Assert.Equal(("<?xml", "application/octet-stream"), (whole.Content.ToStringUtf8(), whole.ContentType));
    }

    [Fact]
    public async Task Another_message_with_an_id_used_before_is_quarantined_and_the_first_one_holds()
    {
        var made = await Us.ApplyAsync();
        var first = Said.Of(made.Number, new Received());
        var other = first with { Act = new ReceiveFailed("附件损坏") };
        server.Script.Say(first, other, other, first with { CreatedAt = first.CreatedAt.AddHours(1) });
        await AcknowledgedAsync(4);

        Assert.Equal(Status.Received, (await Us.GetAsync(made.CaseId)).Status);
        var held = Assert.Single(await server.Operator.HeldAsync());
        Assert.Equal(
            (first.MessageId, HoldReason.MessageIdReused, CaseEvent.ReceiveFailed), (held.MessageId, held.Reason, held.Event));
    }

    [Fact]
    public async Task A_message_whose_file_is_not_what_its_name_says_is_quarantined_whole()
    {
        var caseId = await server.BringAsync(Stage.ProtocolNegotiation, Status.Approved);
        var number = (await Us.GetAsync(caseId)).Number;
        var forged = Said.Of(number, new PublishProtocol { Files = [new CustomsFile("protocol.pdf", SampleFiles.Zip())] });
        server.Script.Say(forged);
        await AcknowledgedAsync(1);
        var held = Assert.Single(await server.Operator.HeldAsync());
        Assert.Equal(HoldReason.ContentInvalid, held.Reason);
        Assert.Contains("protocol.pdf", held.Detail.En, StringComparison.Ordinal);
        var whole = await server.Operator.CustomsMessages.GetCustomsMessageAsync(new GetCustomsMessageRequest { EntryId = held.EntryId });
        Assert.Equal("application/json", whole.ContentType);
        Assert.Contains(
            Convert.ToHexStringLower(SHA256.HashData(forged.Act.Files[0].Content.Span)), whole.Content.ToStringUtf8(),
            StringComparison.Ordinal);
        Assert.Equal(Status.Approved, (await Us.GetAsync(caseId)).Status);
        Assert.Empty((await Us.Cases.GetCaseAsync(new GetCaseRequest { CaseId = caseId })).ProtocolFiles);
    }

    [Fact]
    public async Task A_message_that_brings_out_a_fault_of_ours_is_quarantined_and_holds_up_nothing()
    {
        var bad = await server.BringAsync(Stage.Application, Status.Approved);
        var good = await server.BringAsync(Stage.Application, Status.Approved);
        using (var connection = server.Connect())
        {
            // A row that nothing foresees to be there.
            connection.Execute(
                "INSERT INTO questionnaires (case_id, template_id, template_version, opened_at, answers) VALUES (@bad, '', 1, 0, @none)",
                new { bad, none = Array.Empty<byte>() });
        }

        var poison = Said.Of((await Us.GetAsync(bad)).Number, new OpenQuestionnaire(""));
        server.Script.Say(poison, Said.Of((await Us.GetAsync(good)).Number, new OpenQuestionnaire("")));
        await Us.UntilAsync(good, Stage.Questionnaire, Status.Pending);
        Assert.Equal((Stage.Application, Status.Approved), ((await Us.GetAsync(bad)).Stage, (await Us.GetAsync(bad)).Status));
        var held = Assert.Single(await server.Operator.HeldAsync());
        Assert.Equal((poison.MessageId, HoldReason.Fault), (held.MessageId, held.Reason));
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
        Assert.Empty(await server.Operator.HeldAsync());
    }

    private async Task AcknowledgedAsync(int count) =>
        await Wait.ForAsync(() => Task.FromResult(server.Script.Acknowledged.Count), it => it >= count);

    private async Task<Case> EndedAsync()
    {
        var made = await Us.ApplyAsync();
        server.Script.Say(Said.Of(made.Number, new Received()), Said.Of(made.Number, new Reject { Opinion = "审核不通过" }));
        return await Us.UntilAsync(made.CaseId, Stage.Completed, Status.Rejected);
    }
}
