using System.Collections.Concurrent;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>
/// The accounts of the keys in use, read once and kept until the database says that an account or key may have changed, so that
/// a change holds from the next call on. Keys that stand for no account are not kept.
/// </summary>
public sealed class AccountCache(IBridgeDatabase database)
{
    private volatile Generation current = new(0);

    /// <summary>The account of a key, null where there is none.</summary>
    public ValueTask<Account?> FindAsync(KeyHash key, CancellationToken cancellationToken)
    {
        // The mark is taken before the account is read: what is committed in between has another.
        var mark = database.AccountsMark();
        var generation = current;
        if (generation.Mark != mark)
            current = generation = new Generation(mark);
        return generation.Accounts.TryGetValue(key, out var account)
            ? ValueTask.FromResult<Account?>(account)
            : ReadAsync(key, generation, cancellationToken);
    }

    /// <summary>Whether a key's account is known without a look at the database.</summary>
    internal bool IsKept(KeyHash key) => current.Mark == database.AccountsMark() && current.Accounts.ContainsKey(key);

    private async ValueTask<Account?> ReadAsync(KeyHash key, Generation generation, CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        var row = await sql.FindAsync<AccountRow>(
            """
            SELECT a.authority_id, a.country, a.name_zh, a.name_en, a.product_scope, a.sandbox
            FROM api_keys k JOIN authorities a ON a.authority_id = k.authority_id
            WHERE k.key_hash = @hash
            """,
            new { hash = key.ToString() });
        if (row is null)
            return null;

        return generation.Accounts[key] = row.ToAccount();
    }

    private sealed class Generation(long mark)
    {
        public long Mark => mark;

        public ConcurrentDictionary<KeyHash, Account> Accounts { get; } = new();
    }

    private sealed class AccountRow
    {
        public string AuthorityId { get; init; } = "";

        public string Country { get; init; } = "";

        public string NameZh { get; init; } = "";

        public string NameEn { get; init; } = "";

        public string ProductScope { get; init; } = "";

        public bool Sandbox { get; init; }

        public Account ToAccount() => new(
            AuthorityId, Country, new LocalizedText { Zh = NameZh, En = NameEn },
            [.. ProductScope.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)], Sandbox);
    }
}
