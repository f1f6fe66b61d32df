using Grpc.Core;
using Grpc.Health.V1;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Customs.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Tests.Running;
using Account = SingleWindow.Admin.V1.Account;

namespace SingleWindowBridge.Server.Tests.Exchange;

/// <summary>The exchange where the far end calls.</summary>
public sealed class GrpcChannelTests : IAsyncLifetime
{
    private readonly BridgeServer server = new();
    private readonly List<GrpcFarEnd> ends = [];
    private readonly string sandboxKey = Server.Accounts.ApiKey.New(sandbox: true);

    private GrpcFarEnd Customs => ends[0];

    private Authority Us => server.First;

    public async Task InitializeAsync()
    {
        server.Settings["Exchange:Channel"] = "grpc";
        server.Settings["Exchange:Grpc:Keys:far-end"] = GrpcFarEnd.Key;
        server.Settings["Bridge:OperatorKeys:of-the-sandbox"] = sandboxKey;
        server.Settings["Delivery:Attempts"] = "3";
        await server.InitializeAsync();
        ends.Add(new GrpcFarEnd(server.Address));
    }

    public async Task DisposeAsync()
    {
        await Customs.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_submission_is_sent_when_it_is_acknowledged_and_its_files_can_be_had()
    {
        var made = await Us.ApplyAsync();
        var leased = await Customs.LeaseAsync(TimeSpan.FromSeconds(10));
        var given = Assert.Single(leased.Submissions);
        var submission = GrpcFarEnd.Read(given);
        Assert.Equal((made.Number, "first", given.MessageId), (submission.CaseNumber, submission.AuthorityId, submission.MessageId));
        var file = Assert.Single(Assert.IsType<ApplicationContent>(submission.Content).Files);
        Assert.Equal(SampleFiles.Pdf, await Customs.DownloadAsync(given.MessageId, file.Sha256));
        (await Refusal.OfAsync(() => Customs.DownloadAsync(given.MessageId, new string('0', 64))))
            .Is(StatusCode.NotFound, ErrorReason.AttachmentNotFound);
        Assert.Equal(Status.Declared, (await Us.GetAsync(made.CaseId)).Status);
        Assert.Empty((await Customs.LeaseAsync(TimeSpan.Zero)).Submissions);

        var acknowledgement = new AcknowledgeSubmissionRequest { LeaseId = leased.LeaseId, MessageId = given.MessageId };
        await Customs.Stub.AcknowledgeSubmissionAsync(acknowledgement);
        await Customs.Stub.AcknowledgeSubmissionAsync(acknowledgement);
        Assert.Equal(Status.Sent, (await Us.GetAsync(made.CaseId)).Status);
        Assert.Equal([CaseEvent.Submit, CaseEvent.Sent], (await Us.TimelineAsync(made.CaseId)).Select(it => it.Event));
    }

    [Fact]
    public async Task What_the_far_end_does_not_fetch_fails_for_good_and_is_sent_again_at_the_authoritys_word()
    {
        await server.StopAsync();
        server.Settings["Exchange:Grpc:GiveUpAfter"] = "00:00:00.100";
        await server.StartAsync();
        var made = await Us.ApplyAsync();
        var failed = await Us.UntilAsync(made.CaseId, Stage.Application, Status.SendFailed);
        Assert.Contains("has not fetched", failed.FailureReason, StringComparison.Ordinal);
        await server.StopAsync();
        server.Settings["Exchange:Grpc:GiveUpAfter"] = "1.00:00:00";
        await server.StartAsync();
        Assert.Equal(Status.Declared, (await Us.Cases.RedeliverCaseAsync(
            new RedeliverCaseRequest { RequestId = Authority.NewId(), CaseId = made.CaseId })).Case.Status);
        await using var end = new GrpcFarEnd(server.Address);
        var leased = await end.LeaseAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(2, Assert.Single(leased.Submissions).Delivery);
        await end.Stub.AcknowledgeSubmissionAsync(
            new AcknowledgeSubmissionRequest { LeaseId = leased.LeaseId, MessageId = leased.Submissions[0].MessageId });
        Assert.Equal(Status.Sent, (await Us.GetAsync(made.CaseId)).Status);
    }

    [Fact]
    public async Task What_a_far_end_took_and_died_with_comes_again_as_the_same_message()
    {
        await Us.ApplyAsync();
        var dead = await Customs.LeaseAsync(TimeSpan.FromSeconds(10), seconds: 1);
        await server.RestartAsync();
        await using var next = new GrpcFarEnd(server.Address);
        var again = await next.LeaseAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(dead.Submissions[0].MessageId, Assert.Single(again.Submissions).MessageId);
        (await Refusal.OfAsync(next.Stub.AcknowledgeSubmissionAsync(
            new AcknowledgeSubmissionRequest { LeaseId = dead.LeaseId, MessageId = dead.Submissions[0].MessageId })))
            .Is(StatusCode.FailedPrecondition, ErrorReason.SubmissionNotLeased);
        await next.Stub.AcknowledgeSubmissionAsync(
            new AcknowledgeSubmissionRequest { LeaseId = again.LeaseId, MessageId = again.Submissions[0].MessageId });
        Assert.Empty((await next.LeaseAsync(TimeSpan.FromSeconds(2))).Submissions);
    }

    [Fact]
    public async Task What_is_refused_again_and_again_fails_with_the_reason_and_can_be_sent_again()
    {
        var made = await Us.ApplyAsync();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var leased = await Customs.LeaseAsync(TimeSpan.FromSeconds(10));
            await Customs.Stub.AcknowledgeSubmissionAsync(new AcknowledgeSubmissionRequest
            {
                LeaseId = leased.LeaseId, MessageId = leased.Submissions[0].MessageId, ResponseCode = 7, ResponseMessage = "磁盘已满",
            });
        }

        var failed = await Us.GetAsync(made.CaseId);
        Assert.Equal(Status.SendFailed, failed.Status);
        Assert.Contains("磁盘已满", failed.FailureReason, StringComparison.Ordinal);
        await Us.Cases.RedeliverCaseAsync(new RedeliverCaseRequest { RequestId = Authority.NewId(), CaseId = made.CaseId });
        Assert.Equal(2, Assert.Single((await Customs.LeaseAsync(TimeSpan.FromSeconds(10))).Submissions).Delivery);
    }

