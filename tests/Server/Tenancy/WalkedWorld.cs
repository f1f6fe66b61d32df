using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Tenancy;

/// <summary>
/// Two authorities with something of everything: the first one calls, the second one is walked through. Here stands what each text of a
/// request is, and what a request must hold beside the text that is tried.
/// </summary>
internal sealed class WalkedWorld
{
    private static readonly string[] Roles = ["singlewindow.admin.v1", "singlewindow.customs.v1"];

    private const string TheirConsumer = "warehouse";

    private readonly Dictionary<string, string> cases = [];
    private readonly Dictionary<string, string[]> own = [];
    private Authority us = null!;
    private Authority them = null!;
    private string theirDraft = "";
    private string file = "";

    /// <summary>The texts that name something of an authority, by the kind of thing.</summary>
    public static IReadOnlyDictionary<string, string> Ids { get; } = new Dictionary<string, string>
    {
        ["case_id"] = "case", ["case_number"] = "case", ["file_id"] = "file", ["file_ids"] = "file",
        ["specimen_signature_file_id"] = "file", ["seal_file_ids"] = "file", ["sha256"] = "hash", ["request_id"] = "request",
        ["etag"] = "etag", ["page_token"] = "token", ["after_cursor"] = "cursor", ["cursor"] = "cursor", ["message_id"] = "message", ["entry_id"] = "message",
        ["lease_id"] = "message", ["account_id"] = "account", ["authority_id"] = "account", ["key_id"] = "key",
        ["certificate_id"] = "key", ["sha256_thumbprint"] = "hash",
    };

    /// <summary>What kind of thing of an authority a text names; null for none.</summary>
    public static string? KindOf(RequestField field) =>
        // A consumer of the receipts is found by its name; other names are only said.
        field.Name == "name" && field.Way[^1].ContainingType.Name.EndsWith("ReceiptConsumerRequest", StringComparison.Ordinal)
            ? "consumer"
            : Ids.GetValueOrDefault(field.Name);

    /// <summary>The texts that name nothing of an authority: what it writes itself, and codes that are the same for all.</summary>
    public static IReadOnlySet<string> Texts { get; } = new HashSet<string>
    {
        "name", "category", "products", "department", "position", "country_code", "area_code", "number", "email", "summary", "zh", "en",
        "other", "text", "statement", "question_id", "cleared_question_ids", "enum_name", "template_id", "scenario", "opinion",
        "failure_reason", "requirements", "content", "media_type", "chunk", "response_message", "reason", "note", "subject", "issuer",
        "country", "category_scope", "product_scope", "paths", "service", "host", "file_by_filename", "file_containing_symbol",
        "containing_type", "all_extension_numbers_of_type", "list_services", "url", "title", "choices", "cells", "choice", "value",
        "date", "codes", "question_ids",
    };

    /// <summary>All that the other authority has.</summary>
    public IReadOnlyList<string> Theirs { get; private set; } = [];

    /// <summary>What is tried in a field, each made when it is needed.</summary>
    public IEnumerable<Func<Task<string>>> TheirsFor(string kind)
    {
        if (kind != "request")
            return Theirs.Select<string, Func<Task<string>>>(value => () => Task.FromResult(value));

        // An id of a request is one's own from the first time that one has used it: each try has one that only the other has used.
        return
        [
            .. Theirs.Where(value => !Guid.TryParse(value, out _)).Select<string, Func<Task<string>>>(value => () => Task.FromResult(value)),
            SavedByThemAsync, UploadedByThemAsync, ActedByThemAsync,
        ];
    }

    /// <summary>Makes both.</summary>
    public static async Task<WalkedWorld> MakeAsync(ScriptedServer server)
    {
        var world = new WalkedWorld();
        await world.MakeOwnAsync(server);
        await world.MakeTheirsAsync(server);
        return world;
    }

    /// <summary>Whether one's own is rightly answered as nothing is, in this place.</summary>
    public static bool IsBlind(MethodDescriptor method, RequestField field) =>
        // Not for authorities: whatever they ask is refused for their role, or is not served here.
        Roles.Contains(method.File.Package)
        // Its answer is empty, whatever it did.
        || method.Name == nameof(SandboxService.SandboxServiceClient.ResetAccount);

    /// <summary>A thing of this kind that never was.</summary>
    public static string Never(string kind) => kind switch
    {
        "etag" => "987654",
        "request" => Authority.NewId(),
        "consumer" => "nobody",
        _ => NeverLike("01KA8BERGZQ4ZQJ7KJ41GPWGH3"),
    };

