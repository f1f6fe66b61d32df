using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Cases;

/// <summary>
/// What may happen to a case, as a table of data. Nothing else decides a stage or a status. A stage and status with no row for an
/// event refuse that event.
/// </summary>
public static class Workflow
{
    // kind: A = assessment, R = retrospective review, AR = both. "-": the case does not exist (yet). "*": every stage. "=": stays.
    private const string Table = """
        kind | stage                                        | status                                           | actor     | event                 | next stage               | next status
        A    | -                                            | -                                                | authority | save                  | APPLICATION              | DRAFT
        A    | -                                            | -                                                | authority | submit                | APPLICATION              | DECLARED
        A    | APPLICATION                                  | DRAFT,RECEIVE_FAILED,CORRECTION_REQUIRED         | authority | save                  | APPLICATION              | DRAFT
        A    | APPLICATION                                  | DRAFT,RECEIVE_FAILED,CORRECTION_REQUIRED         | authority | submit                | APPLICATION              | DECLARED
        A    | APPLICATION                                  | DRAFT (never submitted)                          | authority | discard               | -                        | -
        R    | -                                            | -                                                | customs   | start_review          | RECEPTION                | PENDING
        R    | RECEPTION                                    | PENDING,RECEIVE_FAILED                           | authority | accept_review         | RECEPTION                | DECLARED
        R    | RECEPTION                                    | PENDING,RECEIVE_FAILED                           | authority | decline_review        | RECEPTION                | DECLARED
        R    | RECEPTION                                    | DECLARED,SENT,SEND_FAILED (declined)             | customs   | received              | COMPLETED                | REJECTED
        R    | RECEPTION                                    | RECEIVED (accepted)                              | customs   | open_questionnaire    | QUESTIONNAIRE            | PENDING
        AR   | QUESTIONNAIRE                                | PENDING,DRAFT,RECEIVE_FAILED,CORRECTION_REQUIRED | authority | save                  | QUESTIONNAIRE            | DRAFT
        AR   | QUESTIONNAIRE                                | PENDING,DRAFT,RECEIVE_FAILED,CORRECTION_REQUIRED | authority | submit                | QUESTIONNAIRE            | DECLARED
        AR   | ASSESSMENT                                   | PENDING,DRAFT,RECEIVE_FAILED,CORRECTION_REQUIRED | authority | save                  | ASSESSMENT               | DRAFT
        AR   | ASSESSMENT                                   | PENDING,DRAFT,RECEIVE_FAILED,CORRECTION_REQUIRED | authority | submit                | ASSESSMENT               | DECLARED
        AR   | PROTOCOL_NEGOTIATION,CERTIFICATE_NEGOTIATION | PENDING,DRAFT,RECEIVE_FAILED                     | authority | save                  | =                        | DRAFT
        AR   | PROTOCOL_NEGOTIATION,CERTIFICATE_NEGOTIATION | PENDING,DRAFT,RECEIVE_FAILED                     | authority | submit                | =                        | DECLARED
        AR   | CERTIFICATE_NEGOTIATION                      | APPROVED                                         | authority | submit_signatories    | =                        | =
        AR   | *                                            | DECLARED,SEND_FAILED                             | delivery  | sent                  | =                        | SENT
        AR   | *                                            | DECLARED                                         | delivery  | send_failed           | =                        | SEND_FAILED
        AR   | *                                            | SEND_FAILED                                      | authority | redeliver             | =                        | DECLARED
        AR   | *                                            | DECLARED,SENT,SEND_FAILED                        | customs   | received              | =                        | RECEIVED
        AR   | *                                            | DECLARED,SENT,SEND_FAILED                        | customs   | receive_failed        | =                        | RECEIVE_FAILED
        AR   | APPLICATION,QUESTIONNAIRE,ASSESSMENT         | RECEIVED                                         | customs   | accept                | =                        | ACCEPTED
        A    | APPLICATION                                  | RECEIVED,ACCEPTED                                | customs   | not_accept            | =                        | NOT_ACCEPTED
        AR   | QUESTIONNAIRE                                | RECEIVED,ACCEPTED                                | customs   | not_accept            | =                        | NOT_ACCEPTED
        AR   | APPLICATION,QUESTIONNAIRE,ASSESSMENT         | RECEIVED,ACCEPTED                                | customs   | require_correction    | =                        | CORRECTION_REQUIRED
        A    | APPLICATION                                  | RECEIVED,ACCEPTED                                | customs   | approve               | =                        | APPROVED
        AR   | QUESTIONNAIRE                                | RECEIVED,ACCEPTED                                | customs   | approve               | =                        | APPROVED
        AR   | ASSESSMENT                                   | RECEIVED,ACCEPTED                                | customs   | approve               | =                        | APPROVED
        AR   | QUESTIONNAIRE                                | APPROVED                                         | customs   | approve_assessment    | ASSESSMENT               | APPROVED
        A    | APPLICATION                                  | APPROVED                                         | customs   | open_questionnaire    | QUESTIONNAIRE            | PENDING
        AR   | QUESTIONNAIRE                                | APPROVED                                         | customs   | require_rectification | ASSESSMENT               | PENDING
        AR   | ASSESSMENT                                   | RECEIVED,ACCEPTED                                | customs   | require_rectification | ASSESSMENT               | PENDING
        AR   | QUESTIONNAIRE,ASSESSMENT                     | APPROVED                                         | customs   | open_round            | PROTOCOL_NEGOTIATION     | PENDING
        AR   | PROTOCOL_NEGOTIATION                         | RECEIVED                                         | customs   | open_round            | =                        | PENDING
        AR   | PROTOCOL_NEGOTIATION                         | RECEIVED                                         | customs   | complete_negotiation  | =                        | APPROVED
        AR   | PROTOCOL_NEGOTIATION                         | APPROVED                                         | customs   | publish_protocol      | PROTOCOL_SIGNING         | APPROVED
        AR   | PROTOCOL_SIGNING                             | APPROVED                                         | customs   | publish_announcement  | ANNOUNCEMENT             | APPROVED
        AR   | ANNOUNCEMENT                                 | APPROVED                                         | customs   | open_round            | CERTIFICATE_NEGOTIATION  | PENDING
        AR   | CERTIFICATE_NEGOTIATION                      | RECEIVED                                         | customs   | open_round            | =                        | PENDING
        AR   | CERTIFICATE_NEGOTIATION                      | RECEIVED                                         | customs   | complete_negotiation  | =                        | APPROVED
        AR   | CERTIFICATE_NEGOTIATION                      | APPROVED                                         | customs   | confirm_certificate   | CERTIFICATE_CONFIRMATION | APPROVED
        AR   | CERTIFICATE_CONFIRMATION                     | APPROVED                                         | customs   | close                 | COMPLETED                | APPROVED
        R    | ASSESSMENT,QUESTIONNAIRE                     | APPROVED                                         | customs   | close                 | COMPLETED                | APPROVED
        AR   | APPLICATION,QUESTIONNAIRE,ASSESSMENT,PROTOCOL_NEGOTIATION,CERTIFICATE_NEGOTIATION | RECEIVED,ACCEPTED                                | customs   | reject                | COMPLETED                | REJECTED
        AR   | QUESTIONNAIRE                                | APPROVED                                         | customs   | reject                | COMPLETED                | REJECTED
        """;

