using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace SingleWindowBridge.Interop.Messages;

/// <summary>One message from Customs to the bridge: an act on a case.</summary>
/// <param name="MessageId">36 characters, an upper-case UUID; the same whenever the message is given again.</param>
/// <param name="CreatedAt">When Customs made it.</param>
/// <param name="CaseNumber">The case's official number.</param>
/// <param name="Act">What Customs did.</param>
public sealed record CustomsReceipt(string MessageId, DateTimeOffset CreatedAt, string CaseNumber, CustomsAct Act)
{
    /// <summary>
    /// Counts what Customs says about the case, from 1 without a gap, so that messages which overtake each other can be put back in
    /// order. 0 where Customs does not count.
    /// </summary>
    public int Sequence { get; init; }

    /// <summary>The message id of the submission that it answers; null where Customs does not say, and for the start of a review.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Answers { get; init; }

    /// <summary>
    /// What a channel gives in place of a message that it cannot read, so that it is kept with its reason and nothing behind it
    /// waits. The same content has the same message id.
    /// </summary>
    /// <param name="source">Where it came from, such as the file's name.</param>
    /// <param name="reason">Why it cannot be read.</param>
    /// <param name="content">What came; only the first <see cref="Messages.Unreadable.MostBytes"/> are kept.</param>
    /// <param name="at">When it came.</param>
    public static CustomsReceipt Unreadable(string source, string reason, ReadOnlyMemory<byte> content, DateTimeOffset at)
    {
        var id = new Guid(SHA256.HashData(content.Span).AsSpan(0, 16), bigEndian: true).ToString().ToUpperInvariant();
        var kept = content.Length > Messages.Unreadable.MostBytes ? content[..Messages.Unreadable.MostBytes] : content;
        return new CustomsReceipt(id, at, "", new Unreadable(source, reason, kept.ToArray()));
    }
}

/// <summary>What Customs did; stored JSON holds the name of the concrete type.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "act")]
[JsonDerivedType(typeof(StartReview), "start_review")]
[JsonDerivedType(typeof(Received), "received")]
[JsonDerivedType(typeof(ReceiveFailed), "receive_failed")]
[JsonDerivedType(typeof(Accept), "accept")]
[JsonDerivedType(typeof(NotAccept), "not_accept")]
[JsonDerivedType(typeof(RequireCorrection), "require_correction")]
[JsonDerivedType(typeof(Approve), "approve")]
[JsonDerivedType(typeof(ApproveAssessment), "approve_assessment")]
[JsonDerivedType(typeof(OpenQuestionnaire), "open_questionnaire")]
[JsonDerivedType(typeof(RequireRectification), "require_rectification")]
[JsonDerivedType(typeof(OpenRound), "open_round")]
[JsonDerivedType(typeof(CompleteNegotiation), "complete_negotiation")]
[JsonDerivedType(typeof(PublishProtocol), "publish_protocol")]
[JsonDerivedType(typeof(PublishAnnouncement), "publish_announcement")]
[JsonDerivedType(typeof(ConfirmCertificate), "confirm_certificate")]
[JsonDerivedType(typeof(Close), "close")]
[JsonDerivedType(typeof(Reject), "reject")]
public abstract record CustomsAct
{
    /// <summary>海关回复意见: passed on as it came; empty where Customs gave none.</summary>
    public string Opinion { get; init; } = "";

    /// <summary>The files that came with it.</summary>
    public IReadOnlyList<CustomsFile> Files { get; init; } = [];
}

/// <summary>A retrospective review is started (回顾性检查); the message's case number is the review's number, a ULID.</summary>
/// <param name="AuthorityId">The account that is reviewed.</param>
/// <param name="Category">The food category's code; the account has passed an assessment for it.</param>
/// <param name="Products">The products' codes.</param>
/// <param name="Contact">Whom at Customs to ask.</param>
/// <param name="Summary">What is reviewed.</param>
public sealed record StartReview(
    string AuthorityId, string Category, IReadOnlyList<string> Products, ContactPerson Contact, string Summary) : CustomsAct;

/// <summary>The submission has arrived (海关已接收).</summary>
public sealed record Received : CustomsAct;

/// <summary>The submission could not be taken in (海关接收失败).</summary>
/// <param name="FailureReason">Why.</param>
public sealed record ReceiveFailed(string FailureReason) : CustomsAct;

/// <summary>The submission is under review (已受理).</summary>
public sealed record Accept : CustomsAct;

/// <summary>The submission is refused (不予受理). An opinion goes with it.</summary>
public sealed record NotAccept : CustomsAct;

/// <summary>The submission must be amended (补齐补正). An opinion goes with it.</summary>
public sealed record RequireCorrection : CustomsAct
{
    /// <summary>The ids of the questions concerned, for a questionnaire; empty where Customs names none.</summary>
    public IReadOnlyList<string> QuestionIds { get; init; } = [];
}

/// <summary>The stage is passed (审核通过).</summary>
public sealed record Approve : CustomsAct;

/// <summary>The assessment is passed without a rectification.</summary>
public sealed record ApproveAssessment : CustomsAct;

/// <summary>The questionnaire is opened.</summary>
/// <param name="TemplateId">The template's id; empty for the one that the case's products call for.</param>
public sealed record OpenQuestionnaire(string TemplateId) : CustomsAct;

/// <summary>A rectification is asked for (整改).</summary>
/// <param name="Number">整改统一编号: 18 capital letters and digits.</param>
/// <param name="Requirements">整改要求.</param>
public sealed record RequireRectification(string Number, string Requirements) : CustomsAct;

/// <summary>A round of negotiation is opened (中方发起磋商).</summary>
/// <param name="Text">Customs' text, in at least one language.</param>
public sealed record OpenRound(TrilingualText Text) : CustomsAct;

/// <summary>The negotiation is complete.</summary>
public sealed record CompleteNegotiation : CustomsAct;

/// <summary>The signed protocol is delivered, in the files.</summary>
public sealed record PublishProtocol : CustomsAct;

/// <summary>The announcement is published (检验检疫公告发布).</summary>
public sealed record PublishAnnouncement : CustomsAct;

/// <summary>The certificate forms are confirmed, in the files (官方证书确认).</summary>
public sealed record ConfirmCertificate : CustomsAct;

/// <summary>The case is closed (办结).</summary>
public sealed record Close : CustomsAct;

/// <summary>The assessment is not passed (审核不通过). An opinion goes with it.</summary>
public sealed record Reject : CustomsAct;

/// <summary>Nothing that Customs did: a message that could not be read, in the place of one.</summary>
/// <param name="Source">Where it came from, such as the file's name.</param>
/// <param name="Reason">Why it cannot be read.</param>
/// <param name="Content">The beginning of what came, at most <see cref="MostBytes"/>.</param>
public sealed record Unreadable(string Source, string Reason, ReadOnlyMemory<byte> Content) : CustomsAct
{
    /// <summary>How much is kept of a message that cannot be read: 1 MiB.</summary>
    public const int MostBytes = 1024 * 1024;
}

/// <summary>A file that Customs sent.</summary>
/// <param name="Name">The name with its extension.</param>
/// <param name="Content">The content.</param>
public sealed record CustomsFile(string Name, ReadOnlyMemory<byte> Content);