    [Fact]
    public async Task A_receipt_that_cannot_be_read_or_applied_is_kept_and_answered_the_same_each_time()
    {
        var broken = "<Message>"u8.ToArray();
        var answer = await Customs.GiveAsync(broken);
        Assert.Equal(1, answer.ResponseCode);
        Assert.NotEqual("", answer.ResponseMessage);
        Assert.Equal(answer, await Customs.GiveAsync(broken));

        var made = await Us.ApplyAsync();
        var early = Said.Of(made.Number, new Accept(), 2);
        var waits = await Customs.GiveAsync(early);
        Assert.Equal(0, waits.ResponseCode);
        Assert.Contains("message 2 of the case", waits.ResponseMessage, StringComparison.Ordinal);
        await Customs.GiveAsync(Said.Of(made.Number, new Received(), 1));
        Assert.Equal(Status.Accepted, (await Us.GetAsync(made.CaseId)).Status);
        Assert.Equal(waits, await Customs.GiveAsync(early));

        var held = Assert.Single(await server.Operator.HeldAsync());
        Assert.Equal((HoldReason.Unreadable, "grpc:far-end"), (held.Reason, held.Source));
    }

    [Fact]
    public async Task A_far_end_with_an_account_of_its_own_is_shut_out_while_it_waits()
    {
        var admin = server.Operator.Accounts;
        await admin.CreateAccountAsync(new CreateAccountRequest
        {
            RequestId = Authority.NewId(),
            Account = new Account { AccountId = "far-end-two", Role = AccountRole.Customs, Name = new LocalizedText { Zh = "海关", En = "Customs" } },
        });
        var key = await admin.CreateKeyAsync(new CreateKeyRequest { RequestId = Authority.NewId(), AccountId = "far-end-two" });
        Assert.StartsWith("swb_live_", key.Secret, StringComparison.Ordinal);
        await using var end = new GrpcFarEnd(server.Address, key.Secret);
        Assert.Empty((await end.LeaseAsync(TimeSpan.Zero)).Submissions);
        var waiting = end.LeaseAsync(TimeSpan.FromSeconds(60));
        await admin.RevokeKeyAsync(new RevokeKeyRequest { RequestId = Authority.NewId(), AccountId = "far-end-two", KeyId = key.Key.KeyId });
        (await Refusal.OfAsync(() => waiting)).Is(StatusCode.Unauthenticated, ErrorReason.CredentialsInvalid);
    }

    [Fact]
    public async Task A_key_of_the_sandbox_opens_no_other_server()
    {
        var refusal = await Refusal.OfAsync(server.Caller(Server.Accounts.ApiKey.New(sandbox: true)).Cases.ListCasesAsync(new ListCasesRequest()));
        refusal.Is(StatusCode.Unauthenticated, ErrorReason.CredentialOfOtherKind);
        Assert.Equal(("sandbox", "live"), (refusal.Metadata["credential"], refusal.Metadata["server"]));
        foreach (var plain in new[] { "swb_sandbox_aruba_try_me", "first-authority-key" })
            Assert.Equal(StatusCode.Unauthenticated, (await Refusal.OfAsync(server.Caller(plain).Cases.ListCasesAsync(new ListCasesRequest()))).Code);

        // Not even where the settings of this server have it.
        (await Refusal.OfAsync(() => server.Caller(sandboxKey).HeldAsync())).Is(StatusCode.Unauthenticated, ErrorReason.CredentialOfOtherKind);

        // Nor does an account of the sandbox in the database, whatever its key looks like.
        using var connection = server.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE authorities SET sandbox = TRUE WHERE authority_id = 'second'";
        command.ExecuteNonQuery();
        await Wait.ForAsync(
            async () =>
            {
                try
                {
                    await server.Second.Cases.ListCasesAsync(new ListCasesRequest());
                    return "let in";
                }
                catch (RpcException refused)
                {
                    return Refusal.Of(refused).Reason;
                }
            },
            it => it == "CREDENTIAL_OF_OTHER_KIND");
    }

    [Fact]
    public async Task The_service_is_for_Customs_alone_and_its_health_says_whether_the_far_end_calls()
    {
        var asAuthority = new CustomsExchangeService.CustomsExchangeServiceClient(Us.Calls);
        (await Refusal.OfAsync(asAuthority.LeaseSubmissionsAsync(new LeaseSubmissionsRequest())))
            .Is(StatusCode.PermissionDenied, ErrorReason.RoleRequired);
        Assert.Equal(StatusCode.Unimplemented, (await Refusal.OfAsync(Us.Sandbox.ListScenariosAsync(new()))).Code);
        var health = new Health.HealthClient(Us.Calls);
        var request = new HealthCheckRequest { Service = "singlewindow.exchange" };
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, (await health.CheckAsync(request)).Status);
        await Customs.LeaseAsync(TimeSpan.Zero);
        await Wait.ForAsync(
            async () => (await health.CheckAsync(request)).Status, it => it == HealthCheckResponse.Types.ServingStatus.Serving);
    }
}
