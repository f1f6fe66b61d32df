using Dapper;
using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Receipts;

/// <summary>The feed on two servers of one database.</summary>
public sealed class ManyServersTests : IAsyncLifetime
{
    private readonly ScriptedServer server = new();
    private BridgeServer other = null!;

    private Authority Us => server.First;

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        server.Script.Hold();
        other = new BridgeServer { Database = server.Database, Channel = new SilentChannel() };
        await other.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await other.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_follower_of_one_server_hears_what_the_other_commits()
    {
        using var follower = Follower.FromBeginning(other.First);
        await follower.CaughtUpAsync();
        for (var number = 1; number <= 5; number++)
        {
            await Us.ApplyAsync();
            Assert.Equal(number, (await follower.ReceiptAsync()).Number);
        }

        Assert.Equal(await Us.AllReceiptsAsync(), await other.First.AllReceiptsAsync());
    }

    [Fact]
    public async Task Both_servers_write_and_all_followers_see_one_order()
    {
        using var here = Follower.FromBeginning(Us);
        using var there = Follower.FromBeginning(other.First);
        await Task.WhenAll(here.StandsAsync(), there.StandsAsync());
        var writing = Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var i = 0; i < 10; i++)
                await (writer % 2 == 0 ? Us : other.First).ApplyAsync();
        }));
        var seen = await Task.WhenAll(here.ReceiptsToAsync(80), there.ReceiptsToAsync(80));
        await writing;
        Assert.Equal(Enumerable.Range(1, 80).Select(number => (long)number), seen[0].Select(receipt => receipt.Number));
        Assert.Equal(seen[0], seen[1]);
    }

    [Fact]
    public async Task One_who_falls_behind_what_is_kept_in_memory_reads_on_from_the_table()
    {
        using var follower = Follower.FromBeginning(other.First);
        await follower.CaughtUpAsync();
        var made = await Us.ApplyAsync();
        using (var connection = server.Connect())
        {
            // More at once than a server keeps, as if another had written them.
            using var transaction = connection.BeginTransaction();
            for (var number = 2; number <= 1500; number++)
            {
                var content = new Receipt { Number = number, CaseId = made.CaseId }.ToByteArray();
                connection.Execute(
                    "INSERT INTO receipts (authority_id, number, case_id, content) VALUES ('first', @number, @CaseId, @content)",
                    new { number, made.CaseId, content }, transaction);
            }

            connection.Execute("UPDATE feeds SET head = 1500 WHERE authority_id = 'first'", transaction: transaction);
            transaction.Commit();
        }

        var seen = await follower.ReceiptsToAsync(1500);
        Assert.Equal(Enumerable.Range(1, 1500).Select(number => (long)number), seen.Select(receipt => receipt.Number));
    }

    [Fact]
    public async Task A_feed_that_is_another_copy_is_not_followed_in_silence()
    {
        await Us.ApplyAsync();
        await Us.ApplyAsync();
        using var behind = Follower.FromBeginning(Us);
        await behind.ReceiptsToAsync(2);
        await behind.CaughtUpAsync();
        using (var connection = server.Connect())
        {
            connection.Execute("DELETE FROM receipts WHERE authority_id = 'first' AND number = 2");
            connection.Execute("UPDATE feeds SET head = 1 WHERE authority_id = 'first'");
        }

        (await Refusal.OfAsync(behind.NextAsync)).Is(StatusCode.OutOfRange, ErrorReason.CursorAheadOfFeed);
        using var again = Follower.FromBeginning(Us);
        Assert.Equal(1, (await again.ReceiptAsync()).Number);
        await again.CaughtUpAsync();
        using (var connection = server.Connect())
            connection.Execute("UPDATE feeds SET epoch = 'another' WHERE authority_id = 'first'");
        (await Refusal.OfAsync(again.NextAsync)).Is(StatusCode.InvalidArgument, ErrorReason.CursorInvalid);
    }

    [PostgresFact]
    public async Task What_nobody_notifies_of_is_found_all_the_same()
    {
        using var follower = Follower.FromBeginning(other.First);
        await follower.CaughtUpAsync();
        for (var number = 1; number <= 4; number++)
        {
            using (var connection = server.Connect())
            {
                // The connections that listen and that notify are the ones that do nothing else.
                connection.Execute(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = @role
                        AND (query LIKE '%counters%' OR query LIKE '%pg_notify%')
                    """,
                    new { role = PostgresRole });
            }

            await Us.ApplyAsync();
            Assert.Equal(number, (await follower.ReceiptAsync()).Number);
        }
    }

    [PostgresFact]
    public async Task A_follower_is_told_when_its_server_has_lost_the_database()
    {
        using var follower = Follower.FromBeginning(Us);
        await follower.CaughtUpAsync();
        server.Database.Hide();
        (await Refusal.OfAsync(follower.NextAsync)).Is(StatusCode.Unavailable, ErrorReason.StoreUnavailable);
        server.Database.Show();

        // A connection of before may be found broken yet: then one asks again.
        await Wait.ForAsync(
            async () =>
            {
                try
                {
                    await Us.ApplyAsync();
                    return true;
                }
                catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable)
                {
                    return false;
                }
            },
            isFiled => isFiled);
        using var again = Follower.FromBeginning(Us);
        Assert.Equal(1, (await again.ReceiptAsync()).Number);
    }

    private static string PostgresRole => SingleWindowBridge.Tests.Running.PostgresCluster.ServerRole;
}
