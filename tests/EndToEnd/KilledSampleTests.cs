using SingleWindowBridge.EndToEnd.Processes;

namespace SingleWindowBridge.EndToEnd;

/// <summary>The sample is killed and started again with the same input.</summary>
public sealed class KilledSampleTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task It_goes_on_where_it_was(int seed)
    {
        var random = new Random(seed);
        using var server = await BridgeServer.StartAsync(_workspace.Folder);
        var seen = new List<long>();
        while (true)
        {
            using var run = new BackOfficeRun(_workspace, server.Endpoint, Workspace.Input("edible-grains"));
            if (await run.ReachAsync(random.Next(1, 12)))
            {
                run.Kill();
                seen.AddRange(run.Receipts);
                continue;
            }

            await CaseChecks.EndedWellAsync(run, server, _workspace);
            seen.AddRange(run.Receipts);
            break;
        }

        var all = await CaseChecks.ReceiptsAreWholeAsync(server, _workspace);
        Assert.Equal(Journeys.CorrectionAndTwoRectifications, CaseChecks.Course(all));
        Assert.Equal(seen.Distinct(), seen);
    }

    [Fact]
    public async Task Killed_while_it_opens_the_case_it_opens_no_second_one()
    {
        using var server = await BridgeServer.StartAsync(_workspace.Folder);
        var input = Workspace.Input("dehydrated-vegetables");
        var states = Directory.CreateDirectory(Path.Combine(_workspace.Folder, "backoffice-state")).FullName;
        foreach (var mark in (string[])["feedStart\": 0", "\"open\"", "\"caseId\": \"", "\"uploads\": {\n"])
        {
            using var written = new FileSystemWatcher(states, "*.json");
            using var run = new BackOfficeRun(_workspace, server.Endpoint, input);
            await StateHasAsync(written, states, mark);
            run.Kill();
        }

        using var last = new BackOfficeRun(_workspace, server.Endpoint, input);
        await CaseChecks.EndedWellAsync(last, server, _workspace);
        await CaseChecks.ReceiptsAreWholeAsync(server, _workspace);
    }

    [Fact]
    public async Task Two_at_once_do_not_follow_one_case()
    {
        using var server = await BridgeServer.StartAsync(_workspace.Folder);
        using var first = new BackOfficeRun(_workspace, server.Endpoint, Workspace.Input("edible-grains"));
        Assert.True(await first.ReachAsync(1), first.Errors);
        using (var second = new BackOfficeRun(_workspace, server.Endpoint, Workspace.Input("edible-grains")))
        {
            Assert.Equal(1, await second.EndAsync());
            Assert.Contains("does another process follow this case?", second.Errors, StringComparison.Ordinal);
        }

        await CaseChecks.EndedWellAsync(first, server, _workspace);
        await CaseChecks.ReceiptsAreWholeAsync(server, _workspace);
    }

    // The state is renamed into place, so whatever is read is whole.
    private static async Task StateHasAsync(FileSystemWatcher written, string folder, string mark)
    {
        var there = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (Directory.GetFiles(folder, "*.json").Any(file => File.ReadAllText(file).Contains(mark, StringComparison.Ordinal)))
                there.TrySetResult();
        }

        written.Renamed += (_, _) => Look();
        written.EnableRaisingEvents = true;
        Look();
        await there.Task.WaitAsync(TimeSpan.FromSeconds(150));
    }
}
