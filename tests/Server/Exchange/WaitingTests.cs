using Dapper;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Tests.Running;
using ByHand = SingleWindow.Sandbox.V1.CustomsAct;

namespace SingleWindowBridge.Server.Tests.Exchange;

/// <summary>Messages of Customs that come before their turn.</summary>
public sealed class WaitingTests : IAsyncLifetime
{
    private readonly ScriptedServer server = new();

    private Authority Us => server.First;

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task What_comes_before_it_can_apply_waits_and_applies_by_itself()
    {
        var made = await Us.ApplyAsync();
        server.Script.Say(
            Said.Of(made.Number, new Approve()), Said.Of(made.Number, new Accept()), Said.Of(made.Number, new OpenQuestionnaire("")));
        var held = await HeldAsync(3);
        Assert.All(held, it => Assert.Equal((CustomsMessageState.Waiting, HoldReason.NotYet), (it.State, it.Reason)));
        Assert.Contains("APPROVE is not allowed in APPLICATION", held[0].Detail.En, StringComparison.Ordinal);
        Assert.Equal(held[0].ReceiveTime.ToDateTimeOffset().AddDays(30), held[0].WaitUntilTime.ToDateTimeOffset());

        // Approve is older than Accept, and both fit once it is received: the order of Customs' clock decides.
        server.Script.Say(Said.Of(made.Number, new Received()));
        await Us.UntilAsync(made.CaseId, Stage.Questionnaire, Status.Pending);
        var overtaken = Assert.Single(await server.Operator.HeldAsync());
        Assert.Equal((CaseEvent.Accept, HoldReason.NeverFits), (overtaken.Event, overtaken.Reason));
    }

    [Fact]
    public async Task What_is_not_counted_and_comes_too_late_for_its_stage_never_applies_to_a_later_one()
    {
        var made = await Us.ApplyAsync();
        var (received, accept) = (Said.Of(made.Number, new Received()), Said.Of(made.Number, new Accept()));
        server.Script.Say(received, Said.Of(made.Number, new Approve()), Said.Of(made.Number, new OpenQuestionnaire("")));
        await Us.UntilAsync(made.CaseId, Stage.Questionnaire, Status.Pending);

        // Overtaken while nothing is submitted to the questionnaire: there is nothing that it could answer.
        server.Script.Say(accept);
        var early = Assert.Single(await HeldAsync(1));
        Assert.Equal((CustomsMessageState.Quarantined, HoldReason.NeverFits), (early.State, early.Reason));
        await server.DoAsync(made.CaseId, CaseEvent.Submit, Stage.Questionnaire);
        server.Script.Say(Said.Of(made.Number, new Received()));
        await Us.UntilAsync(made.CaseId, Stage.Questionnaire, Status.Received);

        // Late by even more: by its clock it was said before the questionnaire was opened.
        server.Script.Say(Said.Of(made.Number, new Accept()) with { CreatedAt = accept.CreatedAt });
        var late = (await HeldAsync(2))[1];
        Assert.Equal((CaseEvent.Accept, HoldReason.Overtaken), (late.Event, late.Reason));
        Assert.Equal(Status.Received, (await Us.GetAsync(made.CaseId)).Status);

        server.Script.Say(Said.Of(made.Number, new Accept()));
        await Us.UntilAsync(made.CaseId, Stage.Questionnaire, Status.Accepted);
    }

    [Fact]
    public async Task What_waits_uncounted_when_the_authority_submits_again_never_applies_to_that()
    {
        server.Script.Hold();
        var made = await Us.ApplyAsync();
        server.Script.Say(Said.Of(made.Number, new CompleteNegotiation()), Said.Of(made.Number, new Approve()));
        Assert.Equal(
            [(CustomsMessageState.Quarantined, HoldReason.NeverFits), (CustomsMessageState.Waiting, HoldReason.NotYet)],
            (await HeldAsync(2)).Select(it => (it.State, it.Reason)));
        await Us.ActAsync(made.CaseId, new ByHand { ReceiveFailed = new() { FailureReason = "附件损坏" } });
        await Wait.ForAsync(() => server.Operator.HeldAsync(CustomsMessageState.Quarantined), it => it.Count == 2);
        await server.DoAsync(made.CaseId, CaseEvent.Submit, Stage.Application);
        await Us.ActAsync(made.CaseId, new ByHand { Received = new() });

        // Nor does an operator's retry change what it answers.
        var approve = (await server.Operator.HeldAsync())[1];
        var retried = (await server.Operator.CustomsMessages.RetryCustomsMessageAsync(
            new RetryCustomsMessageRequest { EntryId = approve.EntryId })).Message;
        Assert.Equal((CustomsMessageState.Quarantined, HoldReason.Overtaken), (retried.State, retried.Reason));
        Assert.Equal(Status.Received, (await Us.GetAsync(made.CaseId)).Status);
    }

