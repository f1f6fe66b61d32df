using System.Globalization;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Accounts;

public sealed partial class AccountActions
{
    // One in use and the one that takes over.
    private const int MostLiveKeys = 2;

    /// <summary>Makes a key and gives it.</summary>
    /// <exception cref="BridgeException">FIELD_INVALID, ACCOUNT_NOT_FOUND, KEY_LIMIT_REACHED or REQUEST_ID_REUSED.</exception>
    public Task<CreateKeyResponse> CreateKeyAsync(CreateKeyRequest request, Origin by, CancellationToken cancellationToken)
    {
        Needs(("account_id", request.AccountId));
        var rules = new FieldRules();
        rules.Text("note", request.Note, AccountRules.TextLength, required: false);
        rules.Time("expire_time", request.ExpireTime);
        if (!rules.Any && request.ExpireTime is { } end && end.ToDateTimeOffset() <= clock.GetUtcNow())
            rules.Add("expire_time", FieldProblemCode.OutOfRange, "应为将来的时间。", "Must be in the future.");
        var problems = Told(rules, request.ValidateOnly);
        return ChangeAsync(
            request, request.RequestId, request.ValidateOnly, by,
            answer => $"KEY {answer.Key.KeyId} OF {answer.Key.AccountId}",
            async (sql, now) =>
            {
                var account = await sql.LockAccountAsync(request.AccountId);
                var live = await sql.ListLiveKeysAsync(request.AccountId, now);
                if (live.Count >= MostLiveKeys)
                {
                    throw new BridgeException(
                        ErrorReason.KeyLimitReached, ("account_id", request.AccountId),
                        ("limit", MostLiveKeys.ToString(CultureInfo.InvariantCulture)), ("key_ids", string.Join(", ", live.Select(key => key.KeyId))));
                }

                if (request.ValidateOnly)
                    return new CreateKeyResponse { Problems = { problems } };

                var secret = ApiKey.New(account.Sandbox);
                var row = new KeyRow
                {
                    KeyHash = KeyHash.Of(secret).ToString(),
                    AuthorityId = account.AuthorityId,
                    Note = request.Note,
                    CreatedAt = now.ToMicroseconds(),
                    ExpiresAt = request.ExpireTime?.ToDateTimeOffset().ToMicroseconds(),
                };
                await sql.InsertKeyAsync(row);
                return new CreateKeyResponse { Key = row.ToContract(now), Secret = secret };
            },
            cancellationToken,
            answer => answer.Secret = "");
    }
}
