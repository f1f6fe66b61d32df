using System.Globalization;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;
using Contract = SingleWindow.Admin.V1;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>The table of accounts.</summary>
internal static class AccountTable
{
    /// <summary>The account with this id; null where there is none.</summary>
    public static Task<AccountRow?> FindAccountAsync(this Sql sql, string accountId) => sql.FindAsync<AccountRow>(
        $"SELECT {AccountRow.Columns} FROM authorities a WHERE a.authority_id = @accountId", new { accountId });

    /// <summary>The account with this id, which nobody else changes until the transaction ends.</summary>
    /// <exception cref="BridgeException">ACCOUNT_NOT_FOUND.</exception>
    public static async Task<AccountRow> LockAccountAsync(this Sql sql, string accountId) => await sql.FindAsync<AccountRow>(
        $"SELECT {AccountRow.Columns} FROM authorities a WHERE a.authority_id = @accountId{sql.Dialect.ForUpdate}", new { accountId })
        ?? throw NotFound(accountId);

    /// <summary>There is no account with this id.</summary>
    public static BridgeException NotFound(string accountId) => new(ErrorReason.AccountNotFound, ("account_id", accountId));

    /// <summary>Keeps a new account.</summary>
    public static Task InsertAccountAsync(this Sql sql, AccountRow row) => sql.ExecuteAsync(
        """
        INSERT INTO authorities (authority_id, role, country, name_zh, name_en, category_scope, product_scope, sandbox, disabled,
            required_credential, version, created_at, updated_at)
        VALUES (@AuthorityId, @Role, @Country, @NameZh, @NameEn, @CategoryScope, @ProductScope, @Sandbox, @Disabled,
            @RequiredCredential, @Version, @CreatedAt, @UpdatedAt)
        """,
        row);

    /// <summary>Keeps what an account has become.</summary>
    public static Task UpdateAccountAsync(this Sql sql, AccountRow row) => sql.ExecuteAsync(
        """
        UPDATE authorities SET country = @Country, name_zh = @NameZh, name_en = @NameEn, category_scope = @CategoryScope,
            product_scope = @ProductScope, disabled = @Disabled, required_credential = @RequiredCredential, version = @Version,
            updated_at = @UpdatedAt
        WHERE authority_id = @AuthorityId
        """,
        row);
}

/// <summary>A row of the table of accounts.</summary>
internal class AccountRow
{
    /// <summary>What is read of it, from authorities a.</summary>
    public const string Columns =
        "a.authority_id, a.role, a.country, a.name_zh, a.name_en, a.category_scope, a.product_scope, a.sandbox, a.disabled, "
        + "a.required_credential, a.version, a.created_at, a.updated_at";

    /// <summary>Its id.</summary>
    public string AuthorityId { get; init; } = "";

    /// <summary>A <see cref="Accounts.Role"/>.</summary>
    public int Role { get; init; }

    /// <summary>ISO 3166-1 alpha-2, or empty.</summary>
    public string Country { get; set; } = "";

    /// <summary>Its name in Chinese.</summary>
    public string NameZh { get; set; } = "";

    /// <summary>Its name in English.</summary>
    public string NameEn { get; set; } = "";

    /// <summary>Codes of categories, separated by commas.</summary>
    public string CategoryScope { get; set; } = "";

    /// <summary>Codes of products, separated by commas.</summary>
    public string ProductScope { get; set; } = "";

    /// <summary>Whether it is of the sandbox.</summary>
    public bool Sandbox { get; init; }

    /// <summary>Whether it is shut out.</summary>
    public bool Disabled { get; set; }

    /// <summary>A <see cref="Contract.RequiredCredential"/>.</summary>
    public int RequiredCredential { get; set; }

    /// <summary>One more with every change.</summary>
    public long Version { get; set; }

    /// <summary>When it was made.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public long UpdatedAt { get; set; }

    /// <summary>The version, as callers see it.</summary>
    public string Etag => Version.ToString(CultureInfo.InvariantCulture);

    /// <summary>As those see it who admit calls.</summary>
    public Account ToAccount() => new(
        AuthorityId, (Role)Role, Country, new LocalizedText { Zh = NameZh, En = NameEn }, Codes(CategoryScope), Codes(ProductScope),
        Sandbox, Disabled, (Contract.RequiredCredential)RequiredCredential);

    /// <summary>As operators see it.</summary>
    public Contract.Account ToContract() => new()
    {
        AccountId = AuthorityId,
        Role = (Contract.AccountRole)Role,
        Country = Country,
        Name = new LocalizedText { Zh = NameZh, En = NameEn },
        CategoryScope = { Codes(CategoryScope) },
        ProductScope = { Codes(ProductScope) },
        Disabled = Disabled,
        RequiredCredential = (Contract.RequiredCredential)RequiredCredential,
        Sandbox = Sandbox,
        Etag = Etag,
        CreateTime = Times.ToTimestamp(CreatedAt),
        UpdateTime = Times.ToTimestamp(UpdatedAt),
    };

    /// <summary>Codes as the table holds them.</summary>
    public static string Joined(IEnumerable<string> codes) => string.Join(',', codes.Distinct().Order(StringComparer.Ordinal));

    private static IReadOnlyList<string> Codes(string joined) =>
        [.. joined.Split(',', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
}
