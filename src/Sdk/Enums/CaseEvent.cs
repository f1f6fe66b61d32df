namespace SingleWindowBridge;

/// <summary>What can happen to a case. Open, as <see cref="Stage"/> says.</summary>
public enum CaseEvent
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>The authority saved a draft of the stage's content.</summary>
    Save = 1,

    /// <summary>The authority submitted the stage's content.</summary>
    Submit = 2,

    /// <summary>The authority discarded a draft that was never submitted.</summary>
    Discard = 3,

    /// <summary>The authority accepted a review (同意检查).</summary>
    AcceptReview = 4,

    /// <summary>The authority declined a review (拒绝检查).</summary>
    DeclineReview = 5,

    /// <summary>The authority sent its signing officers, specimen signatures and seals.</summary>
    SubmitSignatories = 6,

    /// <summary>The authority asked for the same content to be sent again.</summary>
    Redeliver = 7,

    /// <summary>The submission reached the Customs exchange.</summary>
    Sent = 8,

    /// <summary>The submission did not reach the Customs exchange, after the last automatic attempt.</summary>
    SendFailed = 9,

    /// <summary>Customs started a review.</summary>
    StartReview = 10,

    /// <summary>Customs has the submission.</summary>
    Received = 11,

    /// <summary>Customs could not take the submission in.</summary>
    ReceiveFailed = 12,

    /// <summary>Customs took the submission on for review.</summary>
    Accept = 13,

    /// <summary>Customs refused to take the submission on.</summary>
    NotAccept = 14,

    /// <summary>Customs asked for the submission to be amended or completed.</summary>
    RequireCorrection = 15,

    /// <summary>Customs passed the stage.</summary>
    Approve = 16,

    /// <summary>Customs passed the assessment without asking for a rectification.</summary>
    ApproveAssessment = 17,

    /// <summary>Customs opened the questionnaire.</summary>
    OpenQuestionnaire = 18,

    /// <summary>Customs asked for a rectification: a round with a number of its own.</summary>
    RequireRectification = 19,

    /// <summary>Customs opened a round of negotiation.</summary>
    OpenRound = 20,

    /// <summary>Customs declared the negotiation complete.</summary>
    CompleteNegotiation = 21,

    /// <summary>Customs delivered the signed protocol.</summary>
    PublishProtocol = 22,

    /// <summary>Customs published the inspection and quarantine announcement.</summary>
    PublishAnnouncement = 23,

    /// <summary>Customs confirmed the certificate forms.</summary>
    ConfirmCertificate = 24,

    /// <summary>Customs closed the case.</summary>
    Close = 25,

    /// <summary>Customs did not pass the assessment or review.</summary>
    Reject = 26,
}
