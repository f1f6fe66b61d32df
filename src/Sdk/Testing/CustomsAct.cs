namespace SingleWindowBridge.Testing;

/// <summary>One act of the simulated Customs, done by hand: one of the records nested here.</summary>
public abstract record CustomsAct
{
    private CustomsAct()
    {
    }

    /// <summary>The submission has arrived: from Declared, Sent or SendFailed to Received; of a declined review to Completed
    /// Rejected.</summary>
    /// <param name="Opinion">An opinion, if any.</param>
    public sealed record Received(string? Opinion = null) : CustomsAct;

    /// <summary>The submission could not be taken in: from Declared, Sent or SendFailed to ReceiveFailed.</summary>
    /// <param name="FailureReason">Why. Required.</param>
    public sealed record ReceiveFailed(string FailureReason) : CustomsAct;

    /// <summary>The submission is under review: from Received to Accepted.</summary>
    /// <param name="Opinion">An opinion, if any.</param>
    public sealed record Accept(string? Opinion = null) : CustomsAct;

    /// <summary>The submission is refused: from Received or Accepted to NotAccepted.</summary>
    /// <param name="Opinion">The opinion. Required.</param>
    public sealed record NotAccept(string Opinion) : CustomsAct;

    /// <summary>The submission must be amended: from Received or Accepted to CorrectionRequired.</summary>
    /// <param name="Opinion">The opinion. Required.</param>
    /// <param name="QuestionIds">The ids of the questions concerned, for a questionnaire; null for none.</param>
    public sealed record RequireCorrection(string Opinion, IReadOnlyList<string>? QuestionIds = null) : CustomsAct;

    /// <summary>The stage is passed: from Received or Accepted to Approved.</summary>
    /// <param name="Opinion">An opinion, if any.</param>
    public sealed record Approve(string? Opinion = null) : CustomsAct;

    /// <summary>The assessment is passed without a rectification: from Questionnaire Approved to Assessment Approved.</summary>
    /// <param name="Opinion">An opinion, if any.</param>
    public sealed record ApproveAssessment(string? Opinion = null) : CustomsAct;

    /// <summary>The questionnaire is opened: from Application Approved, or of an accepted review from Reception Received, to
    /// Questionnaire Pending.</summary>
    /// <param name="TemplateId">The template's id; null for the one that the case's products call for.</param>
    /// <param name="Opinion">An opinion, if any.</param>
    public sealed record OpenQuestionnaire(string? TemplateId = null, string? Opinion = null) : CustomsAct;

    /// <summary>A rectification is asked for: to Assessment Pending.</summary>
    /// <param name="Requirements">The requirements. Required.</param>
    /// <param name="Files">Files; null for none.</param>
    /// <param name="Opinion">An opinion, if any.</param>
    public sealed record RequireRectification(
        string Requirements, IReadOnlyList<SandboxFile>? Files = null, string? Opinion = null) : CustomsAct;

    /// <summary>A round of negotiation is opened: to ProtocolNegotiation or CertificateNegotiation Pending.</summary>
    /// <param name="Text">The text, in at least one language.</param>
    /// <param name="Files">Files; null for none.</param>
    /// <param name="Opinion">An opinion, if any.</param>
    public sealed record OpenRound(
        NegotiationText Text, IReadOnlyList<SandboxFile>? Files = null, string? Opinion = null) : CustomsAct;

    /// <summary>The negotiation is complete: from Received to Approved.</summary>
    /// <param name="Opinion">An opinion, if any.</param>
    public sealed record CompleteNegotiation(string? Opinion = null) : CustomsAct;

    /// <summary>The signed protocol is delivered: from ProtocolNegotiation Approved to ProtocolSigning.</summary>
    /// <param name="Files">The files; a specimen is made where none is given.</param>
    /// <param name="Opinion">An opinion, if any.</param>
    public sealed record PublishProtocol(IReadOnlyList<SandboxFile>? Files = null, string? Opinion = null) : CustomsAct;

    /// <summary>The announcement is published: from ProtocolSigning to Announcement.</summary>
    /// <param name="Opinion">An opinion, if any.</param>
    public sealed record PublishAnnouncement(string? Opinion = null) : CustomsAct;

    /// <summary>The certificate forms are confirmed: from CertificateNegotiation Approved to CertificateConfirmation.</summary>
    /// <param name="Files">The files; a specimen is made where none is given.</param>
    /// <param name="Opinion">An opinion, if any.</param>
    public sealed record ConfirmCertificate(IReadOnlyList<SandboxFile>? Files = null, string? Opinion = null) : CustomsAct;

    /// <summary>The case is closed: from CertificateConfirmation Approved to Completed Approved; a review, where the protocol
    /// needs no revision, also from Questionnaire or Assessment Approved.</summary>
    /// <param name="Opinion">An opinion, if any.</param>
    public sealed record Close(string? Opinion = null) : CustomsAct;

    /// <summary>The assessment is not passed: to Completed Rejected.</summary>
    /// <param name="Opinion">The opinion. Required.</param>
    public sealed record Reject(string Opinion) : CustomsAct;
}
