namespace SingleWindowBridge.Contract;

/// <summary>Receipts never skip.</summary>
[Collection(OneBridge.Name)]
public sealed class FeedTests(Bridge bridge)
{
    [SandboxFact]
    public async Task Numbers_follow_each_other_and_a_listing_is_resumed_by_its_cursor()
    {
        await bridge.Client.SeedCaseAsync(new SeedCase(Stage.Questionnaire));
        var head = (await bridge.Client.Receipts.ListPageAsync(pageSize: 1)).HeadNumber;
        var from = Math.Max(0, head - 5);
        var whole = await bridge.Client.Receipts.ListAsync(ReceiptPosition.After(from)).ToListAsync();
        Assert.Equal(Enumerable.Range(1, whole.Count).Select(step => from + step), whole.Select(receipt => receipt.Number));

        var paged = new List<Receipt>();
        var position = ReceiptPosition.After(from);
        while (paged.Count < whole.Count)
        {
            var page = await bridge.Client.Receipts.ListPageAsync(position, pageSize: 2);
            paged.AddRange(page.Items);
            position = ReceiptPosition.After(page.NextCursor);
        }

        Assert.Equal(whole.Select(receipt => (receipt.Number, receipt.Cursor, receipt.ETag)),
            paged.Take(whole.Count).Select(receipt => (receipt.Number, receipt.Cursor, receipt.ETag)));
    }

    [SandboxFact]
    public async Task A_watch_gives_what_there_is_then_says_so_then_gives_what_comes()
    {
        var before = await bridge.Client.SeedCaseAsync(new SeedCase(Stage.Questionnaire));
        var head = (await bridge.Client.Receipts.ListPageAsync(pageSize: 1)).HeadNumber;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var (caughtUp, numbers, next) = (false, new List<long>(), (CaseHandle?)null);
        await foreach (var message in bridge.Client.Receipts.WatchAsync(ReceiptPosition.After(head - 2), cancellationToken: patience.Token))
        {
            if (message is ReceiptMessage.CaughtUp)
            {
                Assert.False(caughtUp);
                caughtUp = true;
                next = (await bridge.Client.Applications.SubmitAsync(bridge.Form, cancellationToken: patience.Token)).Handle;
            }
            else if (message is ReceiptMessage.Receipt { Value: var receipt })
            {
                numbers.Add(receipt.Number);
                Assert.False(!caughtUp && receipt.CaseId == next?.Id);
                if (receipt.CaseId == next?.Id)
                {
                    Assert.Equal((CaseEvent.Submit, Stage.Application, Status.Declared), (receipt.Event, receipt.Stage, receipt.Status));
                    break;
                }
            }
        }

        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(step => head - 2 + step), numbers);
        Assert.NotEqual(before.Id, next!.Id);
    }

    [Fact]
    public async Task A_watch_of_what_is_new_begins_at_the_end()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await foreach (var message in bridge.Client.Receipts.WatchAsync(ReceiptPosition.Now, cancellationToken: patience.Token))
        {
            Assert.IsType<ReceiptMessage.CaughtUp>(message);
            break;
        }
    }

    [Fact]
    public async Task A_position_ahead_of_the_feed_is_refused_with_where_the_feed_stands()
    {
        var head = (await bridge.Client.Receipts.ListPageAsync(pageSize: 1)).HeadNumber;
        var refused = await Assert.ThrowsAsync<CursorAheadOfFeedException>(
            async () => await bridge.Client.Receipts.WatchAsync(ReceiptPosition.After(head + 1_000_000)).FirstAsync());
        Assert.Equal(head + 1_000_000, refused.Number);
        Assert.True(refused.HeadNumber >= head);
    }
}
