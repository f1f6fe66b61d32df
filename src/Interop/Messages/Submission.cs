using System.Text.Json.Serialization;

namespace SingleWindowBridge.Interop.Messages;

/// <summary>One message from the bridge to Customs.</summary>
/// <param name="MessageId">36 characters, an upper-case UUID; the same over every attempt, so that Customs can drop a repeat.</param>
/// <param name="CreatedAt">When the authority submitted it.</param>
/// <param name="CaseNumber">The case's official number.</param>
/// <param name="AuthorityId">The account that submitted it.</param>
/// <param name="Delivery">1 for the submit itself, one more for each time the authority had it sent again.</param>
/// <param name="Content">What is submitted.</param>
public sealed record Submission(
    string MessageId, DateTimeOffset CreatedAt, string CaseNumber, string AuthorityId, int Delivery, SubmissionContent Content);

/// <summary>What an authority submits. The concrete type says at which point of the case; stored JSON holds its name.</summary>
[JsonDerivedType(typeof(ApplicationContent), "application")]
[JsonDerivedType(typeof(QuestionnaireContent), "questionnaire")]
[JsonDerivedType(typeof(RectificationContent), "rectification")]
[JsonDerivedType(typeof(NegotiationContent), "negotiation")]
[JsonDerivedType(typeof(SignatoriesContent), "signatories")]
[JsonDerivedType(typeof(ReviewAnswerContent), "review_answer")]
public abstract record SubmissionContent
{
    /// <summary>Every file that goes with it, in the order in which it names them; one that it names twice comes twice.</summary>
    public IEnumerable<Attachment> AllFiles() => this switch
    {
        ApplicationContent application => application.Files,
        QuestionnaireContent questionnaire => questionnaire.Answers.SelectMany(answer => answer.Files),
        RectificationContent rectification => rectification.Files,
        NegotiationContent negotiation => negotiation.Files,
        SignatoriesContent signatories =>
            [.. signatories.Officers.Select(officer => officer.SpecimenSignature), .. signatories.Seals, .. signatories.Files],
        _ => [],
    };
}

/// <summary>The application form (评估审查申请).</summary>
public sealed record ApplicationContent(
    string Category, IReadOnlyList<string> Products, ContactPerson Contact, string Summary, IReadOnlyList<Attachment> Files)
    : SubmissionContent;

/// <summary>A filled questionnaire (答卷).</summary>
public sealed record QuestionnaireContent(string TemplateId, int TemplateVersion, IReadOnlyList<QuestionAnswer> Answers)
    : SubmissionContent;

/// <summary>The answer to a rectification (整改情况说明).</summary>
public sealed record RectificationContent(string Number, int Round, string Statement, IReadOnlyList<Attachment> Files)
    : SubmissionContent;

/// <summary>A reply to an open round of negotiation (外方回复).</summary>
public sealed record NegotiationContent(NegotiationTopic Topic, int Round, TrilingualText Text, IReadOnlyList<Attachment> Files)
    : SubmissionContent;

/// <summary>The officers who may sign certificates, with specimen signatures and seals.</summary>
public sealed record SignatoriesContent(
    IReadOnlyList<Officer> Officers, IReadOnlyList<Attachment> Seals, IReadOnlyList<Attachment> Files) : SubmissionContent;

/// <summary>Whether the authority agrees to a retrospective review (同意检查, 拒绝检查), and whom to ask.</summary>
public sealed record ReviewAnswerContent(bool Accepted, ContactPerson Contact) : SubmissionContent;

/// <summary>Whom Customs may ask. The phone is in its three parts, digits only.</summary>
public sealed record ContactPerson(
    string Department, string Name, string Position, string PhoneCountryCode, string PhoneAreaCode, string PhoneNumber, string Email);

/// <summary>One answer. The values are the text, the number, the date (YYYY-MM-DD), true or false, or the chosen codes.</summary>
public sealed record QuestionAnswer(
    string QuestionId, string Number, IReadOnlyList<string> Values,
    IReadOnlyList<IReadOnlyDictionary<string, string>> Rows, IReadOnlyList<Attachment> Files);

/// <summary>One officer who may sign certificates.</summary>
public sealed record Officer(string Name, string Position, Attachment SpecimenSignature);

/// <summary>A text in Chinese, English and another language; what is not given is empty.</summary>
public sealed record TrilingualText(string Zh, string En, string Other);

/// <summary>A file that goes with a submission, named by what it holds; a channel gets the content from <see cref="IAttachmentSource"/>.</summary>
/// <param name="Name">The name with its extension.</param>
/// <param name="MediaType">The media type.</param>
/// <param name="SizeBytes">The size in bytes.</param>
/// <param name="Sha256">The content's SHA-256, 64 lower-case hexadecimal digits.</param>
public sealed record Attachment(string Name, string MediaType, long SizeBytes, string Sha256);

/// <summary>Where a channel gets the content of attachments.</summary>
public interface IAttachmentSource
{
    /// <summary>Opens the content with this SHA-256.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    Task<Stream> OpenAsync(string sha256, CancellationToken cancellationToken);
}

/// <summary>What is negotiated.</summary>
public enum NegotiationTopic
{
    /// <summary>议定书: the protocol.</summary>
    Protocol = 1,

    /// <summary>官方证书: the certificate form.</summary>
    Certificate = 2,
}
