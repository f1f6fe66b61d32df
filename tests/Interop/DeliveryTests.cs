using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>How receipts are given: when, in which order, how often.</summary>
public sealed class DeliveryTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    [Fact]
    public async Task Acts_come_one_delay_after_the_other()
    {
        await _sandbox.SendAsync(Samples.Submission());
        var planned = _sandbox.Store.Planned(Samples.CaseNumber);
        var start = _sandbox.Clock.GetUtcNow();
        Assert.Equal(Enumerable.Range(1, 4).Select(n => start + (n * Sandbox.Delay)), planned.Select(p => p.DueAt));

        _sandbox.Clock.Advance(Sandbox.Delay - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await _sandbox.ReceiveNowAsync());
        _sandbox.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var receipt = Assert.Single(await _sandbox.ReceiveNowAsync());
        Assert.IsType<Received>(receipt.Act);
        Assert.Equal(start + Sandbox.Delay, receipt.CreatedAt);
    }

    [Fact]
    public async Task Chosen_delay_wins_over_the_default()
    {
        _sandbox.Store.Choice = new ScenarioChoice("straight_through", TimeSpan.FromMinutes(10), ForCase: true);
        await _sandbox.SendAsync(Samples.Submission());
        Assert.Equal(
            _sandbox.Clock.GetUtcNow() + TimeSpan.FromMinutes(40), _sandbox.Store.Planned(Samples.CaseNumber)[^1].DueAt);
    }

    [Fact]
    public async Task Next_act_waits_until_the_one_before_is_acknowledged()
    {
        await _sandbox.SendAsync(Samples.Submission());
        _sandbox.Clock.Advance(10 * Sandbox.Delay);
        var first = Assert.Single(await _sandbox.ReceiveNowAsync());
        Assert.Equal(first.MessageId, Assert.Single(await _sandbox.ReceiveNowAsync()).MessageId);
        await _sandbox.AcknowledgeAsync(first);
        Assert.IsType<Accept>(Assert.Single(await _sandbox.ReceiveNowAsync()).Act);
    }

    [Fact]
    public async Task What_is_not_acknowledged_comes_again_and_holds_nothing_up()
    {
        await _sandbox.SendAsync(Samples.Submission(caseNumber: "A"));
        await _sandbox.SendAsync(Samples.Submission(caseNumber: "B"));
        _sandbox.Clock.Advance(Sandbox.Delay);
        var given = new List<string>();
        for (var call = 0; call < 4; call++) given.Add(Assert.Single(await _sandbox.ReceiveNowAsync(max: 1)).CaseNumber);
        Assert.Equal(["A", "B", "A", "B"], given);
    }

    [Fact]
    public async Task Receipts_come_by_due_time_over_all_cases()
    {
        foreach (var number in (string[])["C", "A", "B"])
        {
            await _sandbox.SendAsync(Samples.Submission(caseNumber: number));
            _sandbox.Clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        _sandbox.Restart();
        _sandbox.Clock.Advance(Sandbox.Delay);
        Assert.Equal(["C", "A"], (await _sandbox.ReceiveNowAsync(max: 2)).Select(r => r.CaseNumber));
        Assert.Equal(["C", "A", "B"], (await _sandbox.ReceiveNowAsync()).Select(r => r.CaseNumber));
    }

    [Fact]
    public async Task Waiting_receiver_is_woken_by_a_submission_and_by_the_clock()
    {
        var receiving = _sandbox.Channel.ReceiveAsync(10, CancellationToken.None);
        Assert.False(receiving.IsCompleted);
        _sandbox.Store.Choice = new ScenarioChoice("straight_through", TimeSpan.Zero, ForCase: true);
        await _sandbox.SendAsync(Samples.Submission(caseNumber: "A"));
        var receipt = Assert.Single(await receiving.WaitAsync(TimeSpan.FromSeconds(10)));
        await _sandbox.PerformAsync(new Close(), caseNumber: "A");

        receiving = _sandbox.Channel.ReceiveAsync(10, CancellationToken.None);
        _sandbox.Store.Choice = null;
        await _sandbox.SendAsync(Samples.Submission(caseNumber: "B"));
        for (var round = 0; !receiving.IsCompleted; round++)
        {
            Assert.True(round < 1000, "Nobody wakes the receiver.");
            _sandbox.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }

        Assert.Equal("B", Assert.Single(await receiving).CaseNumber);
        Assert.Equal("A", receipt.CaseNumber);
    }

    [Fact]
    public async Task Waiting_ends_when_cancelled()
    {
        using var source = new CancellationTokenSource();
        var receiving = _sandbox.Channel.ReceiveAsync(10, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Submission_that_overtakes_an_acknowledgement_keeps_its_place_in_line()
    {
        await _sandbox.SendAsync(Samples.Submission());
        for (var n = 0; n < 3; n++)
        {
            _sandbox.Clock.Advance(Sandbox.Delay);
            await _sandbox.AcknowledgeAsync(Assert.Single(await _sandbox.ReceiveNowAsync()));
        }

        _sandbox.Clock.Advance(Sandbox.Delay);
        var opened = Assert.Single(await _sandbox.ReceiveNowAsync());
        await _sandbox.SendAsync(Samples.Submission(SubmissionKind.Questionnaire));
        await _sandbox.SendAsync(Samples.Submission(caseNumber: "other"));
        _sandbox.Clock.Advance(Sandbox.Delay);
        Assert.Equal("other", Assert.Single(await _sandbox.ReceiveNowAsync(max: 1)).CaseNumber);
        await _sandbox.PerformAsync(new Close(), caseNumber: "other");
        await _sandbox.AcknowledgeAsync(opened);
        var rest = await _sandbox.DrainAsync();
        Assert.Equal(
            [typeof(Received), typeof(Accept), typeof(Approve), typeof(ApproveAssessment), typeof(OpenRound)],
            rest.Select(r => r.Act.GetType()));
    }

    [Fact]
    public async Task Acts_of_a_second_submission_fall_due_after_those_still_planned()
    {
        await _sandbox.SendAsync(Samples.Submission());
        await _sandbox.SendAsync(Samples.Submission(SubmissionKind.Questionnaire));
        var due = _sandbox.Store.Planned(Samples.CaseNumber).Select(p => p.DueAt).ToList();
        Assert.Equal(Enumerable.Range(1, 9).Select(n => _sandbox.Clock.GetUtcNow() + (n * Sandbox.Delay)), due);
    }

    [Fact]
    public async Task Signing_officers_that_come_while_the_confirmation_is_on_its_way_add_nothing()
    {
        await _sandbox.SendAsync(Samples.Submission(SubmissionKind.CertificateReply));
        _sandbox.Store.Choice = new ScenarioChoice("with_signatories", null, ForCase: true);
        await _sandbox.SendAsync(Samples.Submission(SubmissionKind.Signatories));
        Assert.Equal(
            [typeof(Received), typeof(CompleteNegotiation), typeof(ConfirmCertificate), typeof(Close)],
            (await _sandbox.DrainAsync()).Select(r => r.Act.GetType()));
    }

    [Fact]
    public async Task Strange_acknowledgements_do_nothing()
    {
        await _sandbox.AcknowledgeAsync(new CustomsReceipt(Samples.MessageId(), default, "unheard of", new Close()));
        await _sandbox.SendAsync(Samples.Submission());
        var saves = _sandbox.Store.Saves;
        var later = _sandbox.Store.Planned(Samples.CaseNumber)[1];
        await _sandbox.AcknowledgeAsync(new CustomsReceipt(later.MessageId, later.DueAt, Samples.CaseNumber, later.Act));
        Assert.Equal(saves, _sandbox.Store.Saves);
        Assert.Equal(4, _sandbox.Store.Planned(Samples.CaseNumber).Count);
    }

    [Fact]
    public async Task Repeat_of_a_message_has_one_effect()
    {
        var submission = Samples.Submission();
        await _sandbox.SendAsync(submission);
        await _sandbox.SendAsync(submission);
        Assert.Equal(4, (await _sandbox.DrainAsync()).Count);
        _sandbox.Restart();
        await _sandbox.SendAsync(submission with { Delivery = 2 });
        Assert.Empty(_sandbox.Store.Planned(Samples.CaseNumber));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failed_save_leaves_one_effect_when_the_message_is_sent_again(bool written)
    {
        var submission = Samples.Submission();
        Assert.Empty(await _sandbox.ReceiveNowAsync());
        _sandbox.Store.NextSaveFails = (written, new IOException("The disk is gone."));
        await Assert.ThrowsAsync<IOException>(() => _sandbox.SendAsync(submission));
        await _sandbox.SendAsync(submission);
        var planned = _sandbox.Store.Planned(Samples.CaseNumber).Select(p => p.MessageId).ToList();
        Assert.Equal(4, planned.Count);
        Assert.Equal(planned, (await _sandbox.DrainAsync()).Select(r => r.MessageId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failed_save_of_an_acknowledgement_loses_nothing(bool written)
    {
        await _sandbox.SendAsync(Samples.Submission());
        var planned = _sandbox.Store.Planned(Samples.CaseNumber).Select(p => p.MessageId).ToList();
        _sandbox.Clock.Advance(10 * Sandbox.Delay);
        var first = Assert.Single(await _sandbox.ReceiveNowAsync());
        _sandbox.Store.NextSaveFails = (written, new IOException("The disk is gone."));
        await Assert.ThrowsAsync<IOException>(() => _sandbox.AcknowledgeAsync(first));
        await _sandbox.AcknowledgeAsync(first);
        Assert.Equal(planned.Skip(1), (await _sandbox.DrainAsync()).Select(r => r.MessageId));
    }

    public void Dispose() => _sandbox.Dispose();
}
