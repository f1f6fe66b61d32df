using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

public sealed partial class AccountActions
{
    /// <summary>Revokes a key.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID, ACCOUNT_NOT_FOUND, CREDENTIAL_NOT_FOUND or REQUEST_ID_REUSED.</exception>
    public Task<RevokeKeyResponse> RevokeKeyAsync(RevokeKeyRequest request, Origin by, CancellationToken cancellationToken)
    {
        Needs(("account_id", request.AccountId), ("key_id", request.KeyId));
        return ChangeAsync(
            request, request.RequestId, request.ValidateOnly, by,
            answer => $"REVOKED {answer.Key.KeyId} OF {answer.Key.AccountId}",
            async (sql, now) =>
            {
                await sql.LockAccountAsync(request.AccountId);
                var row = await sql.FindKeyAsync(request.AccountId, request.KeyId.ToLowerInvariant())
                    ?? throw CredentialNotFound(request.AccountId, request.KeyId);
                if (row.RevokedAt is null && !request.ValidateOnly)
                {
                    row.RevokedAt = now.ToMicroseconds();
                    await sql.RevokeKeyAsync(row);
                }

                return new RevokeKeyResponse { Key = row.ToContract(now) };
            },
            cancellationToken);
    }

    private static BridgeException CredentialNotFound(string accountId, string credentialId) => new(
        ErrorReason.CredentialNotFound, ("account_id", accountId), ("credential_id", credentialId));
}
