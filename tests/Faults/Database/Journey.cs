using System.Data.Common;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Faults.Database;

// Here they come before the types of the SDK, whose names are the same.
#pragma warning disable IDE0065
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using Status = SingleWindow.Bridge.V1.Status;
#pragma warning restore IDE0065

/// <summary>
/// All that an authority, Customs and an operator may do, from a new account to its reset, each request with one id for all of its
/// tries. It waits for nothing over the server's own database calls, so that each run makes the same.
/// </summary>
internal sealed class Journey
{
    private const string Category = "FROZEN_FRUIT";

    private static readonly Contact Somebody = new()
    {
        Department = "Food Safety Division",
        Name = "Jan Jansen",
        Position = "Director",
        Phone = new PhoneNumber { CountryCode = "297", AreaCode = "58", Number = "12 34-567" },
        Email = "jan.jansen@food.example.aw",
    };

    private readonly FaultedServer server;
    private readonly Calls authority;
    private readonly Calls admin;

    private Journey(FaultedServer server, string accountId, string key, Calls admin)
    {
        (this.server, this.admin, AccountId) = (server, admin, accountId);
        authority = new Calls(server.Channel, key);
    }

    /// <summary>The account whose journey it is.</summary>
    public string AccountId { get; }

    /// <summary>The account that the operator makes on the way.</summary>
    public string OtherId => $"{AccountId}-b";

    /// <summary>What was seen on the way that stands in no table.</summary>
    public List<string> Seen { get; } = [];

    /// <summary>Makes an account and its key, on a server where nothing fails yet.</summary>
    public static async Task<Journey> PrepareAsync(FaultedServer server, int run)
    {
        var admin = new Calls(server.Channel, FaultedServer.OperatorKey);
        var id = $"journey-{run}";
        await Calls.AskAsync(admin.Accounts.CreateAccountAsync, new CreateAccountRequest { RequestId = Calls.NewId(), Account = NewAccount(id) });
        var key = await Calls.AskAsync(admin.Accounts.CreateKeyAsync, new CreateKeyRequest { RequestId = Calls.NewId(), AccountId = id });
        return new Journey(server, id, key.Secret, admin);
    }

    /// <summary>Goes all the way but the reset.</summary>
    public async Task GoAsync()
    {
        await AdministerAsync();
        var file = (await authority.UploadAsync(
            new UploadFileHeader { RequestId = Calls.NewId(), Name = "letter.pdf", SizeBytes = SampleFiles.Pdf.Length }, SampleFiles.Pdf)).FileId;
        await AssessAsync(file);
        await DiscardAsync(file);
        await RedeliverAsync(file);
        await ReviewAsync();
        await ClockAsync();
        await DrainedAsync();
        await ReadAsync(file);
    }

    /// <summary>Puts the account back to where it began, and begins anew.</summary>
    public async Task ResetAsync()
    {
        await Calls.AskAsync(authority.Sandbox.ResetAccountAsync, new ResetAccountRequest { RequestId = Calls.NewId() });
        await SaveAsync(new Application { Summary = "after the reset" });
    }

    private static Account NewAccount(string id) => new()
    {
        AccountId = id,
        Role = AccountRole.Authority,
        Country = "NZ",
        Name = new LocalizedText { Zh = "主管当局", En = "Authority" },
        CategoryScope = { Category },
    };

    private static Application Form(string file) => new()
    {
        Category = Category,
        Products = { "FROZEN_FRUIT_ALL" },
        Contact = Somebody,
        Summary = "冷冻蓝莓",
        FileIds = { file },
    };

