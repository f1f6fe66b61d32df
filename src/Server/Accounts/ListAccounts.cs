using SingleWindow.Admin.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

public sealed partial class AccountActions
{
    /// <summary>Refuses a server whose far end is to call and could not.</summary>
    /// <exception cref="InvalidOperationException">Neither the settings nor the database have a key of Customs.</exception>
    public async Task CheckFarEndAsync(ServiceKeys keys, CancellationToken cancellationToken)
    {
        if (!exchange.IsGrpc || keys.Any(Role.Customs))
            return;

        var customs = await ListAccountsAsync(new ListAccountsRequest { Role = AccountRole.Customs, PageSize = 1 }, cancellationToken);
        if (customs.Accounts.Count == 0)
        {
            throw new InvalidOperationException(
                "Exchange:Grpc:Keys has no key with which the far end could call; give one there, or make an account for it with the words "
                + "accounts create ID --role customs.");
        }
    }

    /// <summary>Lists accounts by their ids.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID or PAGE_TOKEN_INVALID.</exception>
    public async Task<ListAccountsResponse> ListAccountsAsync(ListAccountsRequest request, CancellationToken cancellationToken)
    {
        var rules = new FieldRules();
        rules.Enum("role", request.Role);
        rules.Range("page_size", request.PageSize, 0, 200);
        rules.ThrowIfAny();

        var page = new PageToken("", new ListAccountsRequest(request) { PageSize = 0, PageToken = "" });
        var size = request.PageSize == 0 ? 50 : request.PageSize;
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        var rows = await sql.ListAsync<AccountRow>(
            $"""
            SELECT {AccountRow.Columns} FROM authorities a
            WHERE a.authority_id > @after
              {(request.Role == AccountRole.Unspecified ? "" : "AND a.role = @role")}
              {(request.Country.Length == 0 ? "" : "AND a.country = @Country")}
            ORDER BY a.authority_id LIMIT @most
            """,
            new
            {
                after = request.PageToken.Length > 0 ? page.Read(request.PageToken) : "",
                role = (int)request.Role,
                request.Country,
                most = size + 1,
            });
        return new ListAccountsResponse
        {
            Accounts = { rows.Take(size).Select(row => row.ToContract()) },
            NextPageToken = rows.Count > size ? page.Write(rows[size - 1].AuthorityId) : "",
        };
    }
}
