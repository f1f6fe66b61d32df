using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Sandbox;

/// <summary>The accounts of a sandbox server, made at its start from the settings under Sandbox:Accounts. Another server makes none.</summary>
public sealed class SandboxAccounts(
    IBridgeDatabase database, FoodCatalogue catalogue, ExchangeOptions exchange, IConfiguration configuration, TimeProvider clock)
{
    /// <summary>Makes what is missing, and brings what there is in line with the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting names a country or product that does not exist.</exception>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        if (!exchange.IsSandbox)
            return;

        var accounts = configuration.GetSection("Sandbox:Accounts").Get<List<SandboxAccount>>() ?? [];
        foreach (var account in accounts)
        {
            if (!catalogue.TryGetCountry(account.Country, out _))
                throw new InvalidOperationException($"Sandbox:Accounts: {account.Id} has an unknown country: {account.Country}");
            foreach (var code in account.CategoryScope.Where(code => !catalogue.TryGetCategory(code, out _)))
                throw new InvalidOperationException($"Sandbox:Accounts: {account.Id} has an unknown category in its scope: {code}");
            await database.WriteAsync(Scope.Everyone, sql => CreateAsync(sql, account), cancellationToken);
        }
    }

    private async Task<int> CreateAsync(Sql sql, SandboxAccount account)
    {
        var now = clock.GetUtcNow();
        var hash = KeyHash.Of(account.Key).ToString();
        var row = new
        {
            account.Id,
            account.Country,
            account.NameZh,
            account.NameEn,
            scope = AccountRow.Joined(account.CategoryScope),
            hash,
            at = now.ToMicroseconds(),
        };
        var made = await sql.ExecuteAsync(
            """
            INSERT INTO authorities (authority_id, country, name_zh, name_en, category_scope, product_scope, sandbox, created_at, updated_at)
            VALUES (@Id, @Country, @NameZh, @NameEn, @scope, '', TRUE, @at, @at)
            ON CONFLICT (authority_id) DO NOTHING
            """,
            row);
        var changed = made > 0 ? 0 : await sql.ExecuteAsync(
            """
            UPDATE authorities SET country = @Country, name_zh = @NameZh, name_en = @NameEn, category_scope = @scope, product_scope = ''
            WHERE authority_id = @Id AND sandbox = TRUE
              AND (country <> @Country OR name_zh <> @NameZh OR name_en <> @NameEn OR category_scope <> @scope OR product_scope <> '')
            """,
            row);
        await sql.CreateFeedAsync(account.Id);
        var keys = await sql.ExecuteAsync(
            "INSERT INTO api_keys (key_hash, authority_id, created_at) VALUES (@hash, @Id, @at) ON CONFLICT (key_hash) DO NOTHING", row);

        if (made > 0)
            await sql.AuditServerAsync(Origin.OfServer("settings/CreateAccount"), $"MADE {account.Id} AUTHORITY", now);
        if (changed > 0)
            await sql.AuditServerAsync(Origin.OfServer("settings/UpdateAccount"), $"CHANGED {account.Id}", now);
        if (keys > 0)
            await sql.AuditServerAsync(Origin.OfServer("settings/CreateKey"), $"KEY {hash[..16]} OF {account.Id}", now);
        return made + changed + keys;
    }

    private sealed class SandboxAccount
    {
        public string Id { get; init; } = "";

        public string Country { get; init; } = "";

        public string NameZh { get; init; } = "";

        public string NameEn { get; init; } = "";

        public string Key { get; init; } = "";

        public IReadOnlyList<string> CategoryScope { get; init; } = [];
    }
}
