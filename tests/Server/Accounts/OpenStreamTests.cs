using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;
using Account = SingleWindow.Admin.V1.Account;

namespace SingleWindowBridge.Server.Tests.Accounts;

/// <summary>What becomes of open streams when the right to call ends. Two servers on one database: the change is made at the other.</summary>
public sealed class OpenStreamTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BridgeServer one = new();
    private readonly BridgeServer other;

    public OpenStreamTests() => other = new BridgeServer { Database = one.Database };

    private AccountService.AccountServiceClient Admin => other.Operator.Accounts;

    public async Task InitializeAsync()
    {
        await one.InitializeAsync();
        await other.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await other.DisposeAsync();
        await one.DisposeAsync();
    }

    [Theory]
    [InlineData("revoked", StatusCode.Unauthenticated, ErrorReason.CredentialsInvalid)]
    [InlineData("disabled", StatusCode.PermissionDenied, ErrorReason.AccountDisabled)]
    [InlineData("certificate", StatusCode.Unauthenticated, ErrorReason.CertificateRequired)]
    [InlineData("expires", StatusCode.Unauthenticated, ErrorReason.CredentialsInvalid)]
    public async Task Open_streams_end_with_the_reason_and_those_of_others_go_on(string what, StatusCode code, ErrorReason reason)
    {
        var end = what == "expires" ? Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow.AddSeconds(8)) : null;
        var made = await Admin.CreateKeyAsync(new CreateKeyRequest { RequestId = Authority.NewId(), AccountId = "first", ExpireTime = end });
        using var caller = new Authority(one.Address, made.Secret);
        using var follower = Follower.FromBeginning(caller);
        await follower.CaughtUpAsync();
        using var second = Follower.FromBeginning(one.Second);
        await second.CaughtUpAsync();
        using var upload = caller.Files.UploadFile();
        await upload.RequestStream.WriteAsync(new UploadFileRequest
        {
            Header = new UploadFileHeader { RequestId = Authority.NewId(), Name = "a.pdf", SizeBytes = 5000 },
        });
        await upload.RequestStream.WriteAsync(new UploadFileRequest { Chunk = ByteString.CopyFrom(1, 2, 3) });

        switch (what)
        {
            case "revoked":
                await Admin.RevokeKeyAsync(new RevokeKeyRequest { RequestId = Authority.NewId(), AccountId = "first", KeyId = made.Key.KeyId });
                break;
            case "disabled":
                await UpdateAsync(new Account { AccountId = "first", Disabled = true }, "disabled");
                break;
            case "certificate":
                await UpdateAsync(new Account { AccountId = "first", RequiredCredential = RequiredCredential.Both }, "required_credential");
                break;
        }

        (await Refusal.OfAsync(() => follower.NextAsync())).Is(code, reason);
        (await Refusal.OfAsync(() => upload.ResponseAsync.WaitAsync(Patience))).Is(code, reason);
        (await Refusal.OfAsync(caller.Cases.ListCasesAsync(new ListCasesRequest()))).Is(code, reason);

        // A change of another account is nothing to them.
        await one.Second.ApplyAsync();
        await second.ReceiptAsync();
    }

    [Fact]
    public async Task A_change_that_shuts_nobody_out_leaves_open_streams_alone()
    {
        using var follower = Follower.FromBeginning(one.First);
        await follower.CaughtUpAsync();
        for (var change = 0; change < 5; change++)
        {
            await UpdateAsync(
                new Account { AccountId = "first", Name = new LocalizedText { Zh = $"名称 {change}", En = $"Name {change}" } }, "name");
            await Wait.ForAsync(
                async () => (await one.First.Catalogue.GetAuthorityAsync(new GetAuthorityRequest())).Authority.Name.En, name => name == $"Name {change}");
        }

        await one.First.FollowAsync("manual");
        await one.First.ApplyAsync();
        Assert.Equal(1, (await follower.ReceiptAsync()).Number);
    }

    [Fact]
    public async Task An_account_that_is_let_in_again_follows_where_it_was()
    {
        using var before = Follower.FromBeginning(one.First);
        var place = await before.CaughtUpAsync();
        await UpdateAsync(new Account { AccountId = "first", Disabled = true }, "disabled");
        (await Refusal.OfAsync(() => before.NextAsync())).Is(StatusCode.PermissionDenied, ErrorReason.AccountDisabled);
        await UpdateAsync(new Account { AccountId = "first" }, "disabled");
        await Wait.ForAsync(
            async () =>
            {
                using var again = Follower.From(one.First, place.Cursor);
                try
                {
                    return (await again.CaughtUpAsync()).Cursor;
                }
                catch (RpcException)
                {
                    return "";
                }
            },
            cursor => cursor == place.Cursor);
    }

    private async Task UpdateAsync(Account account, string field) => await Admin.UpdateAccountAsync(new UpdateAccountRequest
    {
        RequestId = Authority.NewId(), Account = account, UpdateMask = new FieldMask { Paths = { field } },
    });
}
