using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Cases;

/// <summary>Changes that are committed together: each has its own fate.</summary>
public sealed class CombinerTests(BridgeServer server) : IClassFixture<BridgeServer>
{
    private const string Insert =
        "INSERT INTO sandbox_choices (authority_id, case_id, scenario, act_delay_ms) VALUES (@authority, @name, 'x', NULL)";

    private Combiner Combiner => server.Services.GetRequiredService<Combiner>();

    private static readonly Dictionary<string, Func<Sql, Task>> Failures = new()
    {
        { "refused before it writes", _ => throw new BridgeException(ErrorReason.CaseNotFound, ("case_id", "x")) },
        { "refused when it has posted", async sql =>
        {
            await PostAsync(sql, "bad");
            throw new BridgeException(ErrorReason.CaseNotFound, ("case_id", "x"));
        } },
        { "refused when it has written", async sql =>
        {
            await sql.ExecuteAsync(Insert, new { authority = "first", name = "bad" });
            throw new BridgeException(ErrorReason.CaseNotFound, ("case_id", "x"));
        } },
        { "to be undone", async sql =>
        {
            await sql.ExecuteAsync(Insert, new { authority = "first", name = "bad" });
            sql.Undo = true;
        } },
        { "posts what the commit refuses", sql => sql.PostAsync(
            "INSERT INTO files (file_id, authority_id, sha256, name, media_type, size_bytes, origin, created_at) VALUES (@id, 'first', 'none', '', '', 0, 0, 0)",
            new { id = "bad" }) },
        { "writes what cannot be written", sql => sql.ExecuteAsync("INSERT INTO nowhere (name) VALUES ('x')") },
        { "asks what cannot be answered", sql => sql.ListAsync<long>("SELECT x FROM nowhere") },
    };

    public static TheoryData<string> Names => [.. Failures.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Neighbours_of_a_change_that_fails_are_committed(string what)
    {
        var (one, two) = ($"{what} 1", $"{what} 2");
        var changes = await TogetherAsync(
            sql => PostAsync(sql, one),
            async sql =>
            {
                await Failures[what](sql);
                return 0;
            },
            sql => PostAsync(sql, two));
        Assert.Equal(1, await changes[0]);
        Assert.Equal(1, await changes[2]);
        if (what == "to be undone")
            await changes[1];
        else
            Assert.True(await Record.ExceptionAsync(() => changes[1]) is BridgeException or DbException);
        Assert.Equal([one, two], Rows(what + " %"));
        Assert.Empty(Rows("bad"));
    }

    [Fact]
    public async Task A_caller_who_gives_up_while_waiting_takes_nobody_along()
    {
        using var cancel = new CancellationTokenSource();
        var release = Block();
        var one = RunAsync(sql => PostAsync(sql, "patient 1"));
        var gone = RunAsync(sql => PostAsync(sql, "patient 2"), cancellationToken: cancel.Token);
        var two = RunAsync(sql => PostAsync(sql, "patient 3"));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone.WaitAsync(TimeSpan.FromSeconds(5)));
        Assert.False(one.IsCompleted);
        release.SetResult();
        await Task.WhenAll(one, two);
        Assert.Equal(["patient 1", "patient 3"], Rows("patient %"));
    }

    [Theory]
    [InlineData("in the middle", false)]
    [InlineData("in the middle, having written", true)]
    public async Task A_caller_who_gives_up_in_the_middle_takes_nobody_along(string name, bool written)
    {
        using var cancel = new CancellationTokenSource();
        var (inside, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var release = Block();
        var one = RunAsync(sql => PostAsync(sql, $"{name} 1"));
        var gone = RunAsync(
            async sql =>
            {
                if (written)
                    await sql.ExecuteAsync(Insert, new { authority = "first", name = $"{name} 2" });
                else
                    await PostAsync(sql, $"{name} 2");
                inside.TrySetResult();
                await goOn.Task;
                return 1;
            },
            cancellationToken: cancel.Token);
        var two = RunAsync(sql => PostAsync(sql, $"{name} 3"));
        release.SetResult();
        await inside.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone.WaitAsync(TimeSpan.FromSeconds(5)));
        goOn.SetResult();
        await Task.WhenAll(one, two).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal([$"{name} 1", $"{name} 3"], Rows($"{name} _"));
    }

