using System.Text.Json;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>Submissions as an authority makes them.</summary>
internal static class Samples
{
    /// <summary>An act as text, without its files: what two acts that say the same have in common.</summary>
    public static string Text(CustomsAct act) => JsonSerializer.Serialize(act with { Files = [] });

    /// <summary>A value for a parameter of a message.</summary>
    public static object ValueOf(Type type) => type switch
    {
        _ when type == typeof(string) => "文 text",
        _ when type == typeof(TrilingualText) => new TrilingualText("文", "text", ""),
        _ when type == typeof(ContactPerson) => new ContactPerson("部门", "Name", "Position", "86", "10", "12345678", "a@b.example"),
        _ when type == typeof(IReadOnlyList<string>) => new[] { "BEEF", "PORK" },
        _ => throw new ArgumentException($"No sample of {type}", nameof(type)),
    };

    public const string CaseNumber = "202511000000026467";

    public const string ReviewNumber = "01KA8BERGZQ4ZQJ7KJ41GPWGH3";

    private static readonly ContactPerson Contact = new("Export", "A. Person", "Director", "64", "4", "8940100", "a@example.org");

    private static readonly Attachment File = new("letter.pdf", "application/pdf", 1024, new string('a', 64));

    public static Submission Submission(SubmissionKind kind = SubmissionKind.Application, string caseNumber = CaseNumber) =>
        new(MessageId(), DateTimeOffset.UnixEpoch, caseNumber, "NZ-MPI", Delivery: 1, Content(kind));

    public static string MessageId() => Guid.NewGuid().ToString().ToUpperInvariant();

    private static SubmissionContent Content(SubmissionKind kind) => kind switch
    {
        SubmissionKind.Application => new ApplicationContent("DAIRY", ["INFANT_FORMULA"], Contact, "Infant formula", [File]),
        SubmissionKind.Questionnaire => new QuestionnaireContent("dairy", 1, []),
        SubmissionKind.Rectification => new RectificationContent("QH959CSFZ8M2BQ2YZB", 1, "Done.", [File]),
        SubmissionKind.ProtocolReply => new NegotiationContent(NegotiationTopic.Protocol, 1, new("", "We agree.", ""), []),
        SubmissionKind.CertificateReply => new NegotiationContent(NegotiationTopic.Certificate, 1, new("", "We agree.", ""), []),
        SubmissionKind.ReviewAcceptance => new ReviewAnswerContent(true, Contact),
        SubmissionKind.ReviewRefusal => new ReviewAnswerContent(false, Contact),
        _ => new SignatoriesContent([new Officer("A. Person", "Officer", File)], [], []),
    };
}
