using System.Security.Cryptography;
using System.Text;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>Finds the account that a call's key stands for. Keys are kept as SHA-256 only.</summary>
public sealed class Credentials(IBridgeDatabase database)
{
    private const string Scheme = "Bearer ";

    /// <summary>The account of a call.</summary>
    /// <param name="header">The value of its authorization header; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BridgeException">CREDENTIALS_MISSING or CREDENTIALS_INVALID.</exception>
    public async Task<Account> AuthenticateAsync(string? header, CancellationToken cancellationToken)
    {
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw new BridgeException(ErrorReason.CredentialsMissing);

        await using var sql = await database.OpenAsync(cancellationToken);
        var row = await sql.FindAsync<AccountRow>(
            """
            SELECT a.authority_id, a.country, a.name_zh, a.name_en, a.product_scope, a.sandbox
            FROM api_keys k JOIN authorities a ON a.authority_id = k.authority_id
            WHERE k.key_hash = @hash
            """,
            new { hash = Hash(header[Scheme.Length..].Trim()) });
        return row?.ToAccount() ?? throw new BridgeException(ErrorReason.CredentialsInvalid);
    }

    /// <summary>What is kept of a key: its SHA-256, 64 lower-case hexadecimal digits.</summary>
    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private sealed class AccountRow
    {
        public string AuthorityId { get; init; } = "";

        public string Country { get; init; } = "";

        public string NameZh { get; init; } = "";

        public string NameEn { get; init; } = "";

        public string ProductScope { get; init; } = "";

        public long Sandbox { get; init; }

        public Account ToAccount() => new(
            AuthorityId, Country, new LocalizedText { Zh = NameZh, En = NameEn },
            ProductScope.Split(',', StringSplitOptions.RemoveEmptyEntries).ToHashSet(), Sandbox != 0);
    }
}
