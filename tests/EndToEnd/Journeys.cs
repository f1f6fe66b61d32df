namespace SingleWindowBridge.EndToEnd;

/// <summary>How cases go, without the bridge's own delivery.</summary>
internal static class Journeys
{
    private static readonly CaseEvent[] Submitted = [CaseEvent.Submit, CaseEvent.Received];
    private static readonly CaseEvent[] TakenOn = [.. Submitted, CaseEvent.Accept];

    /// <summary>A corrected questionnaire and two rounds of rectification.</summary>
    public static IEnumerable<(Stage Stage, CaseEvent Event)> CorrectionAndTwoRectifications { get; } =
    [
        .. In(Stage.Application, [.. TakenOn, CaseEvent.Approve]),
        .. In(Stage.Questionnaire, [CaseEvent.OpenQuestionnaire, .. TakenOn, CaseEvent.RequireCorrection]),
        .. In(Stage.Questionnaire, [.. TakenOn, CaseEvent.Approve]),
        .. In(Stage.Assessment, [CaseEvent.RequireRectification, .. TakenOn, CaseEvent.RequireRectification]),
        .. In(Stage.Assessment, [.. TakenOn, CaseEvent.Approve]),
        .. In(Stage.ProtocolNegotiation, [CaseEvent.OpenRound, .. Submitted, CaseEvent.CompleteNegotiation]),
        .. In(Stage.ProtocolSigning, [CaseEvent.PublishProtocol]),
        .. In(Stage.Announcement, [CaseEvent.PublishAnnouncement]),
        .. In(Stage.CertificateNegotiation, [CaseEvent.OpenRound, .. Submitted, CaseEvent.CompleteNegotiation]),
        .. In(Stage.CertificateConfirmation, [CaseEvent.ConfirmCertificate]),
        .. In(Stage.Completed, [CaseEvent.Close]),
    ];

    /// <summary>A review that is accepted and rectified once, to its certificate.</summary>
    public static IEnumerable<(Stage Stage, CaseEvent Event)> AcceptedReview { get; } =
    [
        .. In(Stage.Reception, [CaseEvent.StartReview, CaseEvent.AcceptReview, CaseEvent.Received]),
        .. In(Stage.Questionnaire, [CaseEvent.OpenQuestionnaire, .. TakenOn, CaseEvent.Approve]),
        .. In(Stage.Assessment, [CaseEvent.RequireRectification, .. TakenOn, CaseEvent.Approve]),
        .. In(Stage.ProtocolNegotiation, [CaseEvent.OpenRound, .. Submitted, CaseEvent.CompleteNegotiation]),
        .. In(Stage.ProtocolSigning, [CaseEvent.PublishProtocol]),
        .. In(Stage.Announcement, [CaseEvent.PublishAnnouncement]),
        .. In(Stage.CertificateNegotiation, [CaseEvent.OpenRound, .. Submitted, CaseEvent.CompleteNegotiation]),
        .. In(Stage.CertificateConfirmation, [CaseEvent.ConfirmCertificate]),
        .. In(Stage.Completed, [CaseEvent.Close]),
    ];

    /// <summary>A review that is accepted, rectified once and then closed.</summary>
    public static IEnumerable<(Stage Stage, CaseEvent Event)> ReviewClosedAfterRectification { get; } =
        [.. AcceptedReview.TakeWhile(step => step.Stage != Stage.ProtocolNegotiation), (Stage.Completed, CaseEvent.Close)];

    private static IEnumerable<(Stage Stage, CaseEvent Event)> In(Stage stage, CaseEvent[] events) =>
        events.Select(each => (stage, each));
}
