using Microsoft.Extensions.Primitives;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>Finds the account that a call's key stands for. Keys are stored as SHA-256 only.</summary>
public sealed class Credentials(AccountCache accounts)
{
    private const string Scheme = "Bearer ";

    // The hashes of the headers of late, each in the place that its hash code gives: SHA-256 costs more than the rest of the check.
    private readonly Hashed?[] late = new Hashed?[256];

    /// <summary>The account of a call.</summary>
    /// <param name="authorization">The header "authorization"; the last one counts.</param>
    /// <param name="cancellationToken">Cancelled when the caller no longer waits.</param>
    /// <exception cref="BridgeException">CREDENTIALS_MISSING or CREDENTIALS_INVALID.</exception>
    public async ValueTask<Account> AuthenticateAsync(StringValues authorization, CancellationToken cancellationToken)
    {
        var header = authorization.Count > 0 ? authorization[^1] : null;
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw new BridgeException(ErrorReason.CredentialsMissing);

        return await accounts.FindAsync(HashOf(header), cancellationToken) ?? throw new BridgeException(ErrorReason.CredentialsInvalid);
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
