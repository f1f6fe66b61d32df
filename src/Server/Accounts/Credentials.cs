using Microsoft.Extensions.Primitives;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>Finds the account that a call's key stands for. Keys are kept as SHA-256 only.</summary>
public sealed class Credentials(AccountCache accounts)
{
    private const string Scheme = "Bearer ";

    /// <summary>The account of a call.</summary>
    /// <param name="authorization">The header "authorization"; the last one counts.</param>
    /// <param name="cancellationToken">Cancelled when the caller no longer waits.</param>
    /// <exception cref="BridgeException">CREDENTIALS_MISSING or CREDENTIALS_INVALID.</exception>
    public async ValueTask<Account> AuthenticateAsync(StringValues authorization, CancellationToken cancellationToken)
    {
        var header = authorization.Count > 0 ? authorization[^1] : null;
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw new BridgeException(ErrorReason.CredentialsMissing);

        return await accounts.FindAsync(KeyHash.Of(header.AsSpan(Scheme.Length).Trim()), cancellationToken)
            ?? throw new BridgeException(ErrorReason.CredentialsInvalid);
    }
}
