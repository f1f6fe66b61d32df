using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindow.Tests.Workflow;

/// <summary>
/// What the user manual lets happen to a case, event by event, written down apart from the server's own table. A place and event
/// without a line here must be refused.
/// </summary>
public static class ExpectedTable
{
    // A = assessment, R = review. "new": there is no case yet. "*": every stage. "same": stays. "gone": the case is no more.
    private const string Lines = """
        authority SAVE                  A  new                                            -                                          APPLICATION DRAFT
        authority SAVE                  A  APPLICATION                                    DRAFT,RECEIVE_FAILED,CORRECTION_REQUIRED   APPLICATION DRAFT
        authority SAVE                  AR QUESTIONNAIRE,ASSESSMENT                       PENDING,DRAFT,RECEIVE_FAILED,CORRECTION_REQUIRED same DRAFT
        authority SAVE                  AR PROTOCOL_NEGOTIATION,CERTIFICATE_NEGOTIATION   PENDING,DRAFT,RECEIVE_FAILED               same DRAFT
        authority SUBMIT                A  new                                            -                                          APPLICATION DECLARED
        authority SUBMIT                A  APPLICATION                                    DRAFT,RECEIVE_FAILED,CORRECTION_REQUIRED   APPLICATION DECLARED
        authority SUBMIT                AR QUESTIONNAIRE,ASSESSMENT                       PENDING,DRAFT,RECEIVE_FAILED,CORRECTION_REQUIRED same DECLARED
        authority SUBMIT                AR PROTOCOL_NEGOTIATION,CERTIFICATE_NEGOTIATION   PENDING,DRAFT,RECEIVE_FAILED               same DECLARED
        authority DISCARD               A  APPLICATION                                    DRAFT:never_submitted                      gone gone
        authority SUBMIT_SIGNATORIES    AR CERTIFICATE_NEGOTIATION                        APPROVED                                   same same
        authority REDELIVER             AR *                                              SEND_FAILED                                same DECLARED
        authority ACCEPT_REVIEW         R  RECEPTION                                      PENDING,RECEIVE_FAILED                     same DECLARED
        authority DECLINE_REVIEW        R  RECEPTION                                      PENDING,RECEIVE_FAILED                     same DECLARED
        delivery  SENT                  AR *                                              DECLARED,SEND_FAILED                       same SENT
        delivery  SEND_FAILED           AR *                                              DECLARED                                   same SEND_FAILED
        customs   START_REVIEW          R  new                                            -                                          RECEPTION PENDING
        customs   RECEIVED              R  RECEPTION                                      DECLARED,SENT,SEND_FAILED:declined         COMPLETED REJECTED
        customs   RECEIVED              AR *                                              DECLARED,SENT,SEND_FAILED                  same RECEIVED
        customs   RECEIVE_FAILED        AR *                                              DECLARED,SENT,SEND_FAILED                  same RECEIVE_FAILED
        customs   ACCEPT                AR APPLICATION,QUESTIONNAIRE,ASSESSMENT           RECEIVED                                   same ACCEPTED
        customs   NOT_ACCEPT            A  APPLICATION                                    RECEIVED,ACCEPTED                          same NOT_ACCEPTED
        customs   NOT_ACCEPT            AR QUESTIONNAIRE                                  RECEIVED,ACCEPTED                          same NOT_ACCEPTED
        customs   REQUIRE_CORRECTION    AR APPLICATION,QUESTIONNAIRE,ASSESSMENT           RECEIVED,ACCEPTED                          same CORRECTION_REQUIRED
        customs   APPROVE               A  APPLICATION                                    RECEIVED,ACCEPTED                          same APPROVED
        customs   APPROVE               AR QUESTIONNAIRE,ASSESSMENT                       RECEIVED,ACCEPTED                          same APPROVED
        customs   OPEN_QUESTIONNAIRE    A  APPLICATION                                    APPROVED                                   QUESTIONNAIRE PENDING
        customs   OPEN_QUESTIONNAIRE    R  RECEPTION                                      RECEIVED:accepted                          QUESTIONNAIRE PENDING
        customs   APPROVE_ASSESSMENT    AR QUESTIONNAIRE                                  APPROVED                                   ASSESSMENT APPROVED
        customs   REQUIRE_RECTIFICATION AR QUESTIONNAIRE                                  APPROVED                                   ASSESSMENT PENDING
        customs   REQUIRE_RECTIFICATION AR ASSESSMENT                                     RECEIVED,ACCEPTED                          ASSESSMENT PENDING
        customs   OPEN_ROUND            AR QUESTIONNAIRE,ASSESSMENT                       APPROVED                                   PROTOCOL_NEGOTIATION PENDING
        customs   OPEN_ROUND            AR PROTOCOL_NEGOTIATION,CERTIFICATE_NEGOTIATION   RECEIVED                                   same PENDING
        customs   OPEN_ROUND            AR ANNOUNCEMENT                                   APPROVED                                   CERTIFICATE_NEGOTIATION PENDING
        customs   COMPLETE_NEGOTIATION  AR PROTOCOL_NEGOTIATION,CERTIFICATE_NEGOTIATION   RECEIVED                                   same APPROVED
        customs   PUBLISH_PROTOCOL      AR PROTOCOL_NEGOTIATION                           APPROVED                                   PROTOCOL_SIGNING APPROVED
        customs   PUBLISH_ANNOUNCEMENT  AR PROTOCOL_SIGNING                               APPROVED                                   ANNOUNCEMENT APPROVED
        customs   CONFIRM_CERTIFICATE   AR CERTIFICATE_NEGOTIATION                        APPROVED                                   CERTIFICATE_CONFIRMATION APPROVED
        customs   CLOSE                 AR CERTIFICATE_CONFIRMATION                       APPROVED                                   COMPLETED APPROVED
        customs   CLOSE                 R  QUESTIONNAIRE,ASSESSMENT                       APPROVED                                   COMPLETED APPROVED
        customs   REJECT                AR APPLICATION,QUESTIONNAIRE,ASSESSMENT,PROTOCOL_NEGOTIATION,CERTIFICATE_NEGOTIATION RECEIVED,ACCEPTED COMPLETED REJECTED
        customs   REJECT                AR QUESTIONNAIRE                                  APPROVED                                   COMPLETED REJECTED
        """;

