using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>The table of keys, which holds their hashes alone.</summary>
internal static class KeyTable
{
    private const string Columns =
        "k.key_hash, k.authority_id, k.note, k.created_at, k.expires_at, k.revoked_at, u.used_at";

    /// <summary>The keys of an account, the live ones first, then the newest.</summary>
    public static Task<IReadOnlyList<KeyRow>> ListKeysAsync(this Sql sql, string accountId, int most) => sql.ListAsync<KeyRow>(
        $"""
        SELECT {Columns} FROM api_keys k LEFT JOIN credential_uses u ON u.credential = k.key_hash
        WHERE k.authority_id = @accountId
        ORDER BY CASE WHEN k.revoked_at IS NULL THEN 0 ELSE 1 END, k.created_at DESC, k.key_hash LIMIT @most
        """,
        new { accountId, most });

    /// <summary>A key of an account by its id; null where there is none.</summary>
    public static Task<KeyRow?> FindKeyAsync(this Sql sql, string accountId, string keyId) => sql.FindAsync<KeyRow>(
        $"""
        SELECT {Columns} FROM api_keys k LEFT JOIN credential_uses u ON u.credential = k.key_hash
        WHERE k.authority_id = @accountId AND substr(k.key_hash, 1, 16) = @keyId
        """,
        new { accountId, keyId });

    /// <summary>The live keys of an account.</summary>
    public static Task<IReadOnlyList<KeyRow>> ListLiveKeysAsync(this Sql sql, string accountId, DateTimeOffset now) => sql.ListAsync<KeyRow>(
        $"""
        SELECT {Columns} FROM api_keys k LEFT JOIN credential_uses u ON u.credential = k.key_hash
        WHERE k.authority_id = @accountId AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > @now)
        ORDER BY k.created_at, k.key_hash
        """,
        new { accountId, now = now.ToMicroseconds() });

    /// <summary>Keeps a new key.</summary>
    public static Task InsertKeyAsync(this Sql sql, KeyRow row) => sql.ExecuteAsync(
        """
        INSERT INTO api_keys (key_hash, authority_id, note, created_at, expires_at)
        VALUES (@KeyHash, @AuthorityId, @Note, @CreatedAt, @ExpiresAt)
        """,
        row);

    /// <summary>Keeps that a key is revoked.</summary>
    public static Task RevokeKeyAsync(this Sql sql, KeyRow row) => sql.ExecuteAsync(
        "UPDATE api_keys SET revoked_at = @RevokedAt WHERE key_hash = @KeyHash", row);
}

/// <summary>A row of the table of keys.</summary>
internal sealed class KeyRow
{
    private const int IdLength = 16;

    /// <summary>SHA-256 of the key.</summary>
    public string KeyHash { get; init; } = "";

    /// <summary>The account.</summary>
    public string AuthorityId { get; init; } = "";

    /// <summary>What it is for.</summary>
    public string Note { get; init; } = "";

    /// <summary>When it was made.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When it ends; null for never.</summary>
    public long? ExpiresAt { get; init; }

    /// <summary>When it was revoked; null for not.</summary>
    public long? RevokedAt { get; set; }

    /// <summary>When it was last used; null for never.</summary>
    public long? UsedAt { get; init; }

    /// <summary>By what operators know it.</summary>
    public string KeyId => KeyHash[..IdLength];

    /// <summary>As operators see it at this time.</summary>
    public Key ToContract(DateTimeOffset now) => new()
    {
        KeyId = KeyId,
        AccountId = AuthorityId,
        Note = Note,
        State = RevokedAt is not null ? KeyState.Revoked : ExpiresAt <= now.ToMicroseconds() ? KeyState.Expired : KeyState.Live,
        CreateTime = Times.ToTimestamp(CreatedAt),
        ExpireTime = Times.ToTimestamp(ExpiresAt),
        RevokeTime = Times.ToTimestamp(RevokedAt),
        LastUseTime = Times.ToTimestamp(UsedAt),
    };
}
