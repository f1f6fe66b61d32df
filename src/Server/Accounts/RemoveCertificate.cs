using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Accounts;

public sealed partial class AccountActions
{
    /// <summary>Has a client certificate stand for an account no more.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID, ACCOUNT_NOT_FOUND, CREDENTIAL_NOT_FOUND or REQUEST_ID_REUSED.</exception>
    public Task<RemoveCertificateResponse> RemoveCertificateAsync(
        RemoveCertificateRequest request, Origin by, CancellationToken cancellationToken)
    {
        Needs(("account_id", request.AccountId), ("certificate_id", request.CertificateId));
        return ChangeAsync(
            request, request.RequestId, request.ValidateOnly, by,
            answer => $"REMOVED {answer.Certificate.CertificateId} OF {answer.Certificate.AccountId}",
            async (sql, _) =>
            {
                await sql.LockAccountAsync(request.AccountId);
                var row = await sql.FindCertificateAsync(request.AccountId, request.CertificateId)
                    ?? throw CredentialNotFound(request.AccountId, request.CertificateId);
                if (!request.ValidateOnly)
                    await sql.DeleteCertificateAsync(row);
                return new RemoveCertificateResponse { Certificate = row.ToContract() };
            },
            cancellationToken);
    }
}