    /// <summary>Every transition, in the order of the table; the first that fits a case is the one that happens.</summary>
    public static IReadOnlyList<Transition> Transitions { get; } =
        [.. Table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Transition.Parse)];

    /// <summary>The transition that an event makes from where a case stands.</summary>
    /// <param name="at">Where the case stands.</param>
    /// <param name="actor">Who acts.</param>
    /// <param name="what">What happens.</param>
    /// <param name="stage">The stage that the call is for; UNSPECIFIED for calls that are for any.</param>
    /// <exception cref="BridgeException">No row allows it: CASE_KIND_NOT_ALLOWED, STAGE_NOT_REACHED, STAGE_COMPLETED or STATUS_NOT_ALLOWED.</exception>
    public static Transition Decide(CasePosition at, Actor actor, CaseEvent what, Stage stage = Stage.Unspecified)
    {
        var rows = Transitions.Where(row => row.Actor == actor && row.Event == what && row.IsOf(at.Kind)).ToList();
        var here = stage == Stage.Unspecified || stage == at.Stage || !at.Exists;
        return (here ? rows.FirstOrDefault(row => row.Fits(at)) : null) ?? throw Refusal(at, what, stage, rows);
    }

    /// <summary>What an actor may do where a case stands.</summary>
    public static IEnumerable<CaseEvent> Allowed(CasePosition at, Actor actor) =>
        Transitions.Where(row => row.Actor == actor && row.Fits(at)).Select(row => row.Event).Distinct();

    private static BridgeException Refusal(CasePosition at, CaseEvent what, Stage stage, List<Transition> rows)
    {
        var open = rows.Where(row => row.Stages is not [Stage.Unspecified]
            && (stage == Stage.Unspecified || row.IsOf(stage))).ToList();
        var stages = stage != Stage.Unspecified ? [stage] : open.SelectMany(row => row.Stages).ToList();
        // What only makes a case is over once there is one.
        var making = stage == Stage.Unspecified && rows.Any(row => row.Stages is [Stage.Unspecified]);
        var reason = open.Count == 0 ? (making ? ErrorReason.StageCompleted : ErrorReason.CaseKindNotAllowed)
            : stages.Contains(at.Stage) || open.Any(row => row.Stages.Count == 0) ? ErrorReason.StatusNotAllowed
            : stages.Any(other => other > at.Stage) ? ErrorReason.StageNotReached
            : ErrorReason.StageCompleted;

        return new BridgeException(
            reason,
            ("event", WireNames.Of(what)),
            ("kind", WireNames.Of(at.Kind)),
            ("stage", WireNames.Of(at.Stage)),
            ("status", WireNames.Of(at.Status)),
            ("allowed", string.Join(';', open.SelectMany(row => row.Describe(stage)).Distinct())));
    }
}
