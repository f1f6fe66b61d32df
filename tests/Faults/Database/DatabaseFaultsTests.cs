using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Storage;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Database;

/// <summary>
/// A whole journey is made once to count the calls of the database, each statement by its text, and then again for each of them with
/// that one failing: before its effect, and after it. What is left at the end must be what the first left.
/// </summary>
public sealed class DatabaseFaultsTests(ITestOutputHelper output) : IAsyncLifetime
{
    // A server that has been through many is as good as new: so it is kept for so many.
    private const int JourneysOfAServer = 40;

    private readonly Trials trials = new(output);
    private FaultedServer? server;
    private int runs;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await CloseAsync();

    /// <summary>The long form tries every call; the short form some, the same in every run.</summary>
    [Fact]
    public async Task What_a_journey_leaves_is_the_same_whichever_call_of_the_database_fails()
    {
        // The first fills what is kept in memory.
        await GoAsync(null);
        var (expected, counts) = await GoAsync(null);
        foreach (var target in Targets.Of(counts, server!.Plan.Failures.Kinds))
            await TryAsync(target, expected);
        await VerifyAsync();
        trials.Settle(counts);
    }

    private async Task TryAsync(Target target, IReadOnlyList<string> expected)
    {
        try
        {
            var (outcome, _) = await GoAsync(target);
            if (!server!.Plan.Failed)
            {
                trials.NotMet();
                return;
            }

            trials.Failed(target);
            trials.Compare(target, expected, outcome, server.TakeLog());
        }
        catch (Exception failure)
        {
            trials.Failed(target);
            trials.Lose($"{target}\n{failure}\n{server?.TakeLog()}");
            await CloseAsync();
        }
    }

    private async Task<(IReadOnlyList<string> Outcome, IReadOnlyDictionary<string, int> Counts)> GoAsync(Target? target)
    {
        if (server is not null && runs % JourneysOfAServer == 0)
        {
            await VerifyAsync();
            await CloseAsync();
        }

        if (server is null)
        {
            server = new FaultedServer();
            await server.StartAsync();
        }

        runs++;
        var journey = await Journey.PrepareAsync(server, runs);
        server.TakeLog();
        server.Plan.Arm(target);
        await journey.GoAsync();
        var before = await Outcome.ReadAsync(server.Own, journey);
        await journey.ResetAsync();
        var counts = server.Plan.Disarm();
        return ([.. before, "after the reset:", .. await Outcome.ReadAsync(server.Own, journey)], counts);
    }

    private async Task VerifyAsync()
    {
        if (server is null)
            return;

        var database = server.Store.Open();
        await using var closing = database as IAsyncDisposable;
        using var ending = database as IDisposable;
        await using var sql = await database.OpenAsync(Scope.Everyone, CancellationToken.None);
        var heads = Directory.GetFiles(server.HeadFolder).Select(file => AuditHead.Parse(File.ReadAllText(file), file)).ToList();
        Assert.All(heads, head => Assert.True(head.IsSignedBy(server.Signer.PublicKey)));
        var verifier = new AuditVerifier([.. heads.SelectMany(head => head.Chains), .. await sql.ListChainHeadsAsync()]);
        IReadOnlyList<AuditRow> page = [];
        do
        {
            page = await sql.ListAuditAsync(page.Count > 0 ? page[^1].AuthorityId : "", page.Count > 0 ? page[^1].Number : 0, 1000);
            foreach (var row in page)
                verifier.Take(row);
        }
        while (page.Count == 1000);
        verifier.End(await sql.ListChainHeadsAsync());
        foreach (var fault in verifier.Faults)
            trials.Lose($"audit: {fault}");
    }

    private async Task CloseAsync()
    {
        if (server is not null)
            await server.EndAsync();
        server = null;
    }
}
