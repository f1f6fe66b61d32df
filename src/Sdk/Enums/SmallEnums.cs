namespace SingleWindowBridge;

/// <summary>The two kinds of case. Open, as <see cref="Stage"/> says.</summary>
public enum CaseKind
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>评估审查: the authority applied for one food category.</summary>
    Assessment = 1,

    /// <summary>回顾性检查: China Customs looks again at a category that was passed before.</summary>
    Review = 2,
}

/// <summary>Who changed a case. Open, as <see cref="Stage"/> says.</summary>
public enum Actor
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>The authority.</summary>
    Authority = 1,

    /// <summary>The bridge's own delivery to Customs.</summary>
    Delivery = 2,

    /// <summary>China Customs.</summary>
    Customs = 3,
}

/// <summary>Who gave a file. Open, as <see cref="Stage"/> says.</summary>
public enum FileOrigin
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>The authority uploaded it.</summary>
    Authority = 1,

    /// <summary>China Customs sent it.</summary>
    Customs = 2,
}

/// <summary>What is negotiated. Open, as <see cref="Stage"/> says.</summary>
public enum NegotiationTopic
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>议定书磋商: the protocol, in <see cref="Stage.ProtocolNegotiation"/>.</summary>
    Protocol = 1,

    /// <summary>官方证书磋商: the certificate form, in <see cref="Stage.CertificateNegotiation"/>.</summary>
    Certificate = 2,
}

/// <summary>The two sides of a negotiation. Open, as <see cref="Stage"/> says.</summary>
public enum NegotiationParty
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>中方发起磋商: China Customs.</summary>
    Customs = 1,

    /// <summary>外方回复: the authority.</summary>
    Authority = 2,
}

/// <summary>Whether a negotiation's entry has been dealt with. Open, as <see cref="Stage"/> says.</summary>
public enum EntryState
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>进行中: the newest entry, not yet answered.</summary>
    Open = 1,

    /// <summary>已处理: answered, or the negotiation is complete.</summary>
    Processed = 2,
}

/// <summary>Whether an authority accepts a review. Open, as <see cref="Stage"/> says.</summary>
public enum ReviewDecision
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>同意检查: the review takes place.</summary>
    Accepted = 1,

    /// <summary>拒绝检查: the review ends, not passed, as soon as Customs has the refusal.</summary>
    Declined = 2,
}

/// <summary>How a question is answered. Open, as <see cref="Stage"/> says.</summary>
public enum QuestionType
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>One line of text.</summary>
    Text = 1,

    /// <summary>Text of several lines.</summary>
    LongText = 2,

    /// <summary>Yes or no.</summary>
    YesNo = 3,

    /// <summary>A decimal number, with a unit where the question names one.</summary>
    Number = 4,

    /// <summary>A calendar date.</summary>
    Date = 5,

    /// <summary>Exactly one of the choices.</summary>
    SingleChoice = 6,

    /// <summary>One or more of the choices.</summary>
    MultipleChoice = 7,

    /// <summary>Rows of cells.</summary>
    Table = 8,

    /// <summary>Files only.</summary>
    File = 9,
}

/// <summary>What can be wrong with a field. Open, as <see cref="Stage"/> says.</summary>
public enum FieldProblemCode
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>The field must be there and is not.</summary>
    Required = 1,

    /// <summary>The text is too long.</summary>
    TooLong = 2,

    /// <summary>There are too many of it.</summary>
    TooMany = 3,

    /// <summary>The value has not the form that it must have.</summary>
    Malformed = 4,

    /// <summary>The value is outside its range.</summary>
    OutOfRange = 5,

    /// <summary>The code or enum value does not exist.</summary>
    UnknownValue = 6,

    /// <summary>The category or product is outside the account's scope (食品管理范围).</summary>
    OutOfScope = 7,

    /// <summary>The same thing is named twice.</summary>
    Duplicate = 8,

    /// <summary>The file named does not exist for this account.</summary>
    FileNotFound = 9,

    /// <summary>The answer's value is not of the question's type.</summary>
    WrongType = 10,

    /// <summary>The question is not shown, because another answer does not say so.</summary>
    NotApplicable = 11,
}
