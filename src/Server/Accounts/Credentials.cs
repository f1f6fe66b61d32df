using Microsoft.Extensions.Primitives;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>Finds the account that a call's key stands for. Keys are stored as SHA-256 only.</summary>
public sealed class Credentials(AccountCache accounts, ServiceKeys services)
{
    private const string Scheme = "Bearer ";

    // The hashes of the headers of late, each in the place that its hash code gives: SHA-256 costs more than the rest of the check.
    private readonly Hashed?[] late = new Hashed?[256];

    /// <summary>The account of a call.</summary>
    /// <param name="authorization">The header "authorization"; the last one counts.</param>
    /// <param name="cancellationToken">Cancelled when the caller no longer waits.</param>
    /// <exception cref="BridgeException">CREDENTIALS_MISSING, CREDENTIALS_INVALID or ROLE_REQUIRED.</exception>
    public async ValueTask<Account> AuthenticateAsync(StringValues authorization, CancellationToken cancellationToken)
    {
        var key = HashOf(HeaderOf(authorization));
        return await accounts.FindAsync(key, cancellationToken)
            ?? throw (services.Find(key) is null ? new BridgeException(ErrorReason.CredentialsInvalid) : Needs(Role.Authority));
    }

    /// <summary>The name of the key with which an operator or Customs calls.</summary>
    /// <param name="authorization">The header "authorization"; the last one counts.</param>
    /// <param name="role">Who may call.</param>
    /// <param name="cancellationToken">Cancelled when the caller no longer waits.</param>
    /// <exception cref="BridgeException">CREDENTIALS_MISSING, CREDENTIALS_INVALID or ROLE_REQUIRED.</exception>
    public async ValueTask<string> AuthenticateAsync(StringValues authorization, Role role, CancellationToken cancellationToken)
    {
        var key = HashOf(HeaderOf(authorization));
        var found = services.Find(key);
        if (found?.Role == role)
            return found.Value.Name;

        var known = found is not null || await accounts.FindAsync(key, cancellationToken) is not null;
        throw known ? Needs(role) : new BridgeException(ErrorReason.CredentialsInvalid);
    }

    /// <summary>Whether it is known without a look at the database what a call's key stands for.</summary>
    internal bool IsKept(HttpContext call)
    {
        var authorization = call.Request.Headers.Authorization;
        if (authorization.Count == 0 || authorization[^1]?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) != true)
            return true;

        var key = HashOf(authorization[^1]!);
        return services.Find(key) is not null || accounts.IsKept(key);
    }

    private static BridgeException Needs(Role role) =>
        new(ErrorReason.RoleRequired, ("role", role.ToString().ToUpperInvariant()));

    private static string HeaderOf(StringValues authorization)
    {
        var header = authorization.Count > 0 ? authorization[^1] : null;
        return header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header
            : throw new BridgeException(ErrorReason.CredentialsMissing);
    }

    private KeyHash HashOf(string header)
    {
        // The code is seeded at random. Texts are compared only where all of it agrees, so a guess learns nothing from the time taken.
        var code = header.GetHashCode(StringComparison.Ordinal);
        ref var place = ref late[(byte)code];
        var hashed = Volatile.Read(ref place);
        if (hashed is null || hashed.Code != code || hashed.Header != header)
        {
            hashed = new Hashed(code, header, KeyHash.Of(header.AsSpan(Scheme.Length).Trim()));
            Volatile.Write(ref place, hashed);
        }

        return hashed.Key;
    }

    private sealed class Hashed(int code, string header, KeyHash key)
    {
        public int Code => code;

        public string Header => header;

        public KeyHash Key => key;
    }
}
