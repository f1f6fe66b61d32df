using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Proof;

/// <summary>
/// Where this server's private key is, and the public halves of all that were ever used, which stay in the database so that what they
/// signed can be checked.
/// </summary>
public static class SigningKeys
{
    /// <summary>
    /// Opens the key that Signing:KeyFile names. Beside an embedded database, or with the simulated Customs, a key is made where there
    /// is none; a server of real cases is given one, so that no two of its servers make their own by mistake.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no key; the message names the setting and the cure.</exception>
    public static Signer Open(IConfiguration configuration, bool sandbox, ILogger logger)
    {
        var embedded = string.IsNullOrEmpty(configuration.GetConnectionString("Bridge"));
        var path = FileOf(configuration, sandbox) ?? throw new InvalidOperationException(
            "Signing:KeyFile names the private key that signs receipts, one for all servers of a database; none is given. "
            + "Make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out signing-key.pem");
        if ((embedded || sandbox) && !File.Exists(path))
        {
            Signer.Make(path);
            logger.LogInformation("A new key for signatures was made: {Path}", Path.GetFullPath(path));
        }

        var key = Signer.Read(path);
        if (Signer.IsOpenToOthers(path))
            logger.LogWarning("Signing:KeyFile: {Path} can be read by others than its owner; chmod 600 it", Path.GetFullPath(path));
        return key;
    }

    /// <summary>Tells the database that this key is in use.</summary>
    public static Task PublishAsync(this IBridgeDatabase database, Signer key, DateTimeOffset now) => database.WriteAsync(
        Scope.Everyone,
        async sql =>
        {
            var isNew = await sql.ExecuteAsync(
                """
                INSERT INTO signing_keys (key_id, public_key, created_at) VALUES (@Id, @PublicKey, @at) ON CONFLICT (key_id) DO NOTHING
                """,
                new { key.Id, key.PublicKey, at = now.ToMicroseconds() }) > 0;
            if (isNew)
                await sql.AuditServerAsync(Origin.OfServer("server/PublishSigningKey"), $"PUBLISHED {key.Id}", now);
            return isNew;
        },
        CancellationToken.None);

    /// <summary>All keys, oldest first.</summary>
    public static Task<IReadOnlyList<PublishedKey>> ListSigningKeysAsync(this Sql sql) =>
        sql.ListAsync<PublishedKey>("SELECT key_id, public_key, created_at FROM signing_keys ORDER BY created_at, key_id");

    /// <summary>The path of the private key; null where none is given and none may be made.</summary>
    public static string? FileOf(IConfiguration configuration, bool sandbox)
    {
        if (configuration["Signing:KeyFile"] is { Length: > 0 } given)
            return given;
        if (string.IsNullOrEmpty(configuration.GetConnectionString("Bridge")))
            return Path.Combine(Path.GetDirectoryName(Path.GetFullPath(configuration["Bridge:Database"] ?? "data/bridge.db"))!, "signing-key.pem");
        return sandbox ? "data/signing-key.pem" : null;
    }
}

/// <summary>The public half of a key.</summary>
public sealed class PublishedKey
{
    /// <summary>The key's id.</summary>
    public string KeyId { get; init; } = "";

    /// <summary>SubjectPublicKeyInfo in DER.</summary>
    public byte[] PublicKey { get; init; } = [];

    /// <summary>When a server first used it, in microseconds.</summary>
    public long CreatedAt { get; init; }
}
