namespace SingleWindowBridge;

/// <summary>The stages (阶段) of a case, in their order.</summary>
/// <remarks>
/// All enums of this library are open: a value that this version does not know comes through as its bare number,
/// <c>(Stage)99</c>, and never as an exception. <see cref="EnumNames.IsKnown(Stage)"/> tells, and the number can be kept and
/// given back. Write a <c>default</c> arm in every switch.
/// </remarks>
public enum Stage
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>申请阶段: the authority applies (assessments only).</summary>
    Application = 1,

    /// <summary>接收检查阶段: the authority accepts or declines the review (reviews only).</summary>
    Reception = 2,

    /// <summary>问卷阶段: the authority answers the questionnaire.</summary>
    Questionnaire = 3,

    /// <summary>评估阶段: Customs assesses; the authority rectifies where asked.</summary>
    Assessment = 4,

    /// <summary>议定书磋商: the protocol is negotiated in rounds.</summary>
    ProtocolNegotiation = 5,

    /// <summary>议定书签署: the signed protocol can be downloaded.</summary>
    ProtocolSigning = 6,

    /// <summary>检验检疫公告发布: Customs has published the announcement.</summary>
    Announcement = 7,

    /// <summary>官方证书磋商: the certificate form is negotiated in rounds.</summary>
    CertificateNegotiation = 8,

    /// <summary>官方证书确认: the confirmed certificate forms can be downloaded.</summary>
    CertificateConfirmation = 9,

    /// <summary>完成: the case has ended.</summary>
    Completed = 10,
}
