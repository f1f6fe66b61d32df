using Dapper;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;
using Account = SingleWindow.Admin.V1.Account;

namespace SingleWindowBridge.Server.Tests.Serving;

/// <summary>What works in the background goes on after whatever the database does to it, and so does the server.</summary>
public sealed class BrokenLoopTests : IAsyncLifetime
{
    private readonly BridgeServer server = new();

    public BrokenLoopTests() => server.Wrap = whole => new BrokenDatabase(whole);

    private BrokenDatabase Database => (BrokenDatabase)server.Services.GetRequiredService<IBridgeDatabase>();

    private bool IsStopping => server.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_streams_are_looked_at_again_after_a_connection_that_broke_as_it_was_taken(bool knownAsOutage)
    {
        using var follower = Follower.FromBeginning(server.First);
        await follower.CaughtUpAsync();
        await BreakAsync(typeof(OpenStreams), knownAsOutage);

        await server.Operator.Accounts.UpdateAccountAsync(new UpdateAccountRequest
        {
            RequestId = Authority.NewId(),
            Account = new Account { AccountId = "first", Disabled = true },
            UpdateMask = new() { Paths = { "disabled" } },
        });
        (await Refusal.OfAsync(() => follower.NextAsync())).Is(StatusCode.PermissionDenied, ErrorReason.AccountDisabled);
        Assert.False(IsStopping);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_use_of_keys_is_noted_after_a_connection_that_broke_as_it_was_taken(bool knownAsOutage)
    {
        var made = await server.Operator.Accounts.CreateKeyAsync(new CreateKeyRequest { RequestId = Authority.NewId(), AccountId = "first" });
        using var caller = server.Caller(made.Secret);
        await BreakAsync(typeof(CredentialUses), knownAsOutage, () => caller.Cases.ListCasesAsync(new ListCasesRequest()).ResponseAsync);

        await Wait.ForAsync(
            async () =>
            {
                using var connection = server.Connect();
                return await connection.QuerySingleAsync<long>("SELECT COUNT(*) FROM credential_uses WHERE authority_id = 'first'");
            },
            uses => uses > 0);
        Assert.False(IsStopping);
    }

    [Fact]
    public async Task Followers_are_told_that_the_store_is_away_where_it_hangs()
    {
        using var follower = Follower.FromBeginning(server.First);
        await follower.CaughtUpAsync();
        Database.Break = cancelled => Task.Delay(Timeout.Infinite, cancelled);
        Database.For = typeof(SingleWindowBridge.Server.Receipts.FollowedFeeds);
        (await Refusal.OfAsync(() => follower.NextAsync())).Is(StatusCode.Unavailable, ErrorReason.StoreUnavailable);
    }

    private async Task BreakAsync(Type part, bool knownAsOutage, Func<Task>? meanwhile = null)
    {
        Database.BreaksAsOutage = knownAsOutage;
        Database.Break = _ => throw new ObjectDisposedException("the connection");
        Database.For = part;
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        await Wait.ForAsync(() => Task.FromResult(Database.Asked), asked => asked > 0);
        Database.For = null;
    }
}
