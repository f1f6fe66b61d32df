using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Receipts;

public sealed class ListReceiptsTests : IAsyncLifetime
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
    public async Task Receipts_are_numbered_from_one_without_a_gap_while_many_change_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            for (var i = 0; i < 5; i++)
            {
                var made = await Us.ApplyAsync();
                await Us.ActAsync(made.CaseId, new CustomsAct { Received = new Received() });
            }
        }));
        var receipts = await Us.AllReceiptsAsync();
        Assert.Equal(Enumerable.Range(1, 60).Select(number => (long)number), receipts.Select(it => it.Number));
        Assert.Equal(60, receipts.Select(it => it.Cursor).Distinct().Count());
        Assert.Equal(60, receipts.Select(it => it.MessageId).Distinct().Count());
        Assert.All(receipts, it => Assert.Matches("^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$", it.MessageId));
        Assert.All(receipts.GroupBy(it => it.CaseId), it => Assert.Equal(
            [CaseEvent.Submit, CaseEvent.Received], it.Select(one => one.Event)));
        Assert.Empty(await server.Second.AllReceiptsAsync());
    }

    [Fact]
    public async Task Pages_go_on_by_cursor_and_by_number()
    {
        await ApplyAsync(5);
        var all = await Us.AllReceiptsAsync();

        var page = await Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { PageSize = 2 });
        Assert.Equal((all[1].Cursor, 5), (page.NextCursor, page.HeadNumber));
        Assert.Equal(all.Take(2), page.Receipts);
        page = await Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { PageSize = 2, AfterCursor = page.NextCursor });
        Assert.Equal(all.Skip(2).Take(2), page.Receipts);
        page = await Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { PageSize = 2, AfterCursor = page.NextCursor });
        Assert.Equal(all.Skip(4), page.Receipts);
        var end = await Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { AfterCursor = page.NextCursor });
        Assert.Equal((0, page.NextCursor, 5), (end.Receipts.Count, end.NextCursor, end.HeadNumber));

        Assert.Equal(all.Skip(3), (await Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { AfterNumber = 3 })).Receipts);
        Assert.Equal(all, (await Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { AfterNumber = 0 })).Receipts);
    }

    [Fact]
    public async Task An_empty_feed_has_a_beginning()
    {
        var page = await Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest());
        Assert.Equal((0, 0), (page.Receipts.Count, page.HeadNumber));
        await ApplyAsync(1);
        Assert.Single((await Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { AfterCursor = page.NextCursor })).Receipts);
    }

    [Fact]
    public async Task A_position_ahead_of_the_feed_is_refused_by_name()
    {
        await ApplyAsync(2);
        var ahead = (await Us.AllReceiptsAsync())[1].Cursor;
        using (var connection = server.Connect())
        using (var command = connection.CreateCommand())
        {
            // The database is set back to an older copy of itself.
            command.CommandText = "DELETE FROM receipts WHERE number = 2; UPDATE feeds SET head = 1 WHERE authority_id = 'first'";
            command.ExecuteNonQuery();
        }

        foreach (var refusal in new[]
        {
            await Refusal.OfAsync(Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { AfterCursor = ahead })),
            await Refusal.OfAsync(Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { AfterNumber = 2 })),
            await WatchRefusedAsync(new WatchReceiptsRequest { AfterCursor = ahead }),
            await WatchRefusedAsync(new WatchReceiptsRequest { AfterNumber = 2 }),
        })
        {
            refusal.Is(StatusCode.OutOfRange, ErrorReason.CursorAheadOfFeed);
            Assert.Equal(("2", "1"), (refusal.Metadata["number"], refusal.Metadata["head_number"]));
        }
    }

    [Fact]
    public async Task A_cursor_that_this_feed_did_not_give_is_refused()
    {
        await ApplyAsync(1);
        await server.Second.ApplyAsync();
        var theirs = (await server.Second.AllReceiptsAsync())[0].Cursor;
        foreach (var cursor in new[] { theirs, "garbage", "", "AAAA", "汉字", "MS4" })
        {
            (await Refusal.OfAsync(Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { AfterCursor = cursor })))
                .Is(StatusCode.InvalidArgument, ErrorReason.CursorInvalid);
            (await WatchRefusedAsync(new WatchReceiptsRequest { AfterCursor = cursor }))
                .Is(StatusCode.InvalidArgument, ErrorReason.CursorInvalid);
        }
    }

    [Fact]
    public async Task Numbers_outside_their_bounds_are_refused_by_field()
    {
        Assert.Equal("after_number OutOfRange", (await Refusal.OfAsync(Us.Receipts.ListReceiptsAsync(
            new ListReceiptsRequest { AfterNumber = -1 }))).Fields);
        Assert.Equal("page_size OutOfRange", (await Refusal.OfAsync(Us.Receipts.ListReceiptsAsync(
            new ListReceiptsRequest { PageSize = 1001 }))).Fields);
        Assert.Equal("after_number OutOfRange", (await WatchRefusedAsync(new WatchReceiptsRequest { AfterNumber = -1 })).Fields);
        foreach (var (seconds, nanos) in new[] { (0L, 0), (301L, 0), (-1L, 0), (300L, 1), (1L, -1), (2L, 2_000_000_000) })
        {
            var refusal = await WatchRefusedAsync(new WatchReceiptsRequest
            {
                HeartbeatInterval = new Google.Protobuf.WellKnownTypes.Duration { Seconds = seconds, Nanos = nanos },
            });
            Assert.Equal("heartbeat_interval OutOfRange", refusal.Fields);
        }
    }

    private async Task ApplyAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await Us.ApplyAsync();
    }

    private async Task<Refusal> WatchRefusedAsync(WatchReceiptsRequest request)
    {
        using var follower = new Follower(Us, request);
        return await Refusal.OfAsync(follower.NextAsync);
    }
}
