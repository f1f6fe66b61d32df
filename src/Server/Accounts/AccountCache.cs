using System.Collections.Concurrent;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>
/// The accounts of the keys and certificates in use, read once and kept until the database says that an account or credential may have
/// changed, so that a change holds from the next call on. Keys that stand for no account are not kept.
/// </summary>
public sealed class AccountCache(IBridgeDatabase database, CredentialUses? uses = null)
{
    // Of certificates also those are kept that stand for no account: they come with every call of their connection.
    private const int MostCertificates = 10_000;

    private volatile Generation current = new(0);

    /// <summary>What a key stands for; null where it is unknown or revoked.</summary>
    public ValueTask<FoundCredential?> FindAsync(KeyHash key, CancellationToken cancellationToken)
    {
        var generation = Current();
        return generation.Keys.TryGetValue(key, out var found)
            ? ValueTask.FromResult<FoundCredential?>(found)
            : ReadAsync(key, generation, cancellationToken);
    }

    /// <summary>What a client certificate stands for; null where that is nothing.</summary>
    public ValueTask<FoundCredential?> FindAsync(ClientCertificate certificate, CancellationToken cancellationToken)
    {
        var generation = Current();
        return generation.Certificates.TryGetValue(certificate, out var found)
            ? ValueTask.FromResult(found)
            : ReadAsync(certificate, generation, cancellationToken);
    }

    private Generation Current()
    {
        // The mark is taken before the account is read: what is committed in between has another.
        var mark = database.AccountsMark();
        var generation = current;
        if (generation.Mark != mark)
            current = generation = new Generation(mark);
        return generation;
    }

    /// <summary>Whether it is known without a look at the database what a key stands for.</summary>
    internal bool IsKept(KeyHash key) => current.Mark == database.AccountsMark() && current.Keys.ContainsKey(key);

    /// <summary>Whether it is known without a look at the database what a certificate stands for.</summary>
    internal bool IsKept(ClientCertificate certificate) =>
        current.Mark == database.AccountsMark() && current.Certificates.ContainsKey(certificate);

    private async ValueTask<FoundCredential?> ReadAsync(KeyHash key, Generation generation, CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        var hash = key.ToString();
        var row = await sql.FindAsync<KeyedAccount>(
            $"""
            SELECT {AccountRow.Columns}, k.expires_at
            FROM api_keys k JOIN authorities a ON a.authority_id = k.authority_id
            WHERE k.key_hash = @hash AND k.revoked_at IS NULL
            """,
            new { hash });
        if (row is null)
            return null;

        return generation.Keys[key] = new FoundCredential(row.ToAccount(), row.ExpiresAt, uses?.Of(hash, row.AuthorityId));
    }

    private async ValueTask<FoundCredential?> ReadAsync(
        ClientCertificate certificate, Generation generation, CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        var bound = await FindAsync(sql, certificate.Thumbprint) ?? (certificate.Names is { } names ? await FindAsync(sql, names) : null);
        FoundCredential? found = null;
        if (bound is { } it && await sql.FindAccountAsync(it.AuthorityId) is { } row)
            found = new FoundCredential(row.ToAccount(), certificate.NotAfter.ToMicroseconds(), uses?.Of(it.CertificateId, it.AuthorityId));
        if (generation.Certificates.Count >= MostCertificates)
            generation.Certificates.Clear();
        return generation.Certificates[certificate] = found;
    }

    private static Task<Bound?> FindAsync(Sql sql, string knownBy) => sql.FindAsync<Bound>(
        "SELECT certificate_id, authority_id FROM certificates WHERE known_by = @knownBy", new { knownBy });

    private sealed class Generation(long mark)
    {
        public long Mark => mark;

        public ConcurrentDictionary<KeyHash, FoundCredential> Keys { get; } = new();

        public ConcurrentDictionary<ClientCertificate, FoundCredential?> Certificates { get; } = new();
    }

    private sealed class KeyedAccount : AccountRow
    {
        public long? ExpiresAt { get; init; }
    }

    private sealed class Bound
    {
        public string CertificateId { get; init; } = "";

        public string AuthorityId { get; init; } = "";
    }
}

/// <summary>What a key or a certificate stands for.</summary>
/// <param name="Account">The account.</param>
/// <param name="ExpiresAt">When the credential ends, in microseconds; null for never.</param>
/// <param name="Use">Where its use is noted; null for nowhere.</param>
public sealed record FoundCredential(Account Account, long? ExpiresAt, CredentialUse? Use);
