using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Receipts;

/// <summary>Readers of the feed whose place the server keeps.</summary>
public sealed class ReceiptConsumerTests : IAsyncLifetime
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
    public async Task A_place_that_was_committed_is_where_a_watch_goes_on()
    {
        await ApplyAsync(4);
        var all = await Us.AllReceiptsAsync();
        var committed = await CommitAsync("ledger", all[1].Cursor);
        Assert.Equal(("ledger", all[1].Cursor, 2, 4), (committed.Name, committed.Cursor, committed.Number, committed.HeadNumber));
        await server.RestartAsync();
        var kept = await GetAsync("ledger");
        Assert.Equal(committed, kept);
        var rest = await Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { AfterCursor = kept.Cursor });
        Assert.Equal([3, 4], rest.Receipts.Select(it => it.Number));
    }

    [Fact]
    public async Task A_place_goes_on_only_unless_it_may_go_back()
    {
        await ApplyAsync(3);
        Assert.Equal(2, (await CommitAsync("ledger", 2)).Number);
        Assert.Equal(2, (await CommitAsync("ledger", 1)).Number);
        Assert.Equal(3, (await CommitAsync("ledger", 3)).Number);
        Assert.Equal(1, (await CommitAsync("ledger", 1, allowBack: true)).Number);
        Assert.Equal(0, (await CommitAsync("ledger", 0, allowBack: true)).Number);
    }

    [Fact]
    public async Task Of_many_commits_at_once_the_furthest_counts()
    {
        await ApplyAsync(6);
        await Task.WhenAll(Enumerable.Range(1, 6).Reverse().Select(number => CommitAsync("ledger", number)));
        Assert.Equal(6, (await GetAsync("ledger")).Number);
    }

    [Fact]
    public async Task The_same_commit_again_changes_nothing()
    {
        await ApplyAsync(1);
        var first = await CommitAsync("ledger", 1);
        Assert.Equal(first, await CommitAsync("ledger", 1));
        Assert.Equal(first, await CommitAsync("ledger", 1, allowBack: true));
    }

    [Fact]
    public async Task Another_authority_knows_nothing_of_it()
    {
        await ApplyAsync(2);
        await CommitAsync("ledger", 2);
        await RefusedAsync(ErrorReason.ReceiptConsumerNotFound, () => GetAsync("ledger", server.Second));
        await RefusedAsync(ErrorReason.ReceiptConsumerNotFound, () => DeleteAsync("ledger", server.Second));
        Assert.Empty((await server.Second.Receipts.ListReceiptConsumersAsync(new ListReceiptConsumersRequest())).Consumers);
        var theirs = await server.Second.Receipts.CommitReceiptConsumerAsync(new CommitReceiptConsumerRequest { Name = "ledger", Number = 0 });
        Assert.Equal((0, 0), (theirs.Consumer.Number, theirs.Consumer.HeadNumber));
        Assert.Equal(2, (await GetAsync("ledger")).Number);
    }

    [Fact]
    public async Task A_place_that_the_feed_does_not_have_is_refused_and_nothing_is_kept()
    {
        await ApplyAsync(1);
        await RefusedAsync(ErrorReason.CursorAheadOfFeed, () => CommitAsync("ledger", 2));
        await RefusedAsync(ErrorReason.CursorInvalid, () => CommitAsync("ledger", "AAAA"));
        var theirs = (await server.Second.Receipts.ListReceiptsAsync(new ListReceiptsRequest())).NextCursor;
        await RefusedAsync(ErrorReason.CursorInvalid, () => CommitAsync("ledger", theirs));
        await RefusedAsync(ErrorReason.ReceiptConsumerNotFound, () => GetAsync("ledger"));
    }

    [Fact]
    public async Task In_a_feed_that_has_begun_anew_the_old_place_is_refused_and_a_new_one_is_kept()
    {
        await ApplyAsync(3);
        await CommitAsync("ledger", 3);
        using (var connection = server.Connect())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE feeds SET epoch = 'another' WHERE authority_id = 'first'";
            command.ExecuteNonQuery();
        }

        var old = (await GetAsync("ledger")).Cursor;
        await RefusedAsync(
            ErrorReason.CursorInvalid, () => Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { AfterCursor = old }).ResponseAsync);
        Assert.Equal(1, (await CommitAsync("ledger", 1)).Number);
        var cursor = (await GetAsync("ledger")).Cursor;
        Assert.Equal(2, (await Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { AfterCursor = cursor })).Receipts.Count);
    }

    [Fact]
    public async Task A_reset_account_has_no_consumers()
    {
        await CommitAsync("ledger", 0);
        await Us.Sandbox.ResetAccountAsync(new ResetAccountRequest());
        await RefusedAsync(ErrorReason.ReceiptConsumerNotFound, () => GetAsync("ledger"));
    }

    [Fact]
    public async Task A_deleted_consumer_is_gone()
    {
        await CommitAsync("ledger", 0);
        await CommitAsync("archive", 0);
        await DeleteAsync("ledger", Us);
        await RefusedAsync(ErrorReason.ReceiptConsumerNotFound, () => GetAsync("ledger"));
        await RefusedAsync(ErrorReason.ReceiptConsumerNotFound, () => DeleteAsync("ledger", Us));
        Assert.Equal("archive", Assert.Single((await Us.Receipts.ListReceiptConsumersAsync(new ListReceiptConsumersRequest())).Consumers).Name);
    }

    [Fact]
    public async Task There_may_be_a_hundred()
    {
        foreach (var name in Enumerable.Range(0, 100).Select(number => $"consumer-{number:00}").Reverse())
            await CommitAsync(name, 0);
        var refused = await RefusedAsync(ErrorReason.TooManyReceiptConsumers, () => CommitAsync("one-more", 0));
        Assert.Equal("100", refused.Metadata["most"]);
        Assert.Equal(0, (await CommitAsync("consumer-07", 0)).Number);
        var listed = (await Us.Receipts.ListReceiptConsumersAsync(new ListReceiptConsumersRequest())).Consumers.Select(it => it.Name).ToList();
        Assert.Equal(100, listed.Count);
        Assert.Equal(listed.Order(StringComparer.Ordinal), listed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Ledger")]
    [InlineData("-ledger")]
    [InlineData("led ger")]
    [InlineData("ledger\n")]
    [InlineData("台账")]
    public async Task A_name_that_cannot_be_one_is_refused_by_its_field(string name)
    {
        var refused = await RefusedAsync(ErrorReason.FieldInvalid, () => CommitAsync(name, 0));
        Assert.Equal("name", Assert.Single(refused.Problems).Field);
    }

    [Fact]
    public async Task A_commit_without_a_place_is_refused()
    {
        var refused = await RefusedAsync(
            ErrorReason.FieldInvalid,
            () => Us.Receipts.CommitReceiptConsumerAsync(new CommitReceiptConsumerRequest { Name = "ledger" }).ResponseAsync);
        Assert.Equal("place", Assert.Single(refused.Problems).Field);
    }

    private static async Task<Refusal> RefusedAsync(ErrorReason reason, Func<Task> call)
    {
        var refused = await Refusal.OfAsync(call);
        Assert.Equal(Grpc.WireNames.Of(reason), refused.Reason);
        return refused;
    }

    private async Task ApplyAsync(int count)
    {
        for (var made = 0; made < count; made++)
            await Us.ApplyAsync();
    }

    private Task<ReceiptConsumer> CommitAsync(string name, long number, bool allowBack = false) =>
        CommitAsync(new CommitReceiptConsumerRequest { Name = name, Number = number, AllowBack = allowBack });

    private Task<ReceiptConsumer> CommitAsync(string name, string cursor) =>
        CommitAsync(new CommitReceiptConsumerRequest { Name = name, Cursor = cursor });

    private async Task<ReceiptConsumer> CommitAsync(CommitReceiptConsumerRequest request) =>
        (await Us.Receipts.CommitReceiptConsumerAsync(request)).Consumer;

    private async Task<ReceiptConsumer> GetAsync(string name, Authority? whose = null) =>
        (await (whose ?? Us).Receipts.GetReceiptConsumerAsync(new GetReceiptConsumerRequest { Name = name })).Consumer;

    private static async Task<DeleteReceiptConsumerResponse> DeleteAsync(string name, Authority whose) =>
        await whose.Receipts.DeleteReceiptConsumerAsync(new DeleteReceiptConsumerRequest { Name = name });
}
