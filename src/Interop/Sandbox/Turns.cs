using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>What Customs does upon one submission: the pieces that the scenarios are put together from.</summary>
internal static class Turns
{
    // Shared pieces.
    private static readonly CustomsAct[] UnderReview = [new Received(), new Accept()];
    private static readonly CustomsAct OpenProtocol = new OpenRound(Texts.ProtocolRound1);

    public static readonly CustomsAct[] Nothing = [];
    public static readonly CustomsAct[] NotTakenIn = [new ReceiveFailed(Texts.NotTakenIn)];

    // Upon an application.
    public static readonly CustomsAct[] PassApplication =
        [.. UnderReview, new Approve { Opinion = Texts.ApplicationApproved }, new OpenQuestionnaire("")];

    public static readonly CustomsAct[] CorrectApplication =
        [.. UnderReview, new RequireCorrection { Opinion = Texts.ApplicationCorrection }];

    public static readonly CustomsAct[] RefuseApplication =
        [new Received(), new NotAccept { Opinion = Texts.ApplicationNotAccepted }];

    public static readonly CustomsAct[] RejectApplication =
        [.. UnderReview, new Reject { Opinion = Texts.ApplicationRejected }];

    public static readonly CustomsAct[] PassApplicationAtOnce =
        [new Received(), new Approve { Opinion = Texts.ApplicationApproved }, new OpenQuestionnaire("")];

    public static readonly CustomsAct[] CorrectApplicationAtOnce =
        [new Received(), new RequireCorrection { Opinion = Texts.ApplicationCorrection }];

    public static readonly CustomsAct[] RefuseApplicationUnderReview =
        [.. UnderReview, new NotAccept { Opinion = Texts.ApplicationNotAccepted }];

    public static readonly CustomsAct[] RejectApplicationAtOnce =
        [new Received(), new Reject { Opinion = Texts.ApplicationRejected }];

    // Upon the answer to a review.
    public static readonly CustomsAct[] GoIntoReview = [new Received(), new OpenQuestionnaire("")];
    public static readonly CustomsAct[] LeaveReview = [new Received()];

    // Upon a questionnaire.
    private static readonly CustomsAct[] ApproveQuestionnaire =
        [.. UnderReview, new Approve { Opinion = Texts.QuestionnaireApproved }];

    public static readonly CustomsAct[] PassQuestionnaire =
        [.. ApproveQuestionnaire, new ApproveAssessment { Opinion = Texts.AssessmentApproved }, OpenProtocol];

    public static readonly CustomsAct[] CorrectQuestionnaire =
        [.. UnderReview, new RequireCorrection { Opinion = Texts.QuestionnaireCorrection }];

    public static readonly CustomsAct[] CorrectTwoQuestions =
        [.. UnderReview, new RequireCorrection { Opinion = Texts.QuestionsMarked, QuestionIds = MarkedQuestions.FirstOfParts3And4 }];

    public static readonly CustomsAct[] RefuseQuestionnaire =
        [new Received(), new NotAccept { Opinion = Texts.QuestionnaireNotAccepted }];

    public static readonly CustomsAct[] RejectQuestionnaire =
        [.. ApproveQuestionnaire, new Reject { Opinion = Texts.AssessmentRejected }];

    public static readonly CustomsAct[] AskRectification =
    [
        .. ApproveQuestionnaire,
        new RequireRectification("", Texts.RectificationRequirements1) { Opinion = Texts.RectificationRound1 },
    ];

    public static readonly CustomsAct[] CorrectQuestionnaireAtOnce =
        [new Received(), new RequireCorrection { Opinion = Texts.QuestionnaireCorrection }];

    public static readonly CustomsAct[] RefuseQuestionnaireUnderReview =
        [.. UnderReview, new NotAccept { Opinion = Texts.QuestionnaireNotAccepted }];

    public static readonly CustomsAct[] RejectQuestionnaireAtOnce =
        [new Received(), new Reject { Opinion = Texts.AssessmentRejected }];

    public static readonly CustomsAct[] RejectQuestionnaireUnderReview =
        [.. UnderReview, new Reject { Opinion = Texts.AssessmentRejected }];

    public static readonly CustomsAct[] AskRectificationAtOnce =
    [
        new Received(),
        new Approve { Opinion = Texts.QuestionnaireApproved },
        new RequireRectification("", Texts.RectificationRequirements1) { Opinion = Texts.RectificationRound1 },
    ];

