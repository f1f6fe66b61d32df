using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Receipts;

public sealed class WatchReceiptsTests : IAsyncLifetime
{
    private readonly ScriptedServer server = new();

    private Authority Us => server.First;

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        server.Script.Hold();
    }

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_follower_gets_what_was_then_hears_that_it_is_caught_up_then_what_comes()
    {
        await ApplyAsync(3);
        using var follower = Follower.FromBeginning(Us);
        for (var number = 1; number <= 3; number++)
            Assert.Equal(number, (await follower.ReceiptAsync()).Number);
        var caughtUp = await follower.CaughtUpAsync();
        var all = await Us.AllReceiptsAsync();
        Assert.Equal((3, all[2].Cursor), (caughtUp.Number, caughtUp.Cursor));

        for (var number = 4; number <= 6; number++)
        {
            await ApplyAsync(1);
            Assert.Equal((await Us.AllReceiptsAsync())[^1], await follower.ReceiptAsync());
        }
    }

    [Fact]
    public async Task More_than_a_page_is_caught_up_with_once()
    {
        var made = await Us.DraftAsync(Attempt.Form(await server.FileAsync()));
        for (var i = 0; i < 140; i++)
        {
            await server.DoAsync(made.CaseId, CaseEvent.Submit, Stage.Application);
            await server.DoAsync(made.CaseId, CaseEvent.ReceiveFailed, Stage.Application);
        }

        using var follower = Follower.FromBeginning(Us);
        for (var number = 1; number <= 280; number++)
            Assert.Equal(number, (await follower.ReceiptAsync()).Number);
        Assert.Equal(280, (await follower.CaughtUpAsync()).Number);
        await ApplyAsync(1);
        Assert.Equal(281, (await follower.ReceiptAsync()).Number);
    }

    [Fact]
    public async Task A_follower_goes_on_from_a_cursor_or_a_number()
    {
        await ApplyAsync(4);
        var all = await Us.AllReceiptsAsync();
        using var byCursor = Follower.From(Us, all[1].Cursor);
        using var byNumber = new Follower(Us, new WatchReceiptsRequest { AfterNumber = 2 });
        foreach (var follower in new[] { byCursor, byNumber })
        {
            Assert.Equal(all[2], await follower.ReceiptAsync());
            Assert.Equal(all[3], await follower.ReceiptAsync());
            Assert.Equal(all[3].Cursor, (await follower.CaughtUpAsync()).Cursor);
        }

        using var atHead = Follower.From(Us, all[3].Cursor);
        Assert.Equal(4, (await atHead.CaughtUpAsync()).Number);
    }

    [Fact]
    public async Task Only_what_is_new_comes_where_only_that_is_asked_for()
    {
        await ApplyAsync(2);
        using var follower = new Follower(Us, new WatchReceiptsRequest { OnlyNew = true });
        Assert.Equal(2, (await follower.CaughtUpAsync()).Number);
        await ApplyAsync(1);
        Assert.Equal(3, (await follower.ReceiptAsync()).Number);

        using var fromTheFirst = new Follower(Us, new WatchReceiptsRequest { OnlyNew = false });
        Assert.Equal(1, (await fromTheFirst.ReceiptAsync()).Number);
    }

    [Fact]
    public async Task A_quiet_feed_gives_signs_of_life_with_the_place_reached()
    {
        await ApplyAsync(1);
        using var follower = new Follower(Us,
            new WatchReceiptsRequest { HeartbeatInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)) });
        var receipt = await follower.ReceiptAsync();
        await follower.CaughtUpAsync();
        var one = (await follower.NextAsync()).Heartbeat;
        var two = (await follower.NextAsync()).Heartbeat;
        Assert.Equal((receipt.Cursor, receipt.Cursor), (one.Cursor, two.Cursor));
        Assert.True(two.Time > one.Time);
        await ApplyAsync(1);
        Assert.Equal(2, (await follower.ReceiptsToAsync(2))[0].Number);
    }

    [Fact]
    public async Task Two_followers_see_the_same_while_many_change_at_once()
    {
        using var one = Follower.FromBeginning(Us);
        using var two = Follower.FromBeginning(Us);
        await Task.WhenAll(one.StandsAsync(), two.StandsAsync());
        var changes = Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            for (var i = 0; i < 6; i++)
                await Us.ActAsync((await Us.ApplyAsync()).CaseId, new CustomsAct { Received = new Received() });
        }));
        var seen = await Task.WhenAll(one.ReceiptsToAsync(60), two.ReceiptsToAsync(60));
        await changes;
        Assert.Equal(Enumerable.Range(1, 60).Select(number => (long)number), seen[0].Select(it => it.Number));
        Assert.Equal(seen[0], seen[1]);
        Assert.Equal(seen[0], await Us.AllReceiptsAsync());
    }

    [Fact]
    public async Task A_follower_sees_its_own_feed_alone()
    {
        using var theirs = Follower.FromBeginning(server.Second);
        await theirs.CaughtUpAsync();
        await ApplyAsync(2);
        var made = await server.Second.ApplyAsync();
        var receipt = await theirs.ReceiptAsync();
        Assert.Equal((1, made.CaseId), (receipt.Number, receipt.CaseId));
    }

    [Fact]
    public async Task A_server_that_stops_says_so_to_its_followers_and_they_go_on_where_they_were()
    {
        await ApplyAsync(2);
        using var quiet = Follower.FromBeginning(Us);
        await quiet.ReceiptsToAsync(2);
        var place = (await quiet.CaughtUpAsync()).Cursor;
        using var busy = Follower.FromBeginning(Us);
        var cursor = (await busy.ReceiptAsync()).Cursor;

        var stopping = server.StopAsync();
        (await Refusal.OfAsync(quiet.NextAsync)).Is(StatusCode.Unavailable, ErrorReason.ShuttingDown);
        var end = await Refusal.OfAsync(async () => await busy.ReceiptsToAsync(100));
        end.Is(StatusCode.Unavailable, ErrorReason.ShuttingDown);
        Assert.Equal(1, end.Detail<Google.Rpc.RetryInfo>().RetryDelay.Seconds);
        await stopping;

        await server.StartAsync();
        await ApplyAsync(1);
        using var first = Follower.From(Us, place);
        using var second = Follower.From(Us, cursor);
        Assert.Equal(3, (await first.ReceiptAsync()).Number);
        Assert.Equal([2L, 3L], (await second.ReceiptsToAsync(3)).Select(it => it.Number));
    }

    [Fact]
    public async Task Nothing_is_lost_or_repeated_over_servers_that_are_dropped()
    {
        var seen = new List<Receipt>();
        for (var round = 0; round < 4; round++)
        {
            await ApplyAsync(3);
            using (var follower = seen.Count == 0 ? Follower.FromBeginning(Us) : Follower.From(Us, seen[^1].Cursor))
                seen.AddRange(await follower.ReceiptsToAsync((round * 3) + 2));
            await server.RestartAsync();
        }

        using var last = Follower.From(Us, seen[^1].Cursor);
        seen.AddRange(await last.ReceiptsToAsync(12));
        Assert.Equal(Enumerable.Range(1, 12).Select(number => (long)number), seen.Select(it => it.Number));
        Assert.Equal(seen, await Us.AllReceiptsAsync());
    }

    private async Task ApplyAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await Us.ApplyAsync();
    }
}
