using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>Which scenario a case follows.</summary>
public sealed class ChoiceTests : IDisposable
{
    private readonly Sandbox _sandbox = new();

    [Fact]
    public async Task Choice_for_the_account_holds_for_new_cases_only()
    {
        await _sandbox.SendAsync(Samples.Submission(caseNumber: "A"));
        _sandbox.Store.Choice = new ScenarioChoice("manual", null, ForCase: false);
        await _sandbox.SendAsync(Samples.Submission(SubmissionKind.Questionnaire, caseNumber: "A"));
        await _sandbox.SendAsync(Samples.Submission(caseNumber: "B"));
        Assert.Equal(9, _sandbox.Store.Planned("A").Count);
        Assert.Empty(_sandbox.Store.Planned("B"));
    }

    [Fact]
    public async Task Choice_for_the_case_holds_from_the_next_submission_and_counts_from_there()
    {
        await _sandbox.SendAsync(Samples.Submission());
        _sandbox.Store.Choice = new ScenarioChoice("send_failed", null, ForCase: true);
        await Assert.ThrowsAsync<CustomsUnavailableException>(() => _sandbox.SendAsync(Samples.Submission()));
        Assert.Equal(4, (await _sandbox.DrainAsync()).Count);
        _sandbox.Store.Choice = new ScenarioChoice("receive_failed", null, ForCase: true);
        await _sandbox.SendAsync(Samples.Submission());
        Assert.Single(await _sandbox.DrainAsync());
        _sandbox.Restart();
        await _sandbox.SendAsync(Samples.Submission());
        Assert.Equal(4, (await _sandbox.DrainAsync()).Count);
    }

    [Fact]
    public async Task Unknown_name_counts_as_the_default()
    {
        _sandbox.Store.Choice = new ScenarioChoice("no such thing", null, ForCase: true);
        await _sandbox.SendAsync(Samples.Submission());
        Assert.Equal("straight_through", _sandbox.Store.Find(Samples.CaseNumber)!.Scenario);
    }

    [Fact]
    public void Default_must_exist()
    {
        Assert.Throws<ArgumentException>(() =>
            new SandboxChannel(_sandbox.Store, new SandboxOptions { DefaultScenario = "no such thing" }, TimeProvider.System));
        Assert.Equal("straight_through", new SandboxOptions().DefaultScenario);
    }

    public void Dispose() => _sandbox.Dispose();
}