    public static readonly CustomsAct[] NegotiateAtOnce = [.. ApproveQuestionnaire, OpenProtocol];

    public static readonly CustomsAct[] CloseAfterQuestionnaire =
        [.. ApproveQuestionnaire, new Close { Opinion = Texts.ClosedWithoutRevision }];

    public static readonly CustomsAct[] CloseAfterAssessment =
    [
        .. ApproveQuestionnaire,
        new ApproveAssessment { Opinion = Texts.AssessmentApproved },
        new Close { Opinion = Texts.ClosedWithoutRevision },
    ];

    // Upon the answer to a rectification.
    public static readonly CustomsAct[] PassRectification =
        [.. UnderReview, new Approve { Opinion = Texts.RectificationApproved }, OpenProtocol];

    public static readonly CustomsAct[] CloseAfterRectification =
    [
        .. UnderReview,
        new Approve { Opinion = Texts.RectificationApproved },
        new Close { Opinion = Texts.ClosedWithoutRevision },
    ];

    public static readonly CustomsAct[] AskRectificationAgain =
    [
        .. UnderReview,
        new RequireRectification("", Texts.RectificationRequirements2) { Opinion = Texts.RectificationRound2 },
    ];

    public static readonly CustomsAct[] CorrectRectification =
        [.. UnderReview, new RequireCorrection { Opinion = Texts.RectificationCorrection }];

    public static readonly CustomsAct[] RejectRectification =
        [.. UnderReview, new Reject { Opinion = Texts.RectificationRejected }];

    public static readonly CustomsAct[] AskRectificationAgainAtOnce =
    [
        new Received(),
        new RequireRectification("", Texts.RectificationRequirements2) { Opinion = Texts.RectificationRound2 },
    ];

    public static readonly CustomsAct[] PassRectificationAtOnce =
        [new Received(), new Approve { Opinion = Texts.RectificationApproved }, OpenProtocol];

    public static readonly CustomsAct[] CorrectRectificationAtOnce =
        [new Received(), new RequireCorrection { Opinion = Texts.RectificationCorrection }];

    public static readonly CustomsAct[] RejectRectificationAtOnce =
        [new Received(), new Reject { Opinion = Texts.RectificationRejected }];

    // Upon a reply about the protocol.
    public static readonly CustomsAct[] OpenSecondProtocolRound = [new Received(), new OpenRound(Texts.ProtocolRound2)];
    public static readonly CustomsAct[] OpenThirdProtocolRound = [new Received(), new OpenRound(Texts.ProtocolRound3)];
    public static readonly CustomsAct[] RejectNegotiation = [new Received(), new Reject { Opinion = Texts.NegotiationRejected }];

    public static readonly CustomsAct[] CompleteProtocol =
    [
        new Received(),
        new CompleteNegotiation { Opinion = Texts.ProtocolAgreed },
        new PublishProtocol { Opinion = Texts.ProtocolSigned },
        new PublishAnnouncement { Opinion = Texts.Announced },
        new OpenRound(Texts.CertificateRound1),
    ];

    // Upon a reply about the certificate, and upon the list of signing officers. That list has no status of its own, so nothing
    // says that it was received.
    public static readonly CustomsAct[] OpenSecondCertificateRound = [new Received(), new OpenRound(Texts.CertificateRound2)];
    public static readonly CustomsAct[] OpenThirdCertificateRound = [new Received(), new OpenRound(Texts.CertificateRound3)];

    public static readonly CustomsAct[] RejectCertificate = [new Received(), new Reject { Opinion = Texts.CertificateRejected }];

    public static readonly CustomsAct[] AwaitSignatories =
        [new Received(), new CompleteNegotiation { Opinion = Texts.SignatoriesAwaited }];

    public static readonly CustomsAct[] ConfirmCertificate =
        [new ConfirmCertificate { Opinion = Texts.CertificateConfirmed }, new Close { Opinion = Texts.Closed }];

    public static readonly CustomsAct[] CompleteCertificate =
        [new Received(), new CompleteNegotiation { Opinion = Texts.CertificateAgreed }, .. ConfirmCertificate];

    // After an assessment; whom and what it reviews is filled in from the case.
    public static readonly CustomsAct[] CompleteAndReview =
        [.. CompleteCertificate, SandboxReview.Of("", "", [])];
}
