using Dapper;
using Microsoft.Extensions.Configuration;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Accounts;

public sealed class AccountCacheTests : IAsyncLifetime
{
    private const string AddKey = "INSERT INTO api_keys (key_hash, authority_id, created_at) VALUES (@hash, 'aw', 0)";
    private const string SetScope = "UPDATE authorities SET product_scope = @scope WHERE authority_id = 'aw'";

    private static readonly KeyHash Key = KeyHash.Of("the-key");

    private readonly string folder = Directory.CreateTempSubdirectory("account-tests-").FullName;
    private readonly TestDatabase own;
    private IBridgeDatabase database = null!;
    private AccountCache cache = null!;

    public AccountCacheTests() => own = new TestDatabase(folder);

    public async Task InitializeAsync()
    {
        await own.MakeAsync();
        database = own.Open();
        cache = new AccountCache(database);
        await database.PrepareAsync(CancellationToken.None);
        await WriteAsync(
            """
            INSERT INTO authorities (authority_id, country, name_zh, name_en, product_scope, sandbox, created_at)
            VALUES ('aw', 'AW', '主管当局', 'Authority', 'B,A', TRUE, 0)
            """);
    }

    public async Task DisposeAsync()
    {
        if (database is IAsyncDisposable closing)
            await closing.DisposeAsync();
        (database as IDisposable)?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_key_counts_from_the_call_after_it_is_added_until_the_call_after_it_is_removed()
    {
        for (var round = 0; round < 50; round++)
        {
            Assert.Null(await FindAsync());
            await WriteAsync(AddKey, new { hash = Key.ToString() });
            Assert.Equal("aw", (await FindAsync())?.AuthorityId);
            await WriteAsync("DELETE FROM api_keys");
        }
    }

    [Fact]
    public async Task A_change_of_an_account_holds_at_the_next_call()
    {
        await WriteAsync(AddKey, new { hash = Key.ToString() });
        for (var round = 0; round < 200; round++)
        {
            await WriteAsync(SetScope, new { scope = $"Z,P{round}" });
            Assert.Equal([$"P{round}", "Z"], (await FindAsync())!.ProductScope);
        }
    }

    [Fact]
    public async Task Changes_made_while_others_call_are_never_missed()
    {
        await WriteAsync(AddKey, new { hash = Key.ToString() });
        using var enough = new CancellationTokenSource();
        var others = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
                await FindAsync();
        });
        for (var round = 0; round < 200; round++)
        {
            await WriteAsync(SetScope, new { scope = $"P{round}" });
            Assert.Equal([$"P{round}"], (await FindAsync())!.ProductScope);
        }

        await enough.CancelAsync();
        await others;
    }

    [Fact]
    public async Task A_change_made_by_another_process_is_seen_in_a_moment()
    {
        await WriteAsync(AddKey, new { hash = Key.ToString() });
        Assert.NotNull(await FindAsync());
        await using (var other = own.Connect())
            await other.ExecuteAsync("DELETE FROM api_keys");

        // For SQLite a tick of the system's clock, at most some 16 ms; for PostgreSQL the way of a notification.
        await Wait.ForAsync(FindAsync, account => account is null);
    }

    [Fact]
    public async Task An_account_is_read_once_while_nothing_changes()
    {
        await WriteAsync(AddKey, new { hash = Key.ToString() });

        // Past the tick or notification in which the key's own commit is seen, and where the server is told of changes.
        Account? first = null;
        await Wait.ForAsync(
            async () =>
            {
                first = await FindAsync();
                var again = cache.FindAsync(Key, CancellationToken.None);
                return again.IsCompletedSuccessfully && ReferenceEquals(first, (await again)!.Account);
            },
            isKept => isKept);
        Assert.NotNull(first);
    }

    [Fact]
    public async Task A_certificate_of_nobody_is_no_less_to_be_looked_up_than_a_key_of_nobody()
    {
        using var pki = new TestPki();
        using var shown = pki.IssueClient("CN=nobody.example");
        var certificate = new ClientCertificate(shown, trusted: null);
        var settings = new ConfigurationManager();
        var credentials = new Credentials(
            cache, new ServiceKeys(settings), ExchangeOptions.Of(settings), new ClientTrust(null), TimeProvider.System);
        var alone = new ShownCredential(null, default, certificate);
        var beside = new ShownCredential(Key, KeyShape.Unmarked, certificate);
        Assert.False(credentials.IsKept(alone));
        await WriteAsync(AddKey, new { hash = Key.ToString() });
        await Wait.ForAsync(
            async () =>
            {
                // What was read before the key's own commit was seen is read again.
                await FindAsync();
                return (credentials.IsKept(new ShownCredential(Key, KeyShape.Unmarked, null)), credentials.IsKept(beside));
            },
            kept => kept == (true, false));

        await Wait.ForAsync(
            async () =>
            {
                await FindAsync();
                Assert.Null(await cache.FindAsync(certificate, CancellationToken.None));
                return (credentials.IsKept(alone), credentials.IsKept(beside));
            },
            kept => kept == (true, true));
    }

    [Fact]
    public void A_key_is_kept_as_its_sha256_in_lower_case_hexadecimal()
    {
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", KeyHash.Of("abc").ToString());
        Assert.Equal(KeyHash.Of(new string('k', 5000)), KeyHash.Of(new string('k', 5000)));
        Assert.NotEqual(KeyHash.Of("密钥"), KeyHash.Of("密匙"));
    }

    private async Task<Account?> FindAsync() => (await cache.FindAsync(Key, CancellationToken.None))?.Account;

    private Task<int> WriteAsync(string text, object? parameters = null) =>
        database.WriteAsync(Scope.Everyone, sql => sql.ExecuteAsync(text, parameters), CancellationToken.None);
}
