using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>Acts of Customs done by hand.</summary>
public sealed class ByHandTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    [Fact]
    public async Task Act_drops_what_was_planned_and_the_scenario_goes_on_at_the_next_submission()
    {
        await _sandbox.SendAsync(Samples.Submission());
        var receipt = await _sandbox.PerformAsync(new ReceiveFailed("no"));
        Assert.Equal("no", Assert.IsType<ReceiveFailed>(receipt.Act).FailureReason);
        Assert.Empty(_sandbox.Store.Planned(Samples.CaseNumber));
        _sandbox.Clock.Advance(10 * Sandbox.Delay);
        Assert.Empty(await _sandbox.ReceiveNowAsync());

        await _sandbox.SendAsync(Samples.Submission());
        Assert.Equal(4, (await _sandbox.DrainAsync()).Count);
    }

    [Fact]
    public async Task Receipt_in_hand_when_an_act_is_done_is_let_go_without_harm()
    {
        await _sandbox.SendAsync(Samples.Submission());
        _sandbox.Clock.Advance(Sandbox.Delay);
        var given = Assert.Single(await _sandbox.ReceiveNowAsync());
        await _sandbox.PerformAsync(new Received());
        await _sandbox.AcknowledgeAsync(given);
        Assert.Empty(await _sandbox.ReceiveNowAsync());
    }

    [Fact]
    public async Task Case_that_Customs_never_heard_of_will_do()
    {
        var id = Samples.MessageId();
        var receipt = await _sandbox.PerformAsync(new PublishProtocol { Opinion = "签署" }, id.ToLowerInvariant());
        Assert.Equal((id, Samples.CaseNumber, "签署"), (receipt.MessageId, receipt.CaseNumber, receipt.Act.Opinion));
        Assert.Equal(_sandbox.Clock.GetUtcNow(), receipt.CreatedAt);
        PdfCheck.Check(Assert.Single(receipt.Act.Files).Content.ToArray());
        await _sandbox.SendAsync(Samples.Submission());
        Assert.Equal(4, (await _sandbox.DrainAsync()).Count);
    }

    [Fact]
    public async Task Repeat_gives_the_same_receipt_and_drops_nothing()
    {
        var id = Samples.MessageId();
        var first = await _sandbox.PerformAsync(new RequireRectification("", "1."), id);
        await _sandbox.SendAsync(Samples.Submission(SubmissionKind.Rectification));
        _sandbox.Clock.Advance(TimeSpan.FromDays(1));
        _sandbox.Restart();
        var again = await _sandbox.PerformAsync(new RequireRectification("", "1."), id);
        Assert.Equal(first.CreatedAt, again.CreatedAt);
        Assert.Equal(((RequireRectification)first.Act).Number, ((RequireRectification)again.Act).Number);
        Assert.Matches("^[A-Z0-9]{18}$", ((RequireRectification)first.Act).Number);
        Assert.Equal(4, _sandbox.Store.Planned(Samples.CaseNumber).Count);
    }

    [Fact]
    public async Task What_the_caller_gives_is_kept()
    {
        var file = new CustomsFile("own.pdf", new byte[] { 1, 2, 3 });
        var protocol = await _sandbox.PerformAsync(new PublishProtocol { Files = [file] });
        var kept = Assert.Single(protocol.Act.Files);
        Assert.Equal((file.Name, "AQID"), (kept.Name, Convert.ToBase64String(kept.Content.Span)));
        var asked = await _sandbox.PerformAsync(new RequireRectification("QH959CSFZ8M2BQ2YZB", "1."));
        Assert.Equal("QH959CSFZ8M2BQ2YZB", ((RequireRectification)asked.Act).Number);
        Assert.Empty(asked.Act.Files);
        Assert.Empty((await _sandbox.PerformAsync(new OpenRound(new TrilingualText("", "Text", "")))).Act.Files);
    }

    [Fact]
    public async Task Act_that_no_message_can_hold_is_refused_and_changes_nothing()
    {
        await _sandbox.SendAsync(Samples.Submission());
        var planned = _sandbox.Store.Planned(Samples.CaseNumber).Count;
        var fault = await Assert.ThrowsAsync<MessageFormatException>(
            () => _sandbox.PerformAsync(new Approve { Opinion = new string('字', 100_001) }));
        Assert.Equal(MessageFault.Limit, fault.Fault);
        Assert.Equal(planned, _sandbox.Store.Planned(Samples.CaseNumber).Count);
        await _sandbox.PerformAsync(new Approve { Opinion = new string('字', 100_000) });
    }

    [Fact]
    public async Task Texts_keep_what_XML_cannot_hold()
    {
        const string opinion = "a\0\u0001\r\n\\ \U0001F9C0";
        Assert.Equal(opinion, (await _sandbox.PerformAsync(new Approve { Opinion = opinion })).Act.Opinion);
    }

    [Fact]
    public async Task Every_act_can_be_done()
    {
        CustomsAct[] acts =
        [
            new Received(), new ReceiveFailed("no"), new Accept(), new NotAccept(), new RequireCorrection(), new Approve(),
            new ApproveAssessment(), new OpenQuestionnaire("dairy"), new RequireRectification("", "1."),
            new OpenRound(new TrilingualText("文", "", "")), new CompleteNegotiation(), new PublishProtocol(),
            new PublishAnnouncement(), new ConfirmCertificate(), new Close(), new Reject(),
        ];
        foreach (var act in acts) Assert.IsType(act.GetType(), (await _sandbox.PerformAsync(act)).Act);
        Assert.Equal(acts.Length, _sandbox.Store.Find(Samples.CaseNumber)!.Performed.Count);
    }

    public void Dispose() => _sandbox.Dispose();
}