    [Fact]
    public async Task Two_changes_that_need_the_same_thing_are_made_one_after_the_other()
    {
        // Each makes of the number that it reads the next one; in one transaction both would read the same.
        async Task<int> CountAsync(Sql sql)
        {
            sql.Claim("the number");
            var number = (await sql.FindAsync<long?>("SELECT act_delay_ms FROM sandbox_choices WHERE case_id = 'number'") ?? 0) + 1;
            await sql.PostAsync(
                """
                INSERT INTO sandbox_choices (authority_id, case_id, scenario, act_delay_ms) VALUES ('first', 'number', 'x', @number)
                ON CONFLICT (authority_id, case_id) DO UPDATE SET act_delay_ms = excluded.act_delay_ms
                """,
                new { number });
            return (int)number;
        }

        var changes = await TogetherAsync(CountAsync, CountAsync, CountAsync, CountAsync);
        Assert.Equal([1, 2, 3, 4], (await Task.WhenAll(changes)).Order());
    }

    [Fact]
    public async Task A_change_sees_what_it_has_posted_before()
    {
        var seen = await RunAsync(async sql =>
        {
            await PostAsync(sql, "seen");
            return (int)await sql.GetAsync<long>("SELECT COUNT(*) FROM sandbox_choices WHERE case_id = 'seen'");
        });
        Assert.Equal(1, seen);
        Assert.Equal(["seen"], Rows("seen"));
    }

    [Fact]
    public async Task More_changes_than_go_together_are_all_made()
    {
        var release = Block();
        var changes = Enumerable.Range(100, 200).Select(number => RunAsync(sql => PostAsync(sql, $"many {number}"))).ToList();
        release.SetResult();
        await Task.WhenAll(changes);
        Assert.Equal(200, Rows("many %").Count);
    }

    [Fact]
    public async Task Authorities_that_write_together_are_told_apart()
    {
        var release = new[] { Block("first"), Block("second") };
        var ours = RunAsync(sql => PostAsync(sql, "apart"));
        var theirs = RunAsync(
            async sql =>
            {
                await PostAsync(sql, "apart", "second");
                return (int)await sql.GetAsync<long>("SELECT COUNT(*) FROM sandbox_choices WHERE case_id = 'apart' AND authority_id = 'second'");
            },
            authority: "second");
        foreach (var block in release)
            block.SetResult();
        Assert.Equal((1, 1), (await ours, await theirs));
        Assert.Equal(["apart", "apart"], Rows("apart"));
    }

    private static async Task<int> PostAsync(Sql sql, string name, string authority = "first")
    {
        await sql.PostAsync(Insert, new { authority, name });
        return 1;
    }

    private async Task<Task<int>[]> TogetherAsync(params Func<Sql, Task<int>>[] works)
    {
        var release = Block();
        var changes = works.Select(work => RunAsync(work)).ToArray();
        release.SetResult();
        await ((Task)Task.WhenAll(changes)).WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return changes;
    }

    // Keeps the authority's changes waiting, so that those that come meanwhile go together.
    private TaskCompletionSource Block(string authority = "first")
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = RunAsync(
            async _ =>
            {
                await release.Task;
                return 0;
            },
            authority: authority);
        return release;
    }

    private Task<int> RunAsync(Func<Sql, Task<int>> work, string authority = "first", CancellationToken cancellationToken = default) =>
        Combiner.RunAsync(authority, Scope.Of(authority), null, work, cancellationToken);

    private List<string> Rows(string like)
    {
        using var connection = server.Connect();
        return connection.Query<string>("SELECT case_id FROM sandbox_choices WHERE case_id LIKE @like ORDER BY case_id", new { like }).AsList();
    }
}