    /// <summary>A line: one event from one place.</summary>
    /// <param name="Kind">The kind of case.</param>
    /// <param name="Actor">Who acts.</param>
    /// <param name="Event">What happens.</param>
    /// <param name="Stage">The stage before; null for every stage, UNSPECIFIED where there is no case.</param>
    /// <param name="Status">The status before.</param>
    /// <param name="Condition">What else must hold; empty for nothing.</param>
    /// <param name="NextStage">The stage afterwards; null where it stays, UNSPECIFIED where the case is gone.</param>
    /// <param name="NextStatus">The status afterwards; null where it stays.</param>
    public sealed record Line(
        CaseKind Kind, Actor Actor, CaseEvent Event, Stage? Stage, Status Status, string Condition, Stage? NextStage, Status? NextStatus);

    /// <summary>Every line, one for each place.</summary>
    public static IReadOnlyList<Line> All { get; } = [.. Lines.Split('\n').SelectMany(Parse)];

    /// <summary>The lines of an event on an existing case.</summary>
    public static IEnumerable<Line> Of(CaseKind kind, Actor actor, CaseEvent what) => All.Where(line =>
        line.Kind == kind && line.Actor == actor && line.Event == what && line.Stage != SingleWindow.Bridge.V1.Stage.Unspecified);

    /// <summary>Whether a case that has been submitted, and if a review accepted, may have the event where it stands.</summary>
    public static bool Allows(CaseKind kind, Actor actor, CaseEvent what, Stage stage, Status status) => Of(kind, actor, what)
        .Any(line => (line.Stage ?? stage) == stage && line.Status == status && line.Condition is "" or "accepted");

    private static IEnumerable<Line> Parse(string text)
    {
        var cells = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(7, cells.Length);
        var statuses = cells[4].Split(':');
        return
            from kind in cells[2]
            from stage in cells[3].Split(',')
            from status in statuses[0].Split(',')
            select new Line(
                kind == 'A' ? CaseKind.Assessment : CaseKind.Review,
                WireNames.Parse<Actor>(cells[0].ToUpperInvariant()),
                WireNames.Parse<CaseEvent>(cells[1]),
                stage switch { "*" => null, "new" => SingleWindow.Bridge.V1.Stage.Unspecified, _ => WireNames.Parse<Stage>(stage) },
                status == "-" ? Status.Unspecified : WireNames.Parse<Status>(status),
                statuses.ElementAtOrDefault(1) ?? "",
                cells[5] switch { "same" => null, "gone" => SingleWindow.Bridge.V1.Stage.Unspecified, var name => WireNames.Parse<Stage>(name) },
                cells[6] switch { "same" => null, "gone" => Status.Unspecified, var name => WireNames.Parse<Status>(name) });
    }
}
