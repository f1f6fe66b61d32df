using Google.Protobuf;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Customs.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Exchange;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Server.Tests.Sandbox.Paths;

namespace SingleWindowBridge.Server.Tests.Sandbox;

/// <summary>The errors of docs/sandbox.md come as it says.</summary>
public sealed class ErrorRowTests : IAsyncLifetime
{
    private readonly BridgeServer server = new();

    private Authority Us => server.First;

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        await Us.FollowAsync("manual");
    }

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Every_row_gives_its_error()
    {
        var here = Ways();
        foreach (var (reason, how) in SandboxPage.Errors)
        {
            if (!here.TryGetValue(reason, out var way))
            {
                // What takes a server of its own, or time, has a test of its own.
                Assert.True(how.StartsWith("not on purpose", StringComparison.Ordinal) || IsTestedElsewhere(reason), $"No test gives {reason} as the page says: {how}");
                continue;
            }

            Assert.All(way.Words, word => Assert.Contains(word, how, StringComparison.Ordinal));
            Assert.Equal((reason, Grpc.WireNames.Of(reason)), (reason, await ReasonOfAsync(way.MakeAsync)));
        }
    }

    [Fact]
    public async Task Every_row_of_a_far_end_that_calls_gives_its_error()
    {
        var far = new BridgeServer();
        far.Settings["Exchange:Channel"] = "grpc";
        far.Settings["Exchange:Grpc:Keys:far-end"] = GrpcFarEnd.Key;
        await far.InitializeAsync();
        try
        {
            await using var end = new GrpcFarEnd(far.Address);
            Assert.Contains("lease `1`", How(ErrorReason.SubmissionNotLeased), StringComparison.Ordinal);
            Assert.Equal("SUBMISSION_NOT_LEASED", await ReasonOfAsync(async () => await end.Stub.AcknowledgeSubmissionAsync(
                new AcknowledgeSubmissionRequest { LeaseId = "1", MessageId = "6F1C2A9E-3F0B-4F4E-9D57-0C1B7F3F8A11" })));
            Assert.Contains("SHA-256 of zeros", How(ErrorReason.AttachmentNotFound), StringComparison.Ordinal);
            Assert.Equal("ATTACHMENT_NOT_FOUND", await ReasonOfAsync(() => end.DownloadAsync("6F1C2A9E-3F0B-4F4E-9D57-0C1B7F3F8A11", new string('0', 64))));
        }
        finally
        {
            await far.DisposeAsync();
        }
    }

    private static string How(ErrorReason reason) => SandboxPage.Errors.Single(row => row.Reason == reason).How;

    private static async Task<string> ReasonOfAsync(Func<Task> call)
    {
        var refusal = await Refusal.OfAsync(call);
        return refusal.Details.Count > 0 ? refusal.Reason : refusal.Message;
    }

    // Those of servers with settings of their own are in SettingsErrorRowTests, that of a reader who does not read, which has no details, in
    // SlowPeerTests, others where the sources name them.
    private static bool IsTestedElsewhere(ErrorReason reason) => reason == ErrorReason.ReadTooSlowly
        || Directory.EnumerateFiles(SandboxPage.Tests, "*.cs", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != "ErrorRowTests.cs")
            .Any(path => File.ReadAllText(path) is var text
                && (text.Contains($"ErrorReason.{reason}", StringComparison.Ordinal)
                    || text.Contains($"\"{Grpc.WireNames.Of(reason)}\"", StringComparison.Ordinal)));

    // By reason: words of the row that the call is made of, and the call.
    private Dictionary<ErrorReason, (string[] Words, Func<Task> MakeAsync)> Ways() => new()
    {
        [ErrorReason.FieldInvalid] = (["SubmitApplication", "without a summary"], async () =>
        {
            var form = await Us.NewFormAsync();
            form.Summary = "";
            await Us.Applications.SubmitApplicationAsync(new SubmitApplicationRequest { RequestId = Authority.NewId(), Application = form });
        }
        ),
        [ErrorReason.PageTokenInvalid] = (["ListCases", "AAAA"], async () => await Us.Cases.ListCasesAsync(new ListCasesRequest { PageToken = "AAAA" })),
        [ErrorReason.CursorInvalid] =
            (["ListReceipts", "AAAA"], async () => await Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { AfterCursor = "AAAA" })),
        [ErrorReason.CursorAheadOfFeed] =
            (["ListReceipts", "1,000,000"], async () => await Us.Receipts.ListReceiptsAsync(new ListReceiptsRequest { AfterNumber = 1_000_000 })),
        [ErrorReason.CredentialsMissing] = (["without `authorization`"], async () =>
        {
            using var nobody = new Authority(server.Address, null);
            await nobody.Cases.ListCasesAsync(new ListCasesRequest());
        }
        ),
        [ErrorReason.CredentialsInvalid] =
            (["the key `nobody`"], async () => await server.Caller("nobody").Cases.ListCasesAsync(new ListCasesRequest())),
        [ErrorReason.CaseNotFound] = (["GetCase", "id `1`"], () => Us.GetAsync("1")),
        [ErrorReason.FileNotFound] = (["GetFile", "id `1`"], async () => await Us.Files.GetFileAsync(new GetFileRequest { FileId = "1" })),
        [ErrorReason.TemplateNotFound] =
            (["GetTemplate", "`moon`"], async () => await Us.Catalogue.GetTemplateAsync(new GetTemplateRequest { TemplateId = "moon" })),
        [ErrorReason.ScenarioNotFound] = (["SetScenario", "`straight`"], () => Us.FollowAsync("straight")),
        [ErrorReason.StageNotReached] = (["GetQuestionnaire", "in APPLICATION"], async () =>
            await Us.Questionnaires.GetQuestionnaireAsync(new GetQuestionnaireRequest { CaseId = (await Us.ApplyAsync()).CaseId })),
        [ErrorReason.StageCompleted] = (["SaveApplication", "in QUESTIONNAIRE"], async () => await Us.Applications.SaveApplicationAsync(
            new SaveApplicationRequest { RequestId = Authority.NewId(), CaseId = await AskedAsync(), Application = new Application() })),
        [ErrorReason.StatusNotAllowed] = (["SubmitApplication", "SENT"], async () =>
        {
            var made = await Us.ApplyAsync();
            await Us.UntilAsync(made.CaseId, Stage.Application, Status.Sent);
            await Us.Applications.SubmitApplicationAsync(new SubmitApplicationRequest { RequestId = Authority.NewId(), CaseId = made.CaseId });
        }
        ),
        [ErrorReason.EtagMismatch] = (["etag `0`"], async () => await Us.Applications.SaveApplicationAsync(new SaveApplicationRequest
        {
            RequestId = Authority.NewId(), CaseId = (await Us.DraftAsync()).CaseId, Application = new Application(), Etag = "0",
        })),
        [ErrorReason.RequestIdReused] = (["the same request id with other content"], async () =>
        {
            var request = new SaveApplicationRequest { RequestId = Authority.NewId(), Application = new Application() };
            await Us.Applications.SaveApplicationAsync(request);
            request.Application.Summary = "another";
            await Us.Applications.SaveApplicationAsync(request);
        }
        ),
        [ErrorReason.FileTooLarge] = (["UploadFile", "4,194,305"], () => UploadAsync(it => it.SizeBytes = 4_194_305)),
        [ErrorReason.FileTypeNotAllowed] = (["UploadFile", "form.docx"], () => UploadAsync(it => it.Name = "form.docx")),
        [ErrorReason.FileContentMismatch] = (["PNG", "form.pdf"], () => Us.UploadAsync(SampleFiles.Png, "form.pdf")),
        [ErrorReason.FileSizeMismatch] = (["fewer bytes"], () => UploadAsync(it => it.SizeBytes++)),
        [ErrorReason.FileHashMismatch] = (["SHA-256 of zeros"], () => UploadAsync(it => it.Sha256 = new string('0', 64))),
        [ErrorReason.UploadOutOfOrder] = (["begins with a chunk"], () => Us.UploadAsync(new UploadFileRequest { Chunk = ByteString.CopyFromUtf8("%PDF") })),
        [ErrorReason.RoleRequired] = (["CustomsMessageService"], () => Us.HeldAsync()),
        [ErrorReason.CustomsMessageNotFound] = (["GetCustomsMessage", "id `1`"], async () =>
            await server.Operator.CustomsMessages.GetCustomsMessageAsync(new GetCustomsMessageRequest { EntryId = "1" })),
        [ErrorReason.CustomsMessageSettled] = (["RetryCustomsMessage", "APPLIED"], async () =>
        {
            var made = await Us.ApplyAsync();
            await Us.ActAsync(made.CaseId, new CustomsAct { Received = new Received() });
            var applied = (await server.Operator.HeldAsync(CustomsMessageState.Applied))[^1];
            await server.Operator.CustomsMessages.RetryCustomsMessageAsync(new RetryCustomsMessageRequest { EntryId = applied.EntryId });
        }
        ),
        [ErrorReason.CaseKindNotAllowed] = (["AcceptReview", "assessment"], async () => await Us.Reviews.AcceptReviewAsync(
            new AcceptReviewRequest { RequestId = Authority.NewId(), CaseId = (await Us.ApplyAsync()).CaseId, Contact = Authority.NewContact() })),
        [ErrorReason.AssessmentNotPassed] = (["StartReview", "never passed"], () => Us.ReviewAsync("RICE")),
    };

    private async Task UploadAsync(Action<UploadFileHeader> change)
    {
        var header = new UploadFileHeader { RequestId = Authority.NewId(), Name = "form.pdf", SizeBytes = SampleFiles.Pdf.Length };
        change(header);
        await Us.UploadAsync(header, SampleFiles.Pdf);
    }

    // A case whose questionnaire is open.
    private async Task<string> AskedAsync()
    {
        var made = await Us.ApplyAsync();
        foreach (var act in new[]
        {
            new CustomsAct { Received = new Received() }, new CustomsAct { Approve = new Approve() },
            new CustomsAct { OpenQuestionnaire = new OpenQuestionnaire() },
        })
        {
            await Us.ActAsync(made.CaseId, act);
        }

        return made.CaseId;
    }
}
