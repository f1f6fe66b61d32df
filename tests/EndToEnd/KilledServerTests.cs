using SingleWindowBridge.EndToEnd.Processes;

namespace SingleWindowBridge.EndToEnd;

/// <summary>The server is killed under the sample and started again on the same database and port.</summary>
public sealed class KilledServerTests : IDisposable
{
    private const int Seed = 20251104;
    private readonly Workspace _workspace = new();

    public static TheoryData<int> Points
    {
        get
        {
            var random = new Random(Seed);
            return [.. Enumerable.Range(0, 5).Select(part => 1 + (part * 8) + random.Next(8))];
        }
    }

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [MemberData(nameof(Points))]
    public async Task The_sample_ends_as_if_nothing_had_happened(int receipts)
    {
        using var server = await BridgeServer.StartAsync(_workspace.Folder);
        using var run = new BackOfficeRun(_workspace, server.Endpoint, Workspace.Input("edible-grains"));
        Assert.True(await run.ReachAsync(receipts), run.Errors);
        server.Kill();
        await server.StartAsync();

        await CaseChecks.EndedWellAsync(run, server, _workspace);
        var all = await CaseChecks.ReceiptsAreWholeAsync(server, _workspace);
        Assert.Equal(all.Select(receipt => receipt.Number), run.Receipts);
        Assert.Equal(Journeys.CorrectionAndTwoRectifications, CaseChecks.Course(all));
    }

    [Fact]
    public async Task Killed_each_time_that_Customs_waits_for_the_authority_it_loses_no_submission()
    {
        using var server = await BridgeServer.StartAsync(_workspace.Folder);
        using var run = new BackOfficeRun(_workspace, server.Endpoint, Workspace.Input("edible-grains"));
        var waiting = Journeys.CorrectionAndTwoRectifications.Count(step => step.Event is CaseEvent.Submit) - 1;
        for (var kills = 0; kills < waiting; kills++)
        {
            Assert.True(await run.ReachNextAsync("待处理", "补齐补正"), run.Errors);
            server.Kill();
            await server.StartAsync();
        }

        await CaseChecks.EndedWellAsync(run, server, _workspace);
        var all = await CaseChecks.ReceiptsAreWholeAsync(server, _workspace);
        Assert.Equal(all.Select(receipt => receipt.Number), run.Receipts);
        Assert.Equal(Journeys.CorrectionAndTwoRectifications, CaseChecks.Course(all));
    }
}