    [Fact]
    public async Task A_message_that_names_the_submission_it_answers_applies_in_its_turn_alone()
    {
        server.Script.Hold();
        var made = await Us.ApplyAsync();
        var application = (await Wait.ForAsync(() => Task.FromResult(server.Script.Offered.ToArray()), it => it.Length > 0))[0].MessageId;
        server.Script.Say(Said.Of(made.Number, new Received()) with { Answers = application.ToLowerInvariant() });
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Received);
        server.Script.Say(Said.Of(made.Number, new Accept()) with { Answers = "6F1C2A9E-3F0B-4F4E-9D57-0C1B7F3F8A11" });
        var unknown = Assert.Single(await HeldAsync(1));
        Assert.Equal(
            (HoldReason.NeverFits, "6F1C2A9E-3F0B-4F4E-9D57-0C1B7F3F8A11"), (unknown.Reason, unknown.AnsweredMessageId));
        Assert.Contains("6F1C2A9E", unknown.Detail.En, StringComparison.Ordinal);

        await Us.ActAsync(made.CaseId, new ByHand { RequireCorrection = new() { Opinion = "请补正" } });
        await server.DoAsync(made.CaseId, CaseEvent.Submit, Stage.Application);
        await Us.ActAsync(made.CaseId, new ByHand { Received = new() });
        // Counted or not, whatever its clock says.
        server.Script.Say(Said.Of(made.Number, new Accept(), 1) with { Answers = application, CreatedAt = DateTimeOffset.UtcNow.AddHours(1) });
        Assert.Equal(HoldReason.Overtaken, (await HeldAsync(2))[1].Reason);
        Assert.Equal(Status.Received, (await Us.GetAsync(made.CaseId)).Status);
    }

    [Fact]
    public async Task Messages_that_Customs_counts_apply_in_that_order_and_each_once()
    {
        var made = await Us.ApplyAsync();
        CustomsReceipt[] counted =
        [
            Said.Of(made.Number, new Received(), 1), Said.Of(made.Number, new Accept(), 2), Said.Of(made.Number, new Approve(), 3),
            Said.Of(made.Number, new OpenQuestionnaire(""), 4),
        ];
        server.Script.Say(counted[3], counted[2], counted[2], counted[1]);
        var held = await HeldAsync(3);
        Assert.All(held, it => Assert.Equal(HoldReason.OutOfSequence, it.Reason));
        server.Script.Say(counted[0], counted[3]);
        await Us.UntilAsync(made.CaseId, Stage.Questionnaire, Status.Pending);
        Assert.Equal(
            counted.Select(it => it.MessageId),
            (await Us.AllReceiptsAsync()).Where(it => it.Actor == Actor.Customs).Select(it => it.MessageId));
        Assert.Empty(await server.Operator.HeldAsync());
    }

    [Fact]
    public async Task What_waits_for_the_authority_applies_when_it_has_submitted()
    {
        var caseId = await server.BringAsync(Stage.Questionnaire, Status.Pending);
        var number = (await Us.GetAsync(caseId)).Number;
        server.Script.Say(Said.Of(number, new Received(), 1), Said.Of(number, new Accept(), 2));
        await HeldAsync(2);
        server.Script.Accept();
        await server.DoAsync(caseId, CaseEvent.Submit, Stage.Questionnaire);
        await Us.UntilAsync(caseId, Stage.Questionnaire, Status.Accepted);
        Assert.Empty(await server.Operator.HeldAsync());
    }

    [Fact]
    public async Task What_waits_goes_on_after_a_restart()
    {
        var caseId = await server.BringAsync(Stage.Questionnaire, Status.Pending);
        var number = (await Us.GetAsync(caseId)).Number;
        server.Script.Say(Said.Of(number, new Received(), 1));
        await HeldAsync(1);
        await server.StopAsync();

        // As another server on the same database would leave it.
        using (var connection = server.Connect())
            connection.Execute("UPDATE cases SET status = @status, version = version + 1 WHERE case_id = @caseId", new { caseId, status = Status.Sent });
        await server.StartAsync();
        await Us.UntilAsync(caseId, Stage.Questionnaire, Status.Received);
    }

    [Fact]
    public async Task A_message_out_of_the_way_no_longer_holds_up_those_that_Customs_counts_after_it()
    {
        var made = await Us.ApplyAsync();
        server.Script.Say(Said.Of(made.Number, new Accept(), 3), Said.Of(made.Number, new RequireCorrection(), 2));
        await HeldAsync(2);
        server.Script.Say(Said.Of(made.Number, new Received(), 1));
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Accepted);
        Assert.Equal(HoldReason.ContentInvalid, Assert.Single(await server.Operator.HeldAsync()).Reason);
    }

    [Fact]
    public async Task What_waits_for_too_long_is_quarantined_and_what_waited_behind_it_goes_on()
    {
        await server.StopAsync();
        server.Settings["Inbox:LongestWait"] = "00:00:02";
        server.Settings["Inbox:LookInterval"] = "00:00:00.050";
        await server.StartAsync();
        var made = await Us.ApplyAsync();
        server.Script.Say(Said.Of(made.Number, new Accept(), 1));
        await HeldAsync(1);
        server.Script.Say(Said.Of(made.Number, new Received(), 2));
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Received);
        var held = Assert.Single(await server.Operator.HeldAsync());
        Assert.Equal((CaseEvent.Accept, HoldReason.WaitedTooLong), (held.Event, held.Reason));
    }

    private Task<IReadOnlyList<CustomsMessage>> HeldAsync(int count) =>
        Wait.ForAsync(() => server.Operator.HeldAsync(), it => it.Count == count, it => $"{it.Count} held");
}
