using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>An authority's back office: every client of the contract over one channel, with one key.</summary>
public sealed class Authority : IDisposable
{
    private readonly GrpcChannel channel;

    public Authority(Uri address, string? key, string scheme = "Bearer", HttpMessageHandler? handler = null)
    {
        channel = GrpcChannel.ForAddress(
            address, new GrpcChannelOptions { MaxReceiveMessageSize = null, HttpHandler = handler, DisposeHttpClient = handler is not null });
        Calls = channel.Intercept(headers =>
        {
            if (key is not null)
                headers.Add("authorization", $"{scheme} {key}");
            return headers;
        });
        Applications = new ApplicationService.ApplicationServiceClient(Calls);
        Questionnaires = new QuestionnaireService.QuestionnaireServiceClient(Calls);
        Rectifications = new RectificationService.RectificationServiceClient(Calls);
        Negotiations = new NegotiationService.NegotiationServiceClient(Calls);
        Reviews = new ReviewService.ReviewServiceClient(Calls);
        Cases = new CaseService.CaseServiceClient(Calls);
        Receipts = new ReceiptService.ReceiptServiceClient(Calls);
        Files = new FileService.FileServiceClient(Calls);
        Catalogue = new CatalogueService.CatalogueServiceClient(Calls);
        Sandbox = new SandboxService.SandboxServiceClient(Calls);
        CustomsMessages = new CustomsMessageService.CustomsMessageServiceClient(Calls);
        Accounts = new AccountService.AccountServiceClient(Calls);
    }

    public CallInvoker Calls { get; }

    public ApplicationService.ApplicationServiceClient Applications { get; }

    public QuestionnaireService.QuestionnaireServiceClient Questionnaires { get; }

    public RectificationService.RectificationServiceClient Rectifications { get; }

    public NegotiationService.NegotiationServiceClient Negotiations { get; }

    public ReviewService.ReviewServiceClient Reviews { get; }

    public CaseService.CaseServiceClient Cases { get; }

    public ReceiptService.ReceiptServiceClient Receipts { get; }

    public FileService.FileServiceClient Files { get; }

    public CatalogueService.CatalogueServiceClient Catalogue { get; }

    public SandboxService.SandboxServiceClient Sandbox { get; }

    public CustomsMessageService.CustomsMessageServiceClient CustomsMessages { get; }

    public AccountService.AccountServiceClient Accounts { get; }

    /// <summary>A request id that nobody has used.</summary>
    public static string NewId() => Guid.NewGuid().ToString();

    public void Dispose() => channel.Dispose();

    /// <summary>Uploads a file in one go and gives its id.</summary>
    public async Task<string> UploadAsync(byte[]? content = null, string name = "letter.pdf")
    {
        content ??= SampleFiles.Pdf;
        var header = new UploadFileHeader { RequestId = NewId(), Name = name, SizeBytes = content.Length };
        return (await UploadAsync(header, content)).FileId;
    }

    /// <summary>Uploads a file under this header, in these chunks.</summary>
    public async Task<StoredFile> UploadAsync(UploadFileHeader header, params byte[][] chunks) =>
        await UploadAsync(
            [new UploadFileRequest { Header = header }, .. chunks.Select(
                chunk => new UploadFileRequest { Chunk = ByteString.CopyFrom(chunk) })]);

    /// <summary>Sends these messages as one upload. Where the server ends the call early, its word is what comes out.</summary>
    public async Task<StoredFile> UploadAsync(params UploadFileRequest[] messages)
    {
        using var call = Files.UploadFile();
        try
        {
            foreach (var message in messages)
                await call.RequestStream.WriteAsync(message);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception cut) when (cut is RpcException or InvalidOperationException or IOException)
        {
            // The answer says why.
        }

        return (await call.ResponseAsync).File;
    }

