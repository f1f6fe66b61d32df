using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Cases;

/// <summary>One change of one case on its way through the write transaction: what an action reads and fills in.</summary>
public sealed class CaseChange
{
    /// <summary>The transaction.</summary>
    public required Sql Sql { get; init; }

    /// <summary>When the change is made.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Who makes it.</summary>
    public required Actor Actor { get; init; }

    /// <summary>What happens.</summary>
    public required CaseEvent Event { get; init; }

    /// <summary>The case; stage and status are set by the workflow when the action is done.</summary>
    public required CaseRow Case { get; init; }

    /// <summary>Where official numbers come from; null for the database itself.</summary>
    internal CaseNumbers? Numbers { get; init; }

    /// <summary>Who asks for it, from where, and what was asked.</summary>
    public required Origin Origin { get; init; }

    /// <summary>The posted insert of a case that this change makes; null for an existing case.</summary>
    internal Posted? Creation { get; set; }

    /// <summary>The transition that the workflow chose.</summary>
    public required Transition Transition { get; init; }

    /// <summary>All that is wrong with the request; anything here undoes the change.</summary>
    public FieldRules Rules { get; } = new();

    /// <summary>Customs' opinion; empty for none.</summary>
    public string Opinion { get; init; } = "";

    /// <summary>The questions that Customs wants corrected, as it named them.</summary>
    public IReadOnlyList<string> QuestionIds { get; set; } = [];

    /// <summary>Why the submission failed; empty where it did not.</summary>
    public string FailureReason { get; init; } = "";

    /// <summary>The id of the message exchanged with Customs; empty for none.</summary>
    public string MessageId { get; set; } = "";

    /// <summary>The files that came from Customs with this change.</summary>
    public IReadOnlyList<StoredFile> Files { get; set; } = [];

    /// <summary>What is to be sent to Customs; null for nothing.</summary>
    public SubmissionContent? Outgoing { get; set; }

    /// <summary>The message id and hashes of what this change submits; null where it submits nothing.</summary>
    public ReceiptProof? Submitted { get; set; }

    /// <summary>What the receipt says of what was submitted: with this change, or last before it.</summary>
    public ReceiptProof ProofOfSubmission()
    {
        var proof = Submitted?.Clone() ?? ReceiptProof.Parser.ParseFrom(Case.Submitted);
        proof.Format = CanonicalReceipt.Format;
        proof.AuthorityId = Case.AuthorityId;
        return proof;
    }
}
