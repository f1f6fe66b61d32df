using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>
/// A case as the manual has it, written down apart from everything that the product has: which event is allowed in
/// which stage and status, and where it leads. "=" keeps the stage.
/// </summary>
/// <param name="answer">The authority's answer to the review; null for an assessment.</param>
internal sealed class CaseModel(SubmissionKind? answer = null)
{
    private const string Reviewed = "APPLICATION|QUESTIONNAIRE|ASSESSMENT";
    private const string Negotiated = "PROTOCOL_NEGOTIATION|CERTIFICATE_NEGOTIATION";
    private const string Submitted = $"RECEPTION|{Reviewed}|{Negotiated}";
    private const string OnItsWay = "DECLARED|SENT|SEND_FAILED";
    private const string WithCustoms = "RECEIVED|ACCEPTED";

    private static readonly (string Stages, string Statuses, string Event, string NextStage, string NextStatus)[] Rules =
    [
        ("-", "-", "submit Application", "APPLICATION", "DECLARED"),
        ("APPLICATION", "RECEIVE_FAILED|CORRECTION_REQUIRED", "submit Application", "=", "DECLARED"),
        ("QUESTIONNAIRE", "PENDING|RECEIVE_FAILED|CORRECTION_REQUIRED", "submit Questionnaire", "=", "DECLARED"),
        ("ASSESSMENT", "PENDING|RECEIVE_FAILED|CORRECTION_REQUIRED", "submit Rectification", "=", "DECLARED"),
        ("PROTOCOL_NEGOTIATION", "PENDING|RECEIVE_FAILED", "submit ProtocolReply", "=", "DECLARED"),
        ("CERTIFICATE_NEGOTIATION", "PENDING|RECEIVE_FAILED", "submit CertificateReply", "=", "DECLARED"),
        ("CERTIFICATE_NEGOTIATION", "APPROVED", "submit Signatories", "=", "APPROVED"),
        (Submitted, "DECLARED", "send_failed", "=", "SEND_FAILED"),
        (Submitted, "SEND_FAILED", "redeliver", "=", "DECLARED"),
        (Submitted, OnItsWay, "Received", "=", "RECEIVED"),
        (Submitted, OnItsWay, "ReceiveFailed", "=", "RECEIVE_FAILED"),
        (Reviewed, "RECEIVED", "Accept", "=", "ACCEPTED"),
        ("APPLICATION|QUESTIONNAIRE", WithCustoms, "NotAccept", "=", "NOT_ACCEPTED"),
        (Reviewed, WithCustoms, "RequireCorrection", "=", "CORRECTION_REQUIRED"),
        (Reviewed, WithCustoms, "Approve", "=", "APPROVED"),
        ("QUESTIONNAIRE", "APPROVED", "ApproveAssessment", "ASSESSMENT", "APPROVED"),
        ("APPLICATION", "APPROVED", "OpenQuestionnaire", "QUESTIONNAIRE", "PENDING"),
        ("QUESTIONNAIRE", "APPROVED", "RequireRectification", "ASSESSMENT", "PENDING"),
        ("ASSESSMENT", WithCustoms, "RequireRectification", "=", "PENDING"),
        ("QUESTIONNAIRE|ASSESSMENT", "APPROVED", "OpenRound", "PROTOCOL_NEGOTIATION", "PENDING"),
        (Negotiated, "RECEIVED", "OpenRound", "=", "PENDING"),
        (Negotiated, "RECEIVED", "CompleteNegotiation", "=", "APPROVED"),
        ("PROTOCOL_NEGOTIATION", "APPROVED", "PublishProtocol", "PROTOCOL_SIGNING", "APPROVED"),
        ("PROTOCOL_SIGNING", "APPROVED", "PublishAnnouncement", "ANNOUNCEMENT", "APPROVED"),
        ("ANNOUNCEMENT", "APPROVED", "OpenRound", "CERTIFICATE_NEGOTIATION", "PENDING"),
        ("CERTIFICATE_NEGOTIATION", "APPROVED", "ConfirmCertificate", "CERTIFICATE_CONFIRMATION", "APPROVED"),
        ("CERTIFICATE_CONFIRMATION", "APPROVED", "Close", "COMPLETED", "APPROVED"),
        ($"{Reviewed}|{Negotiated}", WithCustoms, "Reject", "COMPLETED", "REJECTED"),
        ("QUESTIONNAIRE", "APPROVED", "Reject", "COMPLETED", "REJECTED"),
    ];