    private async Task AdministerAsync()
    {
        var made = await Calls.AskAsync(
            admin.Accounts.CreateAccountAsync, new CreateAccountRequest { RequestId = Calls.NewId(), Account = NewAccount(OtherId) });
        var key = (await Calls.AskAsync(
            admin.Accounts.CreateKeyAsync, new CreateKeyRequest { RequestId = Calls.NewId(), AccountId = OtherId, Note = "one" })).Key;
        await Calls.AskAsync(
            admin.Accounts.CreateKeyAsync, new CreateKeyRequest { RequestId = Calls.NewId(), AccountId = OtherId, Note = "two" });
        await Calls.AskAsync(
            admin.Accounts.RevokeKeyAsync, new RevokeKeyRequest { RequestId = Calls.NewId(), AccountId = OtherId, KeyId = key.KeyId });
        var certificate = (await Calls.AskAsync(admin.Accounts.AddCertificateAsync, new AddCertificateRequest
        {
            RequestId = Calls.NewId(),
            AccountId = OtherId,
            Sha256Thumbprint = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Guid.NewGuid().ToByteArray())),
        })).Certificate;
        await Calls.AskAsync(admin.Accounts.RemoveCertificateAsync, new RemoveCertificateRequest
        {
            RequestId = Calls.NewId(), AccountId = OtherId, CertificateId = certificate.CertificateId,
        });
        await Calls.AskAsync(admin.Accounts.UpdateAccountAsync, new UpdateAccountRequest
        {
            RequestId = Calls.NewId(),
            Account = new Account { AccountId = OtherId, Disabled = true },
            UpdateMask = new FieldMask { Paths = { "disabled" } },
            Etag = made.Account.Etag,
        });
        await Calls.AskAsync(admin.Accounts.GetAccountAsync, new GetAccountRequest { AccountId = OtherId });
        Seen.Add($"keys {(await Calls.AskAsync(admin.Accounts.ListKeysAsync, new ListKeysRequest { AccountId = OtherId })).Keys.Count}");
    }

    // Every stage once, with a correction of each kind, a rectification and the signing officers.
    private async Task AssessAsync(string file)
    {
        await Calls.AskAsync(authority.Sandbox.SetScenarioAsync, new SetScenarioRequest { Scenario = "corrected_at_once" });
        await Calls.AskAsync(authority.Sandbox.SetFaultsAsync, new SetFaultsRequest
        {
            RequestId = Calls.NewId(),
            Faults =
            {
                new Fault { Kind = FaultKind.Doubled, Direction = FaultDirection.Receipts },
                new Fault { Kind = FaultKind.Reordered, Direction = FaultDirection.Receipts },
            },
        });
        var draft = await SaveAsync(new Application { Summary = "draft" });
        var saved = await SaveAsync(Form(file), draft.CaseId, draft.Etag);
        var id = saved.CaseId;
        await SubmitAsync(new SubmitApplicationRequest { RequestId = Calls.NewId(), CaseId = id, Etag = saved.Etag });
        await UntilAsync(id, Stage.Application, Status.CorrectionRequired);
        await SubmitAsync(new SubmitApplicationRequest { RequestId = Calls.NewId(), CaseId = id, Application = Form(file) });
        await UntilAsync(id, Stage.Questionnaire, Status.Pending);

        await Calls.AskAsync(authority.Questionnaires.GetQuestionnaireAsync, new GetQuestionnaireRequest { CaseId = id });
        var answer = new Answer { QuestionId = "supplementary_material", Text = "见附件", FileIds = { file } };
        await Calls.AskAsync(
            authority.Questionnaires.SaveAnswersAsync, new SaveAnswersRequest { RequestId = Calls.NewId(), CaseId = id, Answers = { answer } });
        foreach (var (stage, status) in new[] { (Stage.Questionnaire, Status.CorrectionRequired), (Stage.Assessment, Status.Pending) })
        {
            await Calls.AskAsync(
                authority.Questionnaires.SubmitAnswersAsync, new SubmitAnswersRequest { RequestId = Calls.NewId(), CaseId = id, Answers = { answer } });
            await UntilAsync(id, stage, status);
        }

        var rectified = new RectificationAnswer { Statement = "已整改", FileIds = { file } };
        await Calls.AskAsync(
            authority.Rectifications.SaveRectificationAsync, new SaveRectificationRequest { RequestId = Calls.NewId(), CaseId = id, Answer = rectified });
        foreach (var (stage, status) in new[] { (Stage.Assessment, Status.CorrectionRequired), (Stage.ProtocolNegotiation, Status.Pending) })
        {
            await Calls.AskAsync(
                authority.Rectifications.SubmitRectificationAsync,
                new SubmitRectificationRequest { RequestId = Calls.NewId(), CaseId = id, Answer = rectified });
            await UntilAsync(id, stage, status);
        }

        var reply = new NegotiationReply { Text = new NegotiationText { En = "We agree." }, FileIds = { file } };
        await Calls.AskAsync(authority.Negotiations.SaveReplyAsync, new SaveReplyRequest
        {
            RequestId = Calls.NewId(), CaseId = id, Topic = NegotiationTopic.Protocol, Reply = reply,
        });
        await ReplyAsync(id, NegotiationTopic.Protocol, reply);
        await UntilAsync(id, Stage.CertificateNegotiation, Status.Pending);
        await Calls.AskAsync(authority.Sandbox.SetScenarioAsync, new SetScenarioRequest { CaseId = id, Scenario = "with_signatories" });
        await ReplyAsync(id, NegotiationTopic.Certificate, reply);
        await UntilAsync(id, Stage.CertificateNegotiation, Status.Approved);
        await Calls.AskAsync(authority.Negotiations.SubmitSignatoriesAsync, new SubmitSignatoriesRequest
        {
            RequestId = Calls.NewId(),
            CaseId = id,
            Signatories = new Signatories
            {
                Officers = { new SigningOfficer { Name = "A. Maduro", Position = "Veterinary Officer", SpecimenSignatureFileId = file } },
                SealFileIds = { file },
            },
        });
        await UntilAsync(id, Stage.Completed, Status.Approved);
    }

    private async Task DiscardAsync(string file)
    {
        var draft = await SaveAsync(Form(file));
        await Calls.AskAsync(
            authority.Applications.DiscardApplicationAsync,
            new DiscardApplicationRequest { RequestId = Calls.NewId(), CaseId = draft.CaseId, Etag = draft.Etag });
    }

    // What could not be sent is sent again, and Customs acts by hand.
    private async Task RedeliverAsync(string file)
    {
        await Calls.AskAsync(authority.Sandbox.SetScenarioAsync, new SetScenarioRequest { Scenario = "send_failed" });
        var made = await SubmitAsync(new SubmitApplicationRequest { RequestId = Calls.NewId(), Application = Form(file) });
        await UntilAsync(made.CaseId, Stage.Application, Status.SendFailed);
        await Calls.AskAsync(authority.Sandbox.SetScenarioAsync, new SetScenarioRequest { CaseId = made.CaseId, Scenario = "manual" });
        await Calls.AskAsync(authority.Cases.RedeliverCaseAsync, new RedeliverCaseRequest { RequestId = Calls.NewId(), CaseId = made.CaseId });
        await UntilAsync(made.CaseId, Stage.Application, Status.Sent);
        foreach (var act in new[]
        {
            new CustomsAct { Received = new Received() }, new CustomsAct { NotAccept = new NotAccept { Opinion = "不予受理" } },
        })
        {
            await Calls.AskAsync(
                authority.Sandbox.PerformActAsync, new PerformActRequest { RequestId = Calls.NewId(), CaseId = made.CaseId, Act = act });
        }
    }

    private async Task ReviewAsync()
    {
        await Calls.AskAsync(authority.Sandbox.SetScenarioAsync, new SetScenarioRequest { Scenario = "straight_through" });
        var review = (await Calls.AskAsync(
            authority.Sandbox.StartReviewAsync, new StartReviewRequest { RequestId = Calls.NewId(), Category = Category })).Case;
        await Calls.AskAsync(
            authority.Reviews.AcceptReviewAsync, new AcceptReviewRequest { RequestId = Calls.NewId(), CaseId = review.CaseId, Contact = Somebody });
        await UntilAsync(review.CaseId, Stage.Questionnaire, Status.Pending);
        var other = (await Calls.AskAsync(
            authority.Sandbox.StartReviewAsync, new StartReviewRequest { RequestId = Calls.NewId(), Category = Category })).Case;
        await Calls.AskAsync(
            authority.Reviews.DeclineReviewAsync, new DeclineReviewRequest { RequestId = Calls.NewId(), CaseId = other.CaseId, Contact = Somebody });
        await UntilAsync(other.CaseId, Stage.Completed, Status.Rejected);
    }

    private async Task ClockAsync()
    {
        await Calls.AskAsync(authority.Sandbox.StopClockAsync, new StopClockRequest());
        await Calls.AskAsync(authority.Sandbox.AdvanceClockAsync, new AdvanceClockRequest
        {
            RequestId = Calls.NewId(), By = Duration.FromTimeSpan(TimeSpan.FromDays(1)),
        });
        await Calls.AskAsync(authority.Sandbox.StartClockAsync, new StartClockRequest());
    }

    // All that can be read, and the place of a consumer.
    private async Task ReadAsync(string file)
    {
        var receipts = await Calls.AskAsync(authority.Receipts.ListReceiptsAsync, new ListReceiptsRequest { PageSize = 1000 });
        var followed = await authority.FollowAsync(receipts.HeadNumber);
        Seen.Add($"followed as listed: {followed.SequenceEqual(receipts.Receipts.Select(receipt => receipt.Number))}");
        var consumer = await Calls.AskAsync(authority.Receipts.CommitReceiptConsumerAsync, new CommitReceiptConsumerRequest
        {
            Name = "office", Cursor = receipts.NextCursor,
        });
        Seen.Add($"consumer at the head: {consumer.Consumer.Number == receipts.HeadNumber}");
        await Calls.AskAsync(authority.Receipts.GetReceiptConsumerAsync, new GetReceiptConsumerRequest { Name = "office" });
        await Calls.AskAsync(authority.Receipts.ListReceiptConsumersAsync, new ListReceiptConsumersRequest());
        var submitted = receipts.Receipts.First(receipt => receipt.Event == CaseEvent.Submit);
        await Calls.AskAsync(authority.Receipts.GetSubmissionAsync, new GetSubmissionRequest { MessageId = submitted.MessageId });
        Seen.Add($"downloaded as uploaded: {(await authority.DownloadAsync(file)).AsSpan().SequenceEqual(SampleFiles.Pdf)}");
        var cases = (await Calls.AskAsync(authority.Cases.ListCasesAsync, new ListCasesRequest())).Cases;
        Seen.Add($"cases listed: {cases.Count}");
        var timeline = await Calls.AskAsync(
            authority.Cases.ListTimelineAsync, new ListTimelineRequest { CaseId = cases[^1].CaseId, PageSize = 500 });
        Seen.Add($"timeline listed: {timeline.Entries.Count(entry => entry.Event != CaseEvent.Sent)}");
        await HeadAsync();
    }

    // As the server does by itself at intervals.
    private async Task HeadAsync()
    {
        for (var turn = 1; ; turn++)
        {
            try
            {
                await HeadExport.WriteAsync(server.HeadFolder, server.Database, server.Signer, DateTimeOffset.UtcNow, CancellationToken.None);
                return;
            }
            catch (DbException) when (turn < 3)
            {
            }
        }
    }

    private async Task<Case> SaveAsync(Application form, string caseId = "", string etag = "") =>
        (await Calls.AskAsync(authority.Applications.SaveApplicationAsync, new SaveApplicationRequest
        {
            RequestId = Calls.NewId(), CaseId = caseId, Etag = etag, Application = form,
        })).Case;

    private async Task<Case> SubmitAsync(SubmitApplicationRequest request) =>
        (await Calls.AskAsync(authority.Applications.SubmitApplicationAsync, request)).Case;

    private Task<SubmitReplyResponse> ReplyAsync(string caseId, NegotiationTopic topic, NegotiationReply reply) => Calls.AskAsync(
        authority.Negotiations.SubmitReplyAsync,
        new SubmitReplyRequest { RequestId = Calls.NewId(), CaseId = caseId, Topic = topic, Reply = reply });

    private Task UntilAsync(string caseId, Stage stage, Status status) => UntilAsync(
        () => server.Own.QuerySingle<(int Stage, int Status)>("SELECT stage, status FROM cases WHERE case_id = @caseId", new { caseId }),
        now => now == ((int)stage, (int)status), $"{caseId} to be {stage} {status}");

    // Nothing is left that waits: not in the outbox, not at Customs, not in the inbox.
    private Task DrainedAsync() => UntilAsync(
        () => server.Own.QuerySingle<(long Outbox, long Customs, long Inbox)>(
            """
            SELECT (SELECT COUNT(*) FROM outbox WHERE authority_id = @AccountId AND state = 0),
                (SELECT COUNT(*) FROM sandbox_cases s JOIN cases c ON c.number = s.case_number WHERE c.authority_id = @AccountId AND s.pending > 0),
                (SELECT COUNT(*) FROM customs_messages WHERE authority_id = @AccountId AND state = 2)
            """,
            new { AccountId }),
        now => now == (0, 0, 0), "nothing to wait any more");

    private static async Task UntilAsync<T>(Func<T> look, Func<T, bool> right, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (look() is var seen && !right(seen))
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException($"Waited for {what}; there is still {seen}.");
            await Task.Delay(2);
        }
    }
}
