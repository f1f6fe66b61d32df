using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>What comes and what waits while an account's clock stands, to the moment.</summary>
public sealed class StoppedClockTests : IDisposable
{
    private readonly Sandbox _sandbox = new();
    private readonly string _account = Samples.Submission().AuthorityId;

    [Fact]
    public async Task An_advance_by_exactly_the_delay_brings_the_act()
    {
        await StopAsync();
        await _sandbox.SendAsync(Samples.Submission());
        Assert.Empty(await _sandbox.ReceiveNowAsync());
        await AdvanceAsync(Sandbox.Delay - TimeSpan.FromTicks(1));
        Assert.Empty(await _sandbox.ReceiveNowAsync());
        await AdvanceAsync(TimeSpan.FromTicks(1));
        Assert.IsType<Received>(await OneAsync());

        // The one after it takes as long again.
        await AdvanceAsync(Sandbox.Delay - TimeSpan.FromTicks(1));
        Assert.Empty(await _sandbox.ReceiveNowAsync());
        await AdvanceAsync(TimeSpan.FromTicks(1));
        Assert.IsType<Accept>(await OneAsync());
    }

    [Fact]
    public async Task What_an_advance_brought_to_the_present_comes_after_a_restart_and_what_is_later_waits()
    {
        await StopAsync();
        await _sandbox.SendAsync(Samples.Submission());
        await AdvanceAsync(2 * Sandbox.Delay);
        _sandbox.Restart();
        Assert.IsType<Received>(await OneAsync());
        _sandbox.Restart();
        Assert.IsType<Accept>(await OneAsync());
        Assert.Empty(await _sandbox.ReceiveNowAsync());
        _sandbox.Restart();
        _sandbox.Clock.Advance(10 * Sandbox.Delay);
        Assert.Empty(await _sandbox.ReceiveNowAsync());
    }

    [Fact]
    public async Task What_takes_no_time_waits_for_the_next_advance_however_small()
    {
        _sandbox.Store.Choice = new ScenarioChoice("straight_through", TimeSpan.Zero, ForCase: true);
        await StopAsync();
        await _sandbox.SendAsync(Samples.Submission());
        Assert.Empty(await _sandbox.ReceiveNowAsync());
        _sandbox.Restart();
        Assert.Empty(await _sandbox.ReceiveNowAsync());
        await AdvanceAsync(TimeSpan.FromTicks(1));
        Assert.IsType<Received>(await OneAsync());
        Assert.IsType<Accept>(await OneAsync());
    }

    [Fact]
    public async Task A_late_act_comes_with_the_advance_by_exactly_its_lateness()
    {
        _sandbox.Store.Choice = new ScenarioChoice("straight_through", TimeSpan.Zero, ForCase: true);
        await _sandbox.Channel.SetFaultsAsync(
            _account, [new SandboxFault(SandboxFaultKind.Late, SandboxDirection.Submissions, 1, TimeSpan.FromSeconds(5))], null, CancellationToken.None);
        await StopAsync();
        await _sandbox.SendAsync(Samples.Submission());
        await AdvanceAsync(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.Empty(await _sandbox.ReceiveNowAsync());
        await AdvanceAsync(TimeSpan.FromTicks(1));
        Assert.IsType<Received>(await OneAsync());
    }

    [Fact]
    public async Task Where_the_clock_goes_again_what_waited_comes_in_its_order()
    {
        _sandbox.Store.Choice = new ScenarioChoice("straight_through", TimeSpan.Zero, ForCase: true);
        await StopAsync();
        await _sandbox.SendAsync(Samples.Submission());
        await _sandbox.Channel.StartClockAsync(_account, CancellationToken.None);
        _sandbox.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(
            [typeof(Received), typeof(Accept), typeof(Approve), typeof(OpenQuestionnaire)],
            [(await OneAsync()).GetType(), (await OneAsync()).GetType(), (await OneAsync()).GetType(), (await OneAsync()).GetType()]);
    }

    public void Dispose() => _sandbox.Dispose();

    private Task<SandboxAccount> StopAsync() => _sandbox.Channel.StopClockAsync(_account, CancellationToken.None);

    private Task<SandboxAccount> AdvanceAsync(TimeSpan by) => _sandbox.Channel.AdvanceClockAsync(_account, by, null, CancellationToken.None);

    private async Task<CustomsAct> OneAsync()
    {
        var receipt = Assert.Single(await _sandbox.ReceiveNowAsync());
        await _sandbox.AcknowledgeAsync(receipt);
        return receipt.Act;
    }
}