    /// <summary>For an operator: the messages of Customs that wait or are in quarantine, in the order of arrival.</summary>
    public async Task<IReadOnlyList<CustomsMessage>> HeldAsync(CustomsMessageState state = CustomsMessageState.Unspecified) =>
    [
        .. (await CustomsMessages.ListCustomsMessagesAsync(new ListCustomsMessagesRequest { State = state, PageSize = 200 }))
            .Messages.Reverse(),
    ];

    /// <summary>A form that passes, with a file newly uploaded.</summary>
    public async Task<Application> NewFormAsync(string category = "FROZEN_FRUIT", string product = "FROZEN_FRUIT_ALL") => new()
    {
        Category = category,
        Products = { product },
        Contact = NewContact(),
        Summary = "冷冻蓝莓 frozen blueberries (Vaccinium corymbosum)",
        FileIds = { await UploadAsync() },
    };

    /// <summary>A contact that passes.</summary>
    public static Contact NewContact() => new()
    {
        Department = "Food Safety Division",
        Name = "Jan Jansen",
        Position = "Director",
        Phone = new PhoneNumber { CountryCode = "297", AreaCode = "58", Number = "12 34-567" },
        Email = "jan.jansen@food.example.aw",
    };

    /// <summary>Submits a new application and gives the case.</summary>
    public async Task<Case> ApplyAsync(string category = "FROZEN_FRUIT", string product = "FROZEN_FRUIT_ALL") =>
        (await Applications.SubmitApplicationAsync(new SubmitApplicationRequest
        {
            RequestId = NewId(), Application = await NewFormAsync(category, product),
        })).Case;

    /// <summary>Saves a new draft, empty unless a form is given, and gives the case.</summary>
    public async Task<Case> DraftAsync(Application? form = null) =>
        (await Applications.SaveApplicationAsync(new SaveApplicationRequest
        {
            RequestId = NewId(), Application = form ?? new Application(),
        })).Case;

    /// <summary>The case as it stands.</summary>
    public async Task<Case> GetAsync(string caseId) => (await Cases.GetCaseAsync(new GetCaseRequest { CaseId = caseId })).Case;

    /// <summary>Waits until the case stands there, and gives it.</summary>
    public Task<Case> UntilAsync(string caseId, Stage stage, Status status) =>
        Wait.ForAsync(() => GetAsync(caseId), it => it.Stage == stage && it.Status == status, it => $"{it.Stage} {it.Status}");

    /// <summary>Has Customs do one act by hand, and gives the case.</summary>
    public async Task<Case> ActAsync(string caseId, CustomsAct act) =>
        (await Sandbox.PerformActAsync(new PerformActRequest { RequestId = NewId(), CaseId = caseId, Act = act })).Case;

    /// <summary>Has Customs start a review by hand, and gives the case.</summary>
    public async Task<Case> ReviewAsync(string category = "FROZEN_FRUIT") =>
        (await Sandbox.StartReviewAsync(new StartReviewRequest { RequestId = NewId(), Category = category })).Case;

    /// <summary>Chooses the scenario for all new cases.</summary>
    public async Task FollowAsync(string scenario) =>
        await Sandbox.SetScenarioAsync(new SetScenarioRequest { Scenario = scenario });

    /// <summary>Every receipt so far, from the first.</summary>
    public async Task<IReadOnlyList<Receipt>> AllReceiptsAsync()
    {
        var all = new List<Receipt>();
        while (true)
        {
            var page = await Receipts.ListReceiptsAsync(new ListReceiptsRequest { AfterNumber = all.Count, PageSize = 1000 });
            all.AddRange(page.Receipts);
            if (all.Count >= page.HeadNumber)
                return all;
        }
    }

    /// <summary>The whole history of a case.</summary>
    public async Task<IReadOnlyList<TimelineEntry>> TimelineAsync(string caseId) =>
        (await Cases.ListTimelineAsync(new ListTimelineRequest { CaseId = caseId, PageSize = 500 })).Entries;
}
