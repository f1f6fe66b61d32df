using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;
using Account = SingleWindow.Admin.V1.Account;

namespace SingleWindowBridge.Server.Tests.Accounts;

/// <summary>What operators do with accounts and keys.</summary>
public sealed class AccountServiceTests(BridgeServer server) : IClassFixture<BridgeServer>
{
    private static int made;

    private AccountService.AccountServiceClient Admin => server.Operator.Accounts;

    [Fact]
    public async Task An_account_is_made_and_changed_and_the_change_holds_at_the_next_call()
    {
        var account = (await Admin.CreateAccountAsync(Creation("MEAT"))).Account;
        Assert.Equal((AccountRole.Authority, "NL", RequiredCredential.Key, true), (account.Role, account.Country, account.RequiredCredential, account.Sandbox));
        using var caller = new Authority(server.Address, await KeyAsync(account.AccountId));
        var scope = (await caller.Catalogue.GetAuthorityAsync(new GetAuthorityRequest())).Authority.ProductScope;
        Assert.Contains("MEAT_BEEF", scope);
        Assert.DoesNotContain("FROZEN_FRUIT_ALL", scope);

        var form = await caller.NewFormAsync();
        var refused = await Refusal.OfAsync(caller.Applications.SubmitApplicationAsync(
            new SubmitApplicationRequest { RequestId = Authority.NewId(), Application = form }));
        Assert.Equal("application.category OutOfScope\napplication.products[0] OutOfScope", refused.Fields);

        account.ProductScope.Add("FROZEN_FRUIT_ALL");
        account.Name = new LocalizedText { Zh = "新名称", En = "New name" };
        var update = new UpdateAccountRequest
        {
            RequestId = Authority.NewId(), Account = account, Etag = account.Etag, UpdateMask = new FieldMask { Paths = { "product_scope" } },
        };
        var changed = (await Admin.UpdateAccountAsync(update)).Account;
        Assert.Equal(("荷兰主管当局", "FROZEN_FRUIT_ALL"), (changed.Name.Zh, Assert.Single(changed.ProductScope)));
        Assert.NotEqual(account.Etag, changed.Etag);
        Assert.Equal(changed, (await Admin.UpdateAccountAsync(update)).Account);
        Assert.Equal(changed, (await Admin.GetAccountAsync(new GetAccountRequest { AccountId = account.AccountId })).Account);
        Assert.Equal("FROZEN_FRUIT", (await caller.ApplyAsync()).Category);

        update.RequestId = Authority.NewId();
        (await Refusal.OfAsync(Admin.UpdateAccountAsync(update))).Is(StatusCode.Aborted, ErrorReason.EtagMismatch);
        update.Account.Name.En = "Other";
        update.RequestId = Authority.NewId();
        update.Etag = "";
        var again = (await Admin.UpdateAccountAsync(update)).Account;
        Assert.Equal("Authority", again.Name.En);
        update.Account.Name.En = "And another";
        (await Refusal.OfAsync(Admin.UpdateAccountAsync(update))).Is(StatusCode.AlreadyExists, ErrorReason.RequestIdReused);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_by_field_and_validate_only_changes_nothing()
    {
        var creation = Creation("MOON");
        creation.Account.AccountId = "Two Words";
        creation.Account.Country = "XX";
        creation.Account.Name.En = "";
        creation.Account.ProductScope.Add("CHEESE");
        var refused = (await Refusal.OfAsync(Admin.CreateAccountAsync(creation))).Is(StatusCode.InvalidArgument, ErrorReason.FieldInvalid);
        const string Wrong = "account.account_id Malformed\naccount.category_scope[0] UnknownValue\naccount.country UnknownValue\n"
            + "account.name.en Required\naccount.product_scope[0] UnknownValue";
        Assert.Equal(Wrong, refused.Fields);
        creation.ValidateOnly = true;
        var told = (await Admin.CreateAccountAsync(creation)).Problems;
        Assert.Equal(Wrong, string.Join('\n', told.Select(Refusal.Describe).Order(StringComparer.Ordinal)));

        var right = Creation("MEAT");
        right.ValidateOnly = true;
        var asked = await Admin.CreateAccountAsync(right);
        Assert.Null(asked.Account);
        Assert.Empty(asked.Problems);
        (await Refusal.OfAsync(Admin.GetAccountAsync(new GetAccountRequest { AccountId = right.Account.AccountId })))
            .Is(StatusCode.NotFound, ErrorReason.AccountNotFound);
        right.ValidateOnly = false;
        await Admin.CreateAccountAsync(right);
        right.RequestId = Authority.NewId();
        (await Refusal.OfAsync(Admin.CreateAccountAsync(right))).Is(StatusCode.AlreadyExists, ErrorReason.AccountAlreadyExists);

        var update = new UpdateAccountRequest
        {
            RequestId = Authority.NewId(), Account = new Account { AccountId = right.Account.AccountId, RequiredCredential = (RequiredCredential)9 },
            UpdateMask = new FieldMask { Paths = { "role", "required_credential" } },
        };
        Assert.Equal(
            "account.required_credential UnknownValue\nupdate_mask.paths[0] UnknownValue", (await Refusal.OfAsync(Admin.UpdateAccountAsync(update))).Fields);
        var operatorOfAruba = Creation("MEAT");
        operatorOfAruba.Account.Role = AccountRole.Operator;
        Assert.Equal(
            "account.category_scope NotApplicable\naccount.country NotApplicable", (await Refusal.OfAsync(Admin.CreateAccountAsync(operatorOfAruba))).Fields);
    }

    [Fact]
    public async Task A_listing_has_pages_and_filters()
    {
        var ids = new List<string>();
        for (var number = 0; number < 5; number++)
        {
            var creation = Creation("MEAT");
            creation.Account.Country = "IS";
            ids.Add((await Admin.CreateAccountAsync(creation)).Account.AccountId);
        }

        var seen = new List<string>();
        var request = new ListAccountsRequest { Country = "IS", PageSize = 2, Role = AccountRole.Authority };
        do
        {
            var page = await Admin.ListAccountsAsync(request);
            Assert.InRange(page.Accounts.Count, 1, 2);
            seen.AddRange(page.Accounts.Select(account => account.AccountId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        Assert.Equal(ids.Order(StringComparer.Ordinal), seen);
        request.PageToken = (await Admin.ListAccountsAsync(new ListAccountsRequest { PageSize = 1 })).NextPageToken;
        (await Refusal.OfAsync(Admin.ListAccountsAsync(request))).Is(StatusCode.InvalidArgument, ErrorReason.PageTokenInvalid);
        Assert.Empty((await Admin.ListAccountsAsync(new ListAccountsRequest { Country = "IS", Role = AccountRole.Operator })).Accounts);
    }

    [Fact]
    public async Task A_key_is_given_once_and_kept_as_its_hash_alone()
    {
        var id = (await Admin.CreateAccountAsync(Creation("MEAT"))).Account.AccountId;
        var request = new CreateKeyRequest { RequestId = Authority.NewId(), AccountId = id, Note = "过渡 for the new office" };
        var key = await Admin.CreateKeyAsync(request);
        Assert.StartsWith("swb_sandbox_", key.Secret, StringComparison.Ordinal);
        Assert.Equal(Server.Accounts.KeyHash.Of(key.Secret).ToString()[..16], key.Key.KeyId);
        var again = await Admin.CreateKeyAsync(request);
        Assert.Equal((key.Key, ""), (again.Key, again.Secret));
        Assert.Equal(key.Key, Assert.Single((await Admin.ListKeysAsync(new ListKeysRequest { AccountId = id })).Keys));

        using var connection = server.Connect();
        foreach (var (table, column) in new[] { ("operator_requests", "answer"), ("api_keys", "key_hash") })
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT {column} FROM {table}";
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                var text = rows.GetValue(0) is byte[] bytes ? System.Text.Encoding.Latin1.GetString(bytes) : rows.GetString(0);
                Assert.DoesNotContain(key.Secret[12..], text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Two_keys_live_at_once_and_a_third_waits_until_one_is_revoked()
    {
        var id = (await Admin.CreateAccountAsync(Creation("MEAT"))).Account.AccountId;
        var (first, second) = (await KeyAsync(id), await KeyAsync(id));
        var request = new CreateKeyRequest { RequestId = Authority.NewId(), AccountId = id };
        var refused = (await Refusal.OfAsync(Admin.CreateKeyAsync(request))).Is(StatusCode.FailedPrecondition, ErrorReason.KeyLimitReached);
        Assert.Contains(Id(first), refused.Metadata["key_ids"], StringComparison.Ordinal);

        using var old = new Authority(server.Address, first);
        using var next = new Authority(server.Address, second);
        Assert.Equal(id, (await old.Catalogue.GetAuthorityAsync(new GetAuthorityRequest())).Authority.AuthorityId);
        Assert.Equal(id, (await next.Catalogue.GetAuthorityAsync(new GetAuthorityRequest())).Authority.AuthorityId);
        var revoked = (await Admin.RevokeKeyAsync(new RevokeKeyRequest { RequestId = Authority.NewId(), AccountId = id, KeyId = Id(first) })).Key;
        Assert.Equal(KeyState.Revoked, revoked.State);
        (await Refusal.OfAsync(old.Catalogue.GetAuthorityAsync(new GetAuthorityRequest()))).Is(StatusCode.Unauthenticated, ErrorReason.CredentialsInvalid);
        Assert.Equal(id, (await next.Catalogue.GetAuthorityAsync(new GetAuthorityRequest())).Authority.AuthorityId);
        await Admin.CreateKeyAsync(request);
        (await Refusal.OfAsync(Admin.RevokeKeyAsync(new RevokeKeyRequest { RequestId = Authority.NewId(), AccountId = "first", KeyId = Id(second) })))
            .Is(StatusCode.NotFound, ErrorReason.CredentialNotFound);
    }

    [Fact]
    public async Task An_expired_key_opens_nothing_and_makes_room()
    {
        var id = (await Admin.CreateAccountAsync(Creation("MEAT"))).Account.AccountId;
        await KeyAsync(id);
        var request = new CreateKeyRequest { RequestId = Authority.NewId(), AccountId = id, ExpireTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow.AddSeconds(-1)) };
        Assert.Equal("expire_time OutOfRange", (await Refusal.OfAsync(Admin.CreateKeyAsync(request))).Fields);
        request.ExpireTime = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow.AddSeconds(2));
        using var caller = new Authority(server.Address, (await Admin.CreateKeyAsync(request)).Secret);
        await Wait.ForAsync(
            async () =>
            {
                try
                {
                    await caller.Catalogue.GetAuthorityAsync(new GetAuthorityRequest());
                    return null;
                }
                catch (RpcException ended)
                {
                    return Refusal.Of(ended);
                }
            },
            refusal => refusal?.Is(StatusCode.Unauthenticated, ErrorReason.CredentialsInvalid) is not null);
        Assert.Equal(
            [KeyState.Expired, KeyState.Live], (await Admin.ListKeysAsync(new ListKeysRequest { AccountId = id })).Keys.Select(key => key.State).Order().Reverse());
        await KeyAsync(id);
    }

    [Fact]
    public async Task The_last_use_of_a_key_is_noted()
    {
        var id = (await Admin.CreateAccountAsync(Creation("MEAT"))).Account.AccountId;
        using var caller = new Authority(server.Address, await KeyAsync(id));
        Assert.Null((await Admin.ListKeysAsync(new ListKeysRequest { AccountId = id })).Keys[0].LastUseTime);
        await caller.Catalogue.GetAuthorityAsync(new GetAuthorityRequest());
        await Wait.ForAsync(
            async () => (await Admin.ListKeysAsync(new ListKeysRequest { AccountId = id })).Keys[0].LastUseTime, time => time is not null);
    }

    [Fact]
    public async Task A_key_of_an_operators_account_is_for_the_operators_service_alone()
    {
        var id = $"ops-{Interlocked.Increment(ref made)}";
        await Admin.CreateAccountAsync(new CreateAccountRequest
        {
            RequestId = Authority.NewId(),
            Account = new Account { AccountId = id, Role = AccountRole.Operator, Name = new LocalizedText { Zh = "运维", En = "Operations" } },
        });
        using var operations = new Authority(server.Address, await KeyAsync(id));
        Assert.Equal(id, (await operations.Accounts.GetAccountAsync(new GetAccountRequest { AccountId = id })).Account.AccountId);
        (await Refusal.OfAsync(operations.Cases.ListCasesAsync(new ListCasesRequest()))).Is(StatusCode.PermissionDenied, ErrorReason.RoleRequired);
        (await Refusal.OfAsync(server.First.Accounts.ListAccountsAsync(new ListAccountsRequest()))).Is(StatusCode.PermissionDenied, ErrorReason.RoleRequired);
    }

    [Fact]
    public async Task What_is_output_only_is_not_taken_from_a_request()
    {
        var asked = Creation("MEAT");
        var then = Timestamp.FromDateTime(DateTime.UnixEpoch);
        (asked.Account.Sandbox, asked.Account.Etag, asked.Account.CreateTime, asked.Account.UpdateTime) = (false, "mine", then, then);
        var made = (await Admin.CreateAccountAsync(asked)).Account;
        Assert.True(made.Sandbox);
        Assert.NotEqual("mine", made.Etag);
        Assert.NotEqual(then, made.CreateTime);
        Assert.NotEqual(then, made.UpdateTime);

        foreach (var field in new[] { "sandbox", "etag", "create_time", "update_time", "role", "account_id" })
        {
            var change = new UpdateAccountRequest { RequestId = Authority.NewId(), Account = made.Clone(), UpdateMask = new() { Paths = { field } } };
            change.Account.Sandbox = false;
            (await Refusal.OfAsync(Admin.UpdateAccountAsync(change))).Is(StatusCode.InvalidArgument, ErrorReason.FieldInvalid);
        }

        Assert.Equal(made, (await Admin.GetAccountAsync(new GetAccountRequest { AccountId = made.AccountId })).Account);
    }

    [Fact]
    public async Task A_key_that_is_mistyped_or_of_the_other_kind_is_told_so()
    {
        var key = Server.Accounts.ApiKey.New(sandbox: true);
        foreach (var (text, reason) in new[]
        {
            (key, ErrorReason.CredentialsInvalid), (key[..^1], ErrorReason.KeyMistyped),
            (Server.Accounts.ApiKey.New(sandbox: false), ErrorReason.CredentialOfOtherKind), ("swb_live_x", ErrorReason.CredentialOfOtherKind),
        })
        {
            using var caller = new Authority(server.Address, text);
            (await Refusal.OfAsync(caller.Cases.ListCasesAsync(new ListCasesRequest()))).Is(StatusCode.Unauthenticated, reason);
        }
    }

    [Fact]
    public async Task A_certificate_stands_for_one_account_until_it_is_removed()
    {
        var first = (await Admin.CreateAccountAsync(Creation("MEAT"))).Account.AccountId;
        var second = (await Admin.CreateAccountAsync(Creation("MEAT"))).Account.AccountId;
        var thumbprint = new string('5', 64);
        var bound = (await AddAsync(first)).Certificate;
        foreach (var id in new[] { first, second })
        {
            var refused = (await Refusal.OfAsync(() => AddAsync(id))).Is(StatusCode.AlreadyExists, ErrorReason.CertificateAlreadyBound);
            Assert.Equal(first, refused.Metadata["account_id"]);
        }

        await Admin.RemoveCertificateAsync(new RemoveCertificateRequest { RequestId = Authority.NewId(), AccountId = first, CertificateId = bound.CertificateId });
        Assert.Equal(second, (await AddAsync(second)).Certificate.AccountId);

        async Task<AddCertificateResponse> AddAsync(string id) => await Admin.AddCertificateAsync(
            new AddCertificateRequest { RequestId = Authority.NewId(), AccountId = id, Sha256Thumbprint = thumbprint });
    }

    private static string Id(string key) => Server.Accounts.KeyHash.Of(key).ToString()[..16];

    private static CreateAccountRequest Creation(string category) => new()
    {
        RequestId = Authority.NewId(),
        Account = new Account
        {
            AccountId = $"nl-{Interlocked.Increment(ref made)}", Role = AccountRole.Authority, Country = "NL",
            Name = new LocalizedText { Zh = "荷兰主管当局", En = "Authority" }, CategoryScope = { category },
        },
    };

    private async Task<string> KeyAsync(string id) =>
        (await Admin.CreateKeyAsync(new CreateKeyRequest { RequestId = Authority.NewId(), AccountId = id })).Secret;
}
