using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

public sealed partial class AccountActions
{
    /// <summary>Gives one account.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID or ACCOUNT_NOT_FOUND.</exception>
    public async Task<GetAccountResponse> GetAccountAsync(GetAccountRequest request, CancellationToken cancellationToken)
    {
        Needs(("account_id", request.AccountId));
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        var row = await sql.FindAccountAsync(request.AccountId) ?? throw AccountTable.NotFound(request.AccountId);
        return new GetAccountResponse { Account = row.ToContract() };
    }
}
