using Turn = System.Collections.Generic.IReadOnlyList<SingleWindowBridge.Interop.Messages.CustomsAct>;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>
/// What Customs does upon each submission. A turn is a list of acts, in order. Each kind of submission has one turn for its first,
/// second, ... submission; the last one holds for all that follow. A turn without acts: Customs does nothing by itself.
/// </summary>
public sealed record ScenarioTurns
{
    /// <summary>Upon the application.</summary>
    public required IReadOnlyList<Turn> Application { get; init; }

    /// <summary>Upon the questionnaire.</summary>
    public required IReadOnlyList<Turn> Questionnaire { get; init; }

    /// <summary>Upon the answer to a rectification.</summary>
    public required IReadOnlyList<Turn> Rectification { get; init; }

    /// <summary>Upon a reply about the protocol.</summary>
    public required IReadOnlyList<Turn> ProtocolReply { get; init; }

    /// <summary>Upon a reply about the certificate.</summary>
    public required IReadOnlyList<Turn> CertificateReply { get; init; }

    /// <summary>Upon the list of signing officers.</summary>
    public required IReadOnlyList<Turn> Signatories { get; init; }

    /// <summary>Upon the acceptance of a review.</summary>
    public required IReadOnlyList<Turn> ReviewAcceptance { get; init; }

    /// <summary>Upon the refusal of a review.</summary>
    public required IReadOnlyList<Turn> ReviewRefusal { get; init; }

    /// <summary>The acts upon one submission.</summary>
    /// <param name="kind">What was submitted.</param>
    /// <param name="count">1 for the first submission of this kind, 2 for the second, ...</param>
    public Turn For(SubmissionKind kind, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var turns = kind switch
        {
            SubmissionKind.Application => Application,
            SubmissionKind.Questionnaire => Questionnaire,
            SubmissionKind.Rectification => Rectification,
            SubmissionKind.ProtocolReply => ProtocolReply,
            SubmissionKind.CertificateReply => CertificateReply,
            SubmissionKind.Signatories => Signatories,
            SubmissionKind.ReviewAcceptance => ReviewAcceptance,
            SubmissionKind.ReviewRefusal => ReviewRefusal,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No kind of submission."),
        };
        return turns[Math.Min(count, turns.Count) - 1];
    }
}
