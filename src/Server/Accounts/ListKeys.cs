using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

public sealed partial class AccountActions
{
    private const int MostCredentialsListed = 100;

    /// <summary>Lists the keys of an account.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID or ACCOUNT_NOT_FOUND.</exception>
    public async Task<ListKeysResponse> ListKeysAsync(ListKeysRequest request, CancellationToken cancellationToken)
    {
        Needs(("account_id", request.AccountId));
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        if (await sql.FindAccountAsync(request.AccountId) is null)
            throw AccountTable.NotFound(request.AccountId);

        var now = clock.GetUtcNow();
        var keys = await sql.ListKeysAsync(request.AccountId, MostCredentialsListed);
        return new ListKeysResponse { Keys = { keys.OrderByDescending(key => key.CreatedAt).Select(key => key.ToContract(now)) } };
    }
}
