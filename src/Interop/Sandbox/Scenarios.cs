using static SingleWindowBridge.Interop.Sandbox.Turns;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>The scenarios, as a table: each says only where it differs from the straight way.</summary>
public static class Scenarios
{
    private static readonly ScenarioTurns Straight = new()
    {
        Application = [PassApplication],
        Questionnaire = [PassQuestionnaire],
        Rectification = [PassRectification],
        ProtocolReply = [CompleteProtocol],
        CertificateReply = [CompleteCertificate],
        Signatories = [Nothing],
        ReviewAcceptance = [GoIntoReview],
        ReviewRefusal = [LeaveReview],
    };

    /// <summary>All scenarios; the first is the one used where none is set.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("straight_through",
            "一切顺利：申请、问卷、评估、议定书、证书依次通过，直至办结。",
            "Everything passes at the first go: application, questionnaire, assessment, protocol and certificate, to the close.",
            Straight),

        new("with_signatories",
            "证书磋商完成后，海关等待主管当局提交签证官名单，收到后确认证书并办结。",
            "When the certificate is negotiated, Customs waits for the list of signing officers, then confirms the form and closes.",
            Straight with { CertificateReply = [AwaitSignatories], Signatories = [ConfirmCertificate, Nothing] }),

        new("application_correction",
            "申请首次提交被要求补齐补正，再次提交后通过，其后一切顺利。",
            "The first application must be amended; the second one passes, and everything after it.",
            Straight with { Application = [CorrectApplication, PassApplication] }),

        new("application_not_accepted",
            "申请不予受理。",
            "The application is not accepted.",
            Straight with { Application = [RefuseApplication] }),

        new("application_rejected",
            "申请受理后审核不通过。",
            "The application is taken under review and rejected.",
            Straight with { Application = [RejectApplication] }),

        new("questionnaire_correction",
            "问卷首次提交被要求补齐补正，再次提交后通过，其后一切顺利。",
            "The first questionnaire must be amended; the second one passes, and everything after it.",
            Straight with { Questionnaire = [CorrectQuestionnaire, PassQuestionnaire] }),

        new("questions_marked",
            "问卷首次提交被要求补齐补正，并标记第三、第四部分的首个问题；再次提交后通过，其后一切顺利。",
            "The first questionnaire must be amended, with the first questions of parts 3 and 4 marked; the second one passes, and "
            + "everything after it.",
            Straight with { Questionnaire = [CorrectTwoQuestions, PassQuestionnaire] }),

        new("questionnaire_not_accepted",
            "问卷不予受理。",
            "The questionnaire is not accepted.",
            Straight with { Questionnaire = [RefuseQuestionnaire] }),

        new("questionnaire_rejected",
            "问卷审核通过，但评估不通过，未要求整改。",
            "The questionnaire is approved, but the assessment is not passed and no rectification is asked for.",
            Straight with { Questionnaire = [RejectQuestionnaire] }),

        new("one_rectification",
            "评估要求整改一次，整改后通过。",
            "The assessment asks for one rectification and then passes.",
            Straight with { Questionnaire = [AskRectification] }),

        new("two_rectifications",
            "评估要求整改两轮，第二轮后通过。",
            "The assessment asks for two rounds of rectification and then passes.",
            Straight with { Questionnaire = [AskRectification], Rectification = [AskRectificationAgain, PassRectification] }),

        new("correction_and_two_rectifications",
            "问卷补齐补正一次，评估要求整改两轮，其后一切顺利。",
            "The questionnaire is amended once, the assessment asks for two rounds of rectification, then everything passes.",
            Straight with
            {
                Questionnaire = [CorrectQuestionnaire, AskRectification],
                Rectification = [AskRectificationAgain, PassRectification],
            }),

        new("rectification_correction",
            "评估要求整改一次，整改情况说明被要求补齐补正，再次提交后通过。",
            "The assessment asks for one rectification, whose answer must be amended; the second answer passes.",
            Straight with { Questionnaire = [AskRectification], Rectification = [CorrectRectification, PassRectification] }),

        new("rectification_rejected",
            "评估要求整改，整改审核不通过。",
            "The assessment asks for a rectification and rejects the answer.",
            Straight with { Questionnaire = [AskRectification], Rectification = [RejectRectification] }),

        new("three_negotiation_rounds",
            "议定书和官方证书各磋商三轮后完成。",
            "The protocol and the certificate are each negotiated in three rounds.",
            Straight with
            {
                ProtocolReply = [OpenSecondProtocolRound, OpenThirdProtocolRound, CompleteProtocol],
                CertificateReply = [OpenSecondCertificateRound, OpenThirdCertificateRound, CompleteCertificate],
            }),

        new("negotiation_rejected",
            "议定书磋商未能达成一致，审核不通过。",
            "The negotiation of the protocol comes to no agreement and the case is rejected.",
            Straight with { ProtocolReply = [RejectNegotiation] }),

        new("receive_failed",
            "每类材料首次提交海关均接收失败，再次提交后通过。",
            "The first submission of each kind cannot be taken in by Customs; the second one goes through.",
            Straight with
            {
                Application = [NotTakenIn, PassApplication],
                Questionnaire = [NotTakenIn, PassQuestionnaire],
                Rectification = [NotTakenIn, PassRectification],
                ProtocolReply = [NotTakenIn, CompleteProtocol],
                CertificateReply = [NotTakenIn, CompleteCertificate],
                ReviewAcceptance = [NotTakenIn, GoIntoReview],
                ReviewRefusal = [NotTakenIn, LeaveReview],
            }),

        new("send_failed",
            "首次提交发往海关失败，重新发送后一切顺利。",
            "The first submission cannot be sent to Customs until the authority has it sent again; then everything passes.",
            Straight) { RefusesFirstDelivery = true },

        new("review_after_completion",
            "评估审查办结后，海关随即发起回顾性检查；其后一切顺利。",
            "When the assessment is closed, Customs starts a review of it; everything passes in both.",
            Straight with { CertificateReply = [CompleteAndReview] }) { ReviewTurns = Straight },

        new("review_closed_at_questionnaire",
            "回顾性检查：问卷审核通过后即办结，议定书无需修订。评估审查则一切顺利。",
            "A review is closed when the questionnaire is approved, as the protocol needs no revision. Assessments pass.",
            Straight) { ReviewTurns = Straight with { Questionnaire = [CloseAfterQuestionnaire] } },

        new("review_closed_at_assessment",
            "回顾性检查：评估通过后即办结，议定书无需修订。评估审查则一切顺利。",
            "A review is closed when the assessment is passed, as the protocol needs no revision. Assessments pass.",
            Straight) { ReviewTurns = Straight with { Questionnaire = [CloseAfterAssessment] } },

        new("review_closed_after_rectification",
            "回顾性检查：要求整改一次，整改通过后即办结，议定书无需修订。评估审查则一切顺利。",
            "A review asks for one rectification and is closed when that is passed. Assessments pass.",
            Straight)
        {
            ReviewTurns = Straight with { Questionnaire = [AskRectification], Rectification = [CloseAfterRectification] },
        },

        new("decided_at_once",
            "海关接收后不经受理即作决定：申请、问卷即通过，整改两轮后通过。",
            "Customs decides as soon as it has received, without taking under review: application and questionnaire pass, the second of "
            + "two rectifications does.",
            Straight with
            {
                Application = [PassApplicationAtOnce],
                Questionnaire = [AskRectificationAtOnce],
                Rectification = [AskRectificationAgainAtOnce, PassRectificationAtOnce],
            }),

        new("corrected_at_once",
            "申请、问卷、整改情况说明首次提交均在接收后即被要求补齐补正，再次提交后通过。",
            "The first application, questionnaire and answer to a rectification must be amended as soon as they are received; the second "
            + "ones pass.",
            Straight with
            {
                Application = [CorrectApplicationAtOnce, PassApplication],
                Questionnaire = [CorrectQuestionnaireAtOnce, AskRectification],
                Rectification = [CorrectRectificationAtOnce, PassRectification],
            }),

        new("application_not_accepted_under_review",
            "申请受理后又不予受理。",
            "The application is taken under review and then not accepted.",
            Straight with { Application = [RefuseApplicationUnderReview] }),

        new("application_rejected_at_once",
            "申请接收后即审核不通过。",
            "The application is rejected as soon as it is received.",
            Straight with { Application = [RejectApplicationAtOnce] }),

        new("questionnaire_not_accepted_under_review",
            "问卷受理后又不予受理。",
            "The questionnaire is taken under review and then not accepted.",
            Straight with { Questionnaire = [RefuseQuestionnaireUnderReview] }),

        new("questionnaire_rejected_at_once",
            "问卷接收后即审核不通过。",
            "The questionnaire is rejected as soon as it is received.",
            Straight with { Questionnaire = [RejectQuestionnaireAtOnce] }),

        new("questionnaire_rejected_under_review",
            "问卷受理后审核不通过。",
            "The questionnaire is taken under review and rejected.",
            Straight with { Questionnaire = [RejectQuestionnaireUnderReview] }),

        new("rectification_rejected_at_once",
            "整改情况说明接收后即审核不通过。",
            "The answer to a rectification is rejected as soon as it is received.",
            Straight with { Questionnaire = [AskRectification], Rectification = [RejectRectificationAtOnce] }),

        new("rectification_receive_failed",
            "整改情况说明首次提交海关接收失败，再次提交后通过。",
            "The first answer to a rectification cannot be taken in by Customs; the second one passes.",
            Straight with { Questionnaire = [AskRectification], Rectification = [NotTakenIn, PassRectification] }),

        new("negotiated_at_once",
            "问卷审核通过后，海关不另行通知评估结果即发起议定书磋商。",
            "When the questionnaire is approved, Customs opens the negotiation of the protocol without saying that the assessment is passed.",
            Straight with { Questionnaire = [NegotiateAtOnce] }),

        new("certificate_rejected",
            "官方证书磋商未能达成一致，审核不通过。",
            "The negotiation of the certificate comes to no agreement and the case is rejected.",
            Straight with { CertificateReply = [RejectCertificate] }),

        new("manual",
            "海关不自动处理，由测试者逐一操作。",
            "Customs does nothing by itself; every act is done by hand.",
            new()
            {
                Application = [Nothing],
                Questionnaire = [Nothing],
                Rectification = [Nothing],
                ProtocolReply = [Nothing],
                CertificateReply = [Nothing],
                Signatories = [Nothing],
                ReviewAcceptance = [Nothing],
                ReviewRefusal = [Nothing],
            }),
    ];

    private static readonly Dictionary<string, Scenario> ByName = All.ToDictionary(s => s.Name, StringComparer.Ordinal);

    /// <summary>The scenario of this name, or null if there is none.</summary>
    public static Scenario? Find(string name) => ByName.GetValueOrDefault(name);
}
