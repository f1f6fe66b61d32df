using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>The kinds of submission that a scenario tells apart.</summary>
public enum SubmissionKind
{
    /// <summary>The application form.</summary>
    Application = 1,

    /// <summary>A filled questionnaire.</summary>
    Questionnaire = 2,

    /// <summary>The answer to a rectification.</summary>
    Rectification = 3,

    /// <summary>A reply in the negotiation of the protocol.</summary>
    ProtocolReply = 4,

    /// <summary>A reply in the negotiation of the certificate.</summary>
    CertificateReply = 5,

    /// <summary>The list of signing officers.</summary>
    Signatories = 6,

    /// <summary>The acceptance of a review.</summary>
    ReviewAcceptance = 7,

    /// <summary>The refusal of a review.</summary>
    ReviewRefusal = 8,
}

/// <summary>Tells the kind of a submission.</summary>
public static class SubmissionKinds
{
    /// <summary>The kind of this content.</summary>
    /// <exception cref="ArgumentException">It is a content of which Customs knows nothing.</exception>
    public static SubmissionKind KindOf(SubmissionContent content) => content switch
    {
        ApplicationContent => SubmissionKind.Application,
        QuestionnaireContent => SubmissionKind.Questionnaire,
        RectificationContent => SubmissionKind.Rectification,
        NegotiationContent { Topic: NegotiationTopic.Protocol } => SubmissionKind.ProtocolReply,
        NegotiationContent { Topic: NegotiationTopic.Certificate } => SubmissionKind.CertificateReply,
        SignatoriesContent => SubmissionKind.Signatories,
        ReviewAnswerContent { Accepted: true } => SubmissionKind.ReviewAcceptance,
        ReviewAnswerContent => SubmissionKind.ReviewRefusal,
        _ => throw new ArgumentException($"No kind of submission: {content}.", nameof(content)),
    };
}