    /// <summary>A thing that never was and looks like this one.</summary>
    public static string NeverLike(string value)
    {
        if (Guid.TryParseExact(value, "D", out _))
            return value.Any(char.IsAsciiLetterUpper) ? Authority.NewId().ToUpperInvariant() : Authority.NewId();
        if (value.Length == 64 && value.All(char.IsAsciiHexDigitLower))
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(value)));

        // Another character of the same kind for each of the last ones.
        var like = value.ToCharArray();
        for (var index = like.Length - 1; index >= Math.Max(0, like.Length - 8); index--)
        {
            like[index] = like[index] switch
            {
                '9' => '1',
                >= '0' and <= '8' => (char)(like[index] + 1),
                'z' or 'Z' => (char)(like[index] - 1),
                'h' or 'H' or 'k' or 'K' or 'n' or 'N' or 't' or 'T' => (char)(like[index] - 1),
                (>= 'a' and <= 'y') or (>= 'A' and <= 'Y') => (char)(like[index] + 1),
                _ => like[index],
            };
        }

        return new string(like);
    }

    /// <summary>What the caller has of this kind.</summary>
    public async Task<IReadOnlyList<string>> OwnAsync(string kind, MethodDescriptor method) => kind switch
    {
        "case" => [CaseFor(method)],
        "etag" => [(await us.GetAsync(CaseFor(method))).Etag],
        "consumer" => [await CommittedAsync(us, "office")],
        _ => own.GetValueOrDefault(kind, []),
    };

    /// <summary>A request that is right but for the one text, or is refused late: what it would change stays as it is.</summary>
    public IMessage Request(MethodDescriptor method, RequestField tried)
    {
        var request = method.InputType.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in method.InputType.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.String && !field.IsRepeated))
        {
            object? value = field.Name switch
            {
                "request_id" => Authority.NewId(),
                "case_id" when field.ContainingType.FullName != ListCasesRequest.Descriptor.FullName => CaseFor(method),
                "file_id" => file,
                // An old etag: refused when the request id and the case have been looked at, and nothing is changed.
                "etag" when KindOf(tried) != "file" => "0",
                "scenario" => "manual",
                _ => null,
            };
            if (value is not null)
                field.Accessor.SetValue(request, value);
        }

        switch (request)
        {
            case SaveReplyRequest reply:
                reply.Topic = NegotiationTopic.Protocol;
                break;
            case SubmitReplyRequest reply:
                reply.Topic = NegotiationTopic.Protocol;
                break;
            case GetNegotiationRequest negotiation:
                negotiation.Topic = NegotiationTopic.Protocol;
                break;
            case PerformActRequest act:
                act.Act = new CustomsAct { PublishProtocol = new PublishProtocol() };
                break;
            case StartReviewRequest review:
                review.Category = "MEAT";
                break;
            case AdvanceClockRequest advance:
                advance.By = Duration.FromTimeSpan(TimeSpan.FromSeconds(1));
                break;
            case CommitReceiptConsumerRequest commit:
                commit.Name = "office";
                commit.Number = 0;
                break;
            case UploadFileRequest upload:
                upload.Header = new UploadFileHeader { RequestId = Authority.NewId(), Name = "letter.pdf", SizeBytes = SampleFiles.Pdf.Length };
                break;
        }

        return request;
    }

    private string CaseFor(MethodDescriptor method) => method.Service.Name switch
    {
        nameof(QuestionnaireService) => cases["questionnaire"],
        nameof(RectificationService) => cases["rectification"],
        nameof(NegotiationService) => cases[method.Name.EndsWith("Signatories", StringComparison.Ordinal) ? "signatories" : "negotiation"],
        nameof(ReviewService) => cases["review"],
        _ => cases[method.Name == nameof(ApplicationService.ApplicationServiceClient.DiscardApplication) ? "discarded" : "draft"],
    };

    private async Task MakeOwnAsync(ScriptedServer server)
    {
        us = server.First;
        cases["questionnaire"] = await server.BringAsync(Stage.Questionnaire, Status.Pending);
        cases["rectification"] = await server.BringAsync(Stage.Assessment, Status.Pending);
        cases["negotiation"] = await server.BringAsync(Stage.ProtocolNegotiation, Status.Pending);
        cases["signatories"] = await server.BringAsync(Stage.CertificateNegotiation, Status.Approved);
        cases["review"] = await server.BringAsync(Stage.Reception, Status.Pending, CaseKind.Review);
        cases["draft"] = (await us.DraftAsync()).CaseId;
        cases["discarded"] = (await us.DraftAsync()).CaseId;
        file = await us.UploadAsync();

        string[] requests = [Authority.NewId(), Authority.NewId(), Authority.NewId()];
        await us.Applications.SaveApplicationAsync(new SaveApplicationRequest { RequestId = requests[0], Application = new Application { Summary = "a" } });
        await us.UploadAsync(
            new UploadFileHeader { RequestId = requests[1], Name = "b.pdf", SizeBytes = SampleFiles.PdfOf(3000).Length }, SampleFiles.PdfOf(3000));
        var acted = (await us.ApplyAsync()).CaseId;
        await us.Sandbox.PerformActAsync(
            new PerformActRequest { RequestId = requests[2], CaseId = acted, Act = new CustomsAct { Received = new Received() } });
        own["request"] = requests;
        own["file"] = [file];
        own["hash"] = [(await us.Files.GetFileAsync(new GetFileRequest { FileId = file })).File.Sha256];
        own["token"] =
        [
            (await us.Cases.ListCasesAsync(new ListCasesRequest { PageSize = 1 })).NextPageToken,
            (await us.Cases.ListTimelineAsync(new ListTimelineRequest { CaseId = cases["draft"], PageSize = 1 })).NextPageToken,
        ];
        own["message"] = [.. (await us.AllReceiptsAsync()).Select(receipt => receipt.MessageId).Where(id => id.Length > 0).Take(3)];
        own["cursor"] = [(await us.AllReceiptsAsync())[0].Cursor];
        own["account"] = ["first"];
    }

    private async Task MakeTheirsAsync(ScriptedServer server)
    {
        them = server.Second;
        var requests = new[] { Authority.NewId(), Authority.NewId() };
        var draft = (await them.Applications.SaveApplicationAsync(new SaveApplicationRequest { RequestId = requests[0], Application = new Application() })).Case;
        var uploaded = await them.UploadAsync(
            new UploadFileHeader { RequestId = requests[1], Name = "c.pdf", SizeBytes = SampleFiles.PdfOf(7000).Length }, SampleFiles.PdfOf(7000));
        var made = await them.ApplyAsync();
        for (var change = 0; change < 3; change++)
            draft = (await them.Applications.SaveApplicationAsync(new SaveApplicationRequest
            {
                RequestId = Authority.NewId(), CaseId = draft.CaseId, Application = new Application(),
            })).Case;
        theirDraft = draft.CaseId;
        var receipt = (await them.AllReceiptsAsync())[0];
        var message = Connected(server, "SELECT message_id FROM outbox WHERE authority_id = 'second'");
        var key = await server.Operator.Accounts.CreateKeyAsync(new CreateKeyRequest { RequestId = Authority.NewId(), AccountId = "second" });
        var certificate = await server.Operator.Accounts.AddCertificateAsync(new AddCertificateRequest
        {
            RequestId = Authority.NewId(), AccountId = "second", Sha256Thumbprint = new string('7', 64),
        });
        Theirs =
        [
            draft.CaseId, made.CaseId, made.Number, uploaded.FileId, uploaded.Sha256, .. requests, receipt.Cursor, receipt.MessageId,
            message, key.Key.KeyId, certificate.Certificate.CertificateId, "second",
            (await them.Cases.ListCasesAsync(new ListCasesRequest { PageSize = 1 })).NextPageToken,
            (await them.Cases.ListTimelineAsync(new ListTimelineRequest { CaseId = draft.CaseId, PageSize = 1 })).NextPageToken,
            await CommittedAsync(them, TheirConsumer),
        ];
        Theirs = [.. Theirs.Where(value => value.Length > 0).Distinct()];
    }

    /// <summary>Deletes one's own consumers of these names, where a try has made them: the next is to find none either.</summary>
    public async Task ForgetConsumersAsync(params string[] names)
    {
        foreach (var name in names)
        {
            try
            {
                await us.Receipts.DeleteReceiptConsumerAsync(new DeleteReceiptConsumerRequest { Name = name });
            }
            catch (RpcException none) when (none.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument)
            {
                // It was not made.
            }
        }
    }

    /// <summary>Where the other authority's consumer of the receipts stands.</summary>
    public async Task<long> TheirPlaceAsync() =>
        (await them.Receipts.GetReceiptConsumerAsync(new GetReceiptConsumerRequest { Name = TheirConsumer })).Consumer.Number;

    // Not at the beginning, where a consumer that there was not yet stands.
    private static async Task<string> CommittedAsync(Authority authority, string name)
    {
        await authority.Receipts.CommitReceiptConsumerAsync(new CommitReceiptConsumerRequest { Name = name, Number = 1 });
        return name;
    }

    private async Task<string> SavedByThemAsync()
    {
        var id = Authority.NewId();
        await them.Applications.SaveApplicationAsync(
            new SaveApplicationRequest { RequestId = id, CaseId = theirDraft, Application = new Application { Summary = id } });
        return id;
    }

    private async Task<string> UploadedByThemAsync()
    {
        var id = Authority.NewId();
        await them.UploadAsync(new UploadFileHeader { RequestId = id, Name = "d.pdf", SizeBytes = SampleFiles.Pdf.Length }, SampleFiles.Pdf);
        return id;
    }

    private async Task<string> ActedByThemAsync()
    {
        var (id, made) = (Authority.NewId(), await them.ApplyAsync());
        await them.Sandbox.PerformActAsync(
            new PerformActRequest { RequestId = id, CaseId = made.CaseId, Act = new CustomsAct { Received = new Received() } });
        return id;
    }

    private static string Connected(ScriptedServer server, string query)
    {
        using var connection = server.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        return (string)command.ExecuteScalar()!;
    }
}
