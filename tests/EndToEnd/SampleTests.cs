using SingleWindowBridge.EndToEnd.Processes;

namespace SingleWindowBridge.EndToEnd;

/// <summary>The sample as it is meant to be run.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("aquatic", 23)]
    [InlineData("edible-grains", 34)]
    [InlineData("dehydrated-vegetables", 34)]
    public async Task Every_input_leads_to_an_approved_case(string input, int steps)
    {
        using var server = await BridgeServer.StartAsync(_workspace.Folder);
        using var run = new BackOfficeRun(_workspace, server.Endpoint, Workspace.Input(input));
        await CaseChecks.EndedWellAsync(run, server, _workspace);
        var receipts = await CaseChecks.ReceiptsAreWholeAsync(server, _workspace);
        Assert.Equal(CaseChecks.UpTo(receipts.Count), run.Receipts);
        Assert.Equal(steps, CaseChecks.Course(receipts).Count());
    }

    [Fact]
    public async Task A_case_that_has_ended_is_not_filed_again_unless_asked_for()
    {
        using var server = await BridgeServer.StartAsync(_workspace.Folder);
        using var first = new BackOfficeRun(_workspace, server.Endpoint, Workspace.Input("dehydrated-vegetables"));
        await CaseChecks.EndedWellAsync(first, server, _workspace);

        using var second = new BackOfficeRun(_workspace, server.Endpoint, Workspace.Input("dehydrated-vegetables"));
        Assert.Equal(0, await second.EndAsync());
        Assert.Equal([first.Lines[^1]], second.Lines);
        Assert.Contains("has ended before", second.Errors, StringComparison.Ordinal);

        using var another = new BackOfficeRun(_workspace, server.Endpoint, Workspace.Input("dehydrated-vegetables"), "--new");
        await CaseChecks.EndedWellAsync(another, server, _workspace);
        Assert.NotEqual(first.Lines[^1], another.Lines[^1]);
    }
}
