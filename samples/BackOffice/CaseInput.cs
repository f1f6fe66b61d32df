using System.Text.Json;
using System.Text.Json.Serialization;
using SingleWindowBridge;

namespace BackOffice;

/// <summary>What the authority has prepared for one case, as it stands in the input file. Each list holds the answer to the
/// first request of Customs and, after it, those to each later request of the same kind.</summary>
public sealed record CaseInput
{
    /// <summary>For sandbox accounts only: how the simulated Customs is to act.</summary>
    public SandboxInput? Sandbox { get; init; }

    /// <summary>The application form, then corrected ones.</summary>
    public IReadOnlyList<ApplicationInput> Applications { get; init; } = [];

    /// <summary>The answer to a review that Customs starts; null where the input is for an application.</summary>
    public ReviewInput? Review { get; init; }

    /// <summary>The answers by question id, then those that a correction changes.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, AnswerInput>> Questionnaires { get; init; }

    /// <summary>The answers to rectifications.</summary>
    public IReadOnlyList<RectificationInput> Rectifications { get; init; } = [];

    /// <summary>The replies about the protocol.</summary>
    public IReadOnlyList<ReplyInput> ProtocolReplies { get; init; } = [];

    /// <summary>The replies about the certificate.</summary>
    public IReadOnlyList<ReplyInput> CertificateReplies { get; init; } = [];

    /// <summary>The officers who may sign certificates; null to send no list.</summary>
    public SignatoriesInput? Signatories { get; init; }

    /// <summary>The folder from which the paths of files count.</summary>
    [JsonIgnore]
    public string Folder { get; private init; } = "";

    /// <summary>Reads an input and looks whether its files are there: better now than when Customs asks for them.</summary>
    /// <exception cref="BackOfficeException">It cannot be read, or a file is missing.</exception>
    public static CaseInput Read(string path)
    {
        CaseInput input;
        try
        {
            using var stream = File.OpenRead(path);
            input = JsonSerializer.Deserialize<CaseInput>(stream, Format) ?? throw new JsonException("It holds nothing.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new BackOfficeException($"The input {path} cannot be read: {exception.Message}", exception);
        }

        input = input with { Folder = Path.GetDirectoryName(Path.GetFullPath(path))! };
        var missing = input.Files().Distinct().Where(file => !File.Exists(Path.Combine(input.Folder, file))).ToList();
        if (missing.Count > 0)
            throw new BackOfficeException($"The input {path} names files that are not there: {string.Join(", ", missing)}");
        return input;
    }

    private IEnumerable<string> Files() =>
        Applications.SelectMany(form => form.Files)
            .Concat(Questionnaires.SelectMany(answers => answers.Values).SelectMany(answer => answer.Files))
            .Concat(Rectifications.SelectMany(answer => answer.Files))
            .Concat(ProtocolReplies.Concat(CertificateReplies).SelectMany(reply => reply.Files))
            .Concat(Signatories?.Officers.Select(officer => officer.SpecimenSignature) ?? [])
            .Concat(Signatories?.Seals ?? [])
            .Concat(Signatories?.Files ?? []);

    // A misspelt name is an error here, not a part of the case that silently stays behind.
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };
}

/// <summary>How the simulated Customs is to act.</summary>
public sealed record SandboxInput(string Scenario)
{
    /// <summary>Whether it is asked to start the review that is watched for.</summary>
    public bool StartReview { get; init; }
}

/// <summary>What is answered to a review of one food category.</summary>
/// <param name="Category">The category's code.</param>
/// <param name="Accept">Whether the authority agrees to the review.</param>
/// <param name="Contact">Whom at the authority Customs may ask.</param>
public sealed record ReviewInput(string Category, bool Accept, Contact Contact);

/// <summary>One application form.</summary>
public sealed record ApplicationInput(
    string Category, IReadOnlyList<string> Products, Contact Contact, string Summary, IReadOnlyList<string> Files);

/// <summary>One answer to a rectification.</summary>
public sealed record RectificationInput(string Statement, IReadOnlyList<string> Files);

/// <summary>One reply in a negotiation.</summary>
public sealed record ReplyInput(NegotiationText Text)
{
    /// <summary>The files that go with it.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
}

/// <summary>The signing officers and the seals.</summary>
public sealed record SignatoriesInput(IReadOnlyList<OfficerInput> Officers, IReadOnlyList<string> Seals)
{
    /// <summary>Other files, such as the signed list itself.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];
}

/// <summary>One signing officer.</summary>
public sealed record OfficerInput(string Name, string Position, string SpecimenSignature);
