using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

public sealed partial class AccountActions
{
    /// <summary>Lists the client certificates of an account.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID or ACCOUNT_NOT_FOUND.</exception>
    public async Task<ListCertificatesResponse> ListCertificatesAsync(ListCertificatesRequest request, CancellationToken cancellationToken)
    {
        Needs(("account_id", request.AccountId));
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        if (await sql.FindAccountAsync(request.AccountId) is null)
            throw AccountTable.NotFound(request.AccountId);

        var certificates = await sql.ListCertificatesAsync(request.AccountId, MostCredentialsListed);
        return new ListCertificatesResponse { Certificates = { certificates.Select(certificate => certificate.ToContract()) } };
    }
}