    // What is otherwise for reviews.
    private static readonly (string Stages, string Statuses, string Event, string NextStage, string NextStatus)[] ReviewRules =
    [
        ("-", "-", "StartReview", "RECEPTION", "PENDING"),
        ("RECEPTION", "PENDING|RECEIVE_FAILED", "submit ReviewAcceptance", "=", "DECLARED"),
        ("RECEPTION", "PENDING|RECEIVE_FAILED", "submit ReviewRefusal", "=", "DECLARED"),
        ("RECEPTION", "RECEIVED", "OpenQuestionnaire", "QUESTIONNAIRE", "PENDING"),
        ("QUESTIONNAIRE|ASSESSMENT", "APPROVED", "Close", "COMPLETED", "APPROVED"),
        .. Rules.Where(rule => rule.Event != "submit Application"),
    ];

    public string Stage { get; private set; } = "-";

    public string Status { get; private set; } = "-";

    /// <summary>What the authority must submit for the case to go on; null while it is Customs' turn.</summary>
    public SubmissionKind? Owed => (Stage, Status) switch
    {
        ("-", _) => SubmissionKind.Application,
        ("RECEPTION", "PENDING" or "RECEIVE_FAILED") => answer,
        (_, not ("PENDING" or "RECEIVE_FAILED" or "CORRECTION_REQUIRED")) => null,
        ("APPLICATION", _) => SubmissionKind.Application,
        ("QUESTIONNAIRE", _) => SubmissionKind.Questionnaire,
        ("ASSESSMENT", _) => SubmissionKind.Rectification,
        ("PROTOCOL_NEGOTIATION", _) => SubmissionKind.ProtocolReply,
        _ => SubmissionKind.CertificateReply,
    };

    private IEnumerable<(string Stages, string Statuses, string Event, string NextStage, string NextStatus)> Allowed =>
        answer is null ? Rules : ReviewRules;

    public bool Allows(string happening) => Allowed.Any(r => Fits(r, happening));

    public void Apply(string happening)
    {
        Assert.True(Allows(happening), $"{happening} is not allowed in {Stage} {Status}.");
        var rule = Allowed.Single(r => Fits(r, happening));
        if (answer == SubmissionKind.ReviewRefusal && happening == "Received")
            rule = rule with { NextStage = "COMPLETED", NextStatus = "REJECTED" };
        Stage = rule.NextStage == "=" ? Stage : rule.NextStage;
        Status = rule.NextStatus;
    }

    /// <summary>Applies an act of Customs and checks that it brings what the manual asks for.</summary>
    public void Apply(CustomsAct act)
    {
        Apply(act.GetType().Name);
        switch (act)
        {
            case NotAccept or RequireCorrection or Reject:
                AssertBilingual(act.Opinion);
                break;
            case ReceiveFailed failed:
                AssertBilingual(failed.FailureReason);
                break;
            case RequireRectification asked:
                Assert.Matches("^[A-Z0-9]{18}$", asked.Number);
                AssertBilingual(asked.Requirements);
                break;
            case StartReview start:
                AssertBilingual(start.Summary);
                break;
            case OpenRound opened:
                AssertChinese(opened.Text.Zh);
                Assert.NotEmpty(opened.Text.En);
                break;
        }

        if (act.Opinion.Length > 0) AssertBilingual(act.Opinion);
        if (act is PublishProtocol or ConfirmCertificate or StartReview) Assert.NotEmpty(act.Files);
        Assert.All(act.Files, f => PdfCheck.Check(f.Content.ToArray()));
    }

    private bool Fits((string Stages, string Statuses, string Event, string, string) rule, string happening) =>
        rule.Event == happening && rule.Stages.Split('|').Contains(Stage) && rule.Statuses.Split('|').Contains(Status);

    private static void AssertBilingual(string text)
    {
        var lines = text.Split('\n');
        Assert.Equal(2, lines.Length);
        AssertChinese(lines[0]);
        Assert.All(lines[1], c => Assert.InRange(c, ' ', '~'));
    }

    private static void AssertChinese(string text) => Assert.Contains(text, c => c is >= '\u4e00' and <= '\u9fff');
}
