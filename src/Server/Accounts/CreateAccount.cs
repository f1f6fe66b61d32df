using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;
using Contract = SingleWindow.Admin.V1.Account;

namespace SingleWindowBridge.Server.Accounts;

public sealed partial class AccountActions
{
    /// <summary>Makes an account.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID, ACCOUNT_ALREADY_EXISTS or REQUEST_ID_REUSED.</exception>
    public Task<CreateAccountResponse> CreateAccountAsync(CreateAccountRequest request, Origin by, CancellationToken cancellationToken)
    {
        var asked = request.Account ?? new Contract();
        var rules = new FieldRules();
        rules.Required("account", request.Account is not null);
        AccountRules.Id(rules, "account.account_id", asked.AccountId);
        rules.Enum("account.role", asked.Role, required: true);
        AccountRules.Check(rules, asked, asked.Role, catalogue);
        var problems = Told(rules, request.ValidateOnly);
        return ChangeAsync(
            request, request.RequestId, request.ValidateOnly, by,
            answer => $"MADE {answer.Account.AccountId} {WireNames.Of(answer.Account.Role)}",
            async (sql, now) =>
            {
                if (await sql.FindAccountAsync(asked.AccountId) is not null)
                    throw new BridgeException(ErrorReason.AccountAlreadyExists, ("account_id", asked.AccountId));
                if (request.ValidateOnly)
                    return new CreateAccountResponse { Problems = { problems } };

                var row = New(asked, now.ToMicroseconds());
                await sql.InsertAccountAsync(row);
                if (asked.Role == AccountRole.Authority)
                    await sql.CreateFeedAsync(row.AuthorityId);
                return new CreateAccountResponse { Account = row.ToContract() };
            },
            cancellationToken);
    }

    private AccountRow New(Contract asked, long now) => new()
    {
        AuthorityId = asked.AccountId,
        Role = (int)asked.Role,
        Country = asked.Country,
        NameZh = asked.Name.Zh,
        NameEn = asked.Name.En,
        CategoryScope = AccountRow.Joined(asked.CategoryScope),
        ProductScope = AccountRow.Joined(asked.ProductScope),
        Sandbox = exchange.IsSandbox,
        Disabled = asked.Disabled,
        RequiredCredential = (int)(asked.RequiredCredential == RequiredCredential.Unspecified ? RequiredCredential.Key : asked.RequiredCredential),
        Version = 1,
        CreatedAt = now,
        UpdatedAt = now,
    };
}
