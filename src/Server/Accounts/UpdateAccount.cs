using Google.Protobuf.WellKnownTypes;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;
using Contract = SingleWindow.Admin.V1.Account;

namespace SingleWindowBridge.Server.Accounts;

public sealed partial class AccountActions
{
    private static readonly Dictionary<string, Action<AccountRow, Contract>> Changes = new()
    {
        ["country"] = (row, asked) => row.Country = asked.Country,
        ["name"] = (row, asked) => (row.NameZh, row.NameEn) = (asked.Name.Zh, asked.Name.En),
        ["category_scope"] = (row, asked) => row.CategoryScope = AccountRow.Joined(asked.CategoryScope),
        ["product_scope"] = (row, asked) => row.ProductScope = AccountRow.Joined(asked.ProductScope),
        ["disabled"] = (row, asked) => row.Disabled = asked.Disabled,
        ["required_credential"] = (row, asked) => row.RequiredCredential = (int)asked.RequiredCredential,
    };

    /// <summary>Changes an account.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID, ACCOUNT_NOT_FOUND, ETAG_MISMATCH or REQUEST_ID_REUSED.</exception>
    public Task<UpdateAccountResponse> UpdateAccountAsync(UpdateAccountRequest request, Origin by, CancellationToken cancellationToken)
    {
        var asked = request.Account ?? new Contract();
        Needs(("account.account_id", asked.AccountId));
        var rules = new FieldRules();
        var mask = (request.UpdateMask ?? new FieldMask()).Paths;
        rules.Required("update_mask", mask.Count > 0);
        for (var index = 0; index < mask.Count; index++)
        {
            if (!Changes.ContainsKey(mask[index]))
            {
                rules.Add(
                    $"update_mask.paths[{index}]", FieldProblemCode.UnknownValue,
                    $"{mask[index]} 不可更改，可更改：{string.Join("、", Changes.Keys)}。",
                    $"{mask[index]} cannot be changed; what can is {string.Join(", ", Changes.Keys)}.");
            }
        }

        return ChangeAsync(
            request, request.RequestId, request.ValidateOnly, by,
            answer => $"CHANGED {answer.Account.AccountId} {string.Join(',', mask)}{(answer.Account.Disabled ? " DISABLED" : "")}",
            async (sql, now) =>
            {
                var row = await sql.LockAccountAsync(asked.AccountId);
                if (request.Etag.Length > 0 && request.Etag != row.Etag)
                    throw new BridgeException(ErrorReason.EtagMismatch, ("etag", row.Etag));

                AccountRules.Check(rules, asked, (AccountRole)row.Role, catalogue, mask);
                var problems = Told(rules, request.ValidateOnly);
                if (!request.ValidateOnly)
                {
                    foreach (var field in mask)
                        Changes[field](row, asked);
                    row.Version++;
                    row.UpdatedAt = now.ToMicroseconds();
                    await sql.UpdateAccountAsync(row);
                }

                return new UpdateAccountResponse { Account = row.ToContract(), Problems = { problems } };
            },
            cancellationToken);
    }
}
