using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Exchange;

/// <summary>How submissions get to Customs, where three attempts are made.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private readonly ScriptedServer server = new();

    private Authority Us => server.First;

    public Task InitializeAsync()
    {
        server.Settings["Delivery:Attempts"] = "3";
        return server.InitializeAsync();
    }

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task What_is_submitted_reaches_Customs_whole()
    {
        var form = await Us.NewFormAsync();
        var made = (await Us.Applications.SubmitApplicationAsync(
            new SubmitApplicationRequest { RequestId = Authority.NewId(), Application = form })).Case;
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);

        var sent = Assert.Single(server.Script.Offered);
        var receipts = await Us.AllReceiptsAsync();
        Assert.Equal((made.Number, "first", 1, receipts[0].MessageId),
            (sent.CaseNumber, sent.AuthorityId, sent.Delivery, sent.MessageId));
        Assert.Equal(sent.MessageId, receipts[1].MessageId);
        var content = Assert.IsType<ApplicationContent>(sent.Content);
        Assert.Equal((form.Category, form.Summary), (content.Category, content.Summary));
        Assert.Equal(("297", "58", "1234567"),
            (content.Contact.PhoneCountryCode, content.Contact.PhoneAreaCode, content.Contact.PhoneNumber));
        Assert.Equal(("letter.pdf", "application/pdf", SampleFiles.Pdf.Length), Assert.Single(content.Files) switch
        {
            var file => (file.Name, file.MediaType, (int)file.SizeBytes),
        });
    }

    [Fact]
    public async Task Submissions_that_come_later_do_not_wait_for_one_whose_answer_is_slow()
    {
        server.Script.Hold();
        var slow = await Us.ApplyAsync();
        await Wait.ForAsync(() => Task.FromResult(server.Script.Offered.Count), it => it == 1);
        var late = server.Script.HoldFor(slow.Number);
        for (var count = 0; count < 3; count++)
            await Us.UntilAsync((await Us.ApplyAsync()).CaseId, Stage.Application, Status.Sent);
        Assert.Equal(Status.Declared, (await Us.GetAsync(slow.CaseId)).Status);
        late.SetResult();
        await Us.UntilAsync(slow.CaseId, Stage.Application, Status.Sent);
    }

    [Fact]
    public async Task A_refused_submission_is_tried_again_as_the_same_message()
    {
        server.Script.RefuseOnce("忙");
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        Assert.Equal(2, server.Script.Offered.Count);
        var message = Assert.Single(server.Script.Offered.Select(it => (it.MessageId, it.Delivery)).Distinct());
        Assert.Equal(1, message.Delivery);
        Assert.Equal([CaseEvent.Submit, CaseEvent.Sent], (await Us.TimelineAsync(made.CaseId)).Select(it => it.Event));
    }

    [Fact]
    public async Task After_the_last_attempt_the_authority_hears_why_and_can_have_it_sent_again()
    {
        server.Script.Refuse("交换平台维护中");
        var made = await Us.ApplyAsync();
        var failed = await Us.UntilAsync(made.CaseId, Stage.Application, Status.SendFailed);
        Assert.Equal(("交换平台维护中", 3), (failed.FailureReason, server.Script.Offered.Count));
        Assert.Equal("交换平台维护中", (await Us.AllReceiptsAsync())[^1].FailureReason);
        Assert.Equal([CaseEvent.Redeliver], failed.AllowedEvents);

        server.Script.Accept();
        var again = (await Us.Cases.RedeliverCaseAsync(
            new RedeliverCaseRequest { RequestId = Authority.NewId(), CaseId = made.Number })).Case;
        Assert.Equal(Status.Declared, again.Status);
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        Assert.Equal([1, 1, 1, 2], server.Script.Offered.Select(it => it.Delivery));
        var message = Assert.Single(server.Script.Offered.Select(it => it.MessageId).Distinct());
        Assert.All(await Us.AllReceiptsAsync(), it => Assert.Equal(message, it.MessageId));
    }

    [Fact]
    public async Task No_case_waits_for_another_whose_answer_is_slow_to_come()
    {
        server.Script.Hold();
        var first = await Us.ApplyAsync();
        var (slow, other) = (await Us.ApplyAsync(), await Us.ApplyAsync());
        var late = server.Script.HoldFor(slow.Number);
        try
        {
            await Us.UntilAsync(first.CaseId, Stage.Application, Status.Sent);
            await Us.UntilAsync(other.CaseId, Stage.Application, Status.Sent);
            Assert.Equal(Status.Declared, (await Us.GetAsync(slow.CaseId)).Status);
        }
        finally
        {
            late.SetResult();
        }

        await Us.UntilAsync(slow.CaseId, Stage.Application, Status.Sent);
    }

    [Fact]
    public async Task What_Customs_says_may_overtake_our_own_sent()
    {
        server.Script.Hold();
        var made = await Us.ApplyAsync();
        server.Script.Say(Said.Of(made.Number, new Received()));
        var received = await Us.UntilAsync(made.CaseId, Stage.Application, Status.Received);
        server.Script.Accept();
        await Us.UntilAsync((await Us.ApplyAsync()).CaseId, Stage.Application, Status.Sent);
        Assert.Equal(received, await Us.GetAsync(made.CaseId));
        Assert.Equal([CaseEvent.Submit, CaseEvent.Received], (await Us.TimelineAsync(made.CaseId)).Select(it => it.Event));
    }

    [Fact]
    public async Task What_Customs_has_after_all_is_not_said_to_have_failed()
    {
        server.Script.Refuse("线路中断");
        var made = await Us.ApplyAsync();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.SendFailed);
        server.Script.Say(Said.Of(made.Number, new Received()));
        Assert.Equal("", (await Us.UntilAsync(made.CaseId, Stage.Application, Status.Received)).FailureReason);
    }

    [Fact]
    public async Task A_submission_that_waits_goes_out_after_a_restart()
    {
        server.Script.Hold();
        var made = await Us.ApplyAsync();
        await server.RestartAsync();
        Assert.Equal(Status.Declared, (await Us.GetAsync(made.CaseId)).Status);
        server.Script.Accept();
        await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        Assert.Single(server.Script.Offered.Select(it => it.MessageId).Distinct());
    }

    [Fact]
    public async Task A_submission_at_which_the_link_breaks_holds_up_no_other_and_goes_out_when_it_can()
    {
        server.Script.Hold();
        var broken = await Us.ApplyAsync();
        var other = await Us.ApplyAsync();
        server.Script.BreakFor(broken.Number);
        await Us.UntilAsync(other.CaseId, Stage.Application, Status.Sent);
        Assert.Equal(Status.Declared, (await Us.GetAsync(broken.CaseId)).Status);
        server.Script.Accept();
        await Us.UntilAsync(broken.CaseId, Stage.Application, Status.Sent);
    }
}
