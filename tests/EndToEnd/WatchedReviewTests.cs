using System.Text.Json.Nodes;
using SingleWindowBridge.EndToEnd.Processes;

namespace SingleWindowBridge.EndToEnd;

/// <summary>The sample with --watch-reviews: it waits for a review and answers it.</summary>
public sealed class WatchedReviewTests : IDisposable
{
    private const string Watch = "--watch-reviews";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task A_review_is_answered_to_its_end_though_the_sample_and_the_server_are_killed()
    {
        using var server = await PassedAsync();
        var random = new Random(7);
        var runs = 0;
        while (true)
        {
            using var run = new BackOfficeRun(
                _workspace, server.Endpoint, Workspace.Input("dehydrated-vegetables-review"), Watch);
            if (await run.ReachAsync(random.Next(1, 6)))
            {
                run.Kill();
                if (++runs % 2 == 0)
                {
                    server.Kill();
                    await server.StartAsync();
                }

                continue;
            }

            Assert.True(await run.EndAsync() == 0, run.Errors);
            Assert.Matches("^[0-7][0-9A-HJKMNP-TV-Z]{25} COMPLETED APPROVED$", run.Lines[^1]);
            break;
        }

        Assert.InRange(runs, 2, 20);
        Assert.Equal(Journeys.ReviewClosedAfterRectification, CaseChecks.Course(await ReceiptsOfReviewsAsync(server)));
        Assert.Single(await ReviewsAsync(server));
    }

    [Fact]
    public async Task A_review_that_was_started_before_is_found_and_declined()
    {
        using var server = await PassedAsync();
        var started = (await server.Client.Sandbox.StartReviewAsync(new("DEHYDRATED_VEGETABLES"))).Case;
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Workspace.Input("dehydrated-vegetables-review")))!;
        json["review"]!["accept"] = false;
        Directory.CreateSymbolicLink(Path.Combine(_workspace.Folder, "files"), Path.Combine(Built.Inputs, "files"));
        var input = _workspace.Write("declined.json", json.ToJsonString());

        using var run = new BackOfficeRun(_workspace, server.Endpoint, input, Watch);
        Assert.True(await run.EndAsync() == 0, run.Errors);
        Assert.Equal($"{started.Number} COMPLETED REJECTED: 已拒绝检查 declined", run.Lines[^1]);
        using var again = new BackOfficeRun(_workspace, server.Endpoint, input, Watch);
        Assert.Equal(0, await again.EndAsync());
        Assert.Equal([run.Lines[^1]], again.Lines);
        Assert.Equal(started.Id, Assert.Single(await ReviewsAsync(server)).Id);
    }

    [Fact]
    public async Task A_review_that_comes_later_is_waited_for_and_others_are_left_alone()
    {
        using var server = await PassedAsync();
        await new Office(server.Client).PassAssessmentAsync();
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Workspace.Input("dehydrated-vegetables-review")))!;
        json["sandbox"]!["startReview"] = false;
        Directory.CreateSymbolicLink(Path.Combine(_workspace.Folder, "files"), Path.Combine(Built.Inputs, "files"));
        using var run = new BackOfficeRun(_workspace, server.Endpoint, _workspace.Write("later.json", json.ToJsonString()), Watch);
        await run.UntilNotedAsync("waiting for a review");
        var other = (await server.Client.Sandbox.StartReviewAsync(new(Office.Category))).Case;
        var ours = (await server.Client.Sandbox.StartReviewAsync(new("DEHYDRATED_VEGETABLES"))).Case;
        Assert.True(await run.EndAsync() == 0, run.Errors);
        Assert.Equal($"{ours.Number} COMPLETED APPROVED", run.Lines[^1]);
        Assert.Equal(Status.Pending, (await server.Client.Cases.GetAsync(other.Id)).Case.Status);
    }

    [Fact]
    public async Task A_category_that_was_not_passed_is_explained()
    {
        using var server = await BridgeServer.StartAsync(_workspace.Folder);
        using (var run = new BackOfficeRun(
            _workspace, server.Endpoint, Workspace.Input("dehydrated-vegetables-review"), Watch))
        {
            Assert.Equal(1, await run.EndAsync());
            Assert.Contains("has not passed an assessment for DEHYDRATED_VEGETABLES", run.Errors, StringComparison.Ordinal);
        }

        using var wrong = new BackOfficeRun(_workspace, server.Endpoint, Workspace.Input("aquatic"), Watch);
        Assert.Equal(1, await wrong.EndAsync());
        Assert.Contains("says nothing of a review", wrong.Errors, StringComparison.Ordinal);
    }

    private async Task<BridgeServer> PassedAsync()
    {
        var server = await BridgeServer.StartAsync(_workspace.Folder);
        using var filed = new BackOfficeRun(_workspace, server.Endpoint, Workspace.Input("dehydrated-vegetables"));
        Assert.True(await filed.EndAsync() == 0, filed.Errors);
        return server;
    }

    private static async Task<List<Case>> ReviewsAsync(BridgeServer server) =>
        await server.Client.Cases.ListAsync(new CaseFilter { Kind = CaseKind.Review }).ToListAsync();

    private static async Task<List<Receipt>> ReceiptsOfReviewsAsync(BridgeServer server) =>
        await server.Client.Receipts.ListAsync().Where(receipt => receipt.Kind == CaseKind.Review).ToListAsync();
}
