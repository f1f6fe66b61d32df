using System.Globalization;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Cases;

/// <summary>A row of the table of cases.</summary>
public sealed class CaseRow
{
    /// <summary>The columns, in the order of the properties.</summary>
    public const string Columns =
        "case_id, number, authority_id, kind, category, products, summary, stage, status, version, created_at, submitted_at, "
        + "updated_at, failure_reason, declined, opinion, opinion_event, opinion_stage, opinion_at, submitted";

    /// <summary>The case's id, a ULID.</summary>
    public string CaseId { get; init; } = "";

    /// <summary>The official number; null before the first submit.</summary>
    public string? Number { get; set; }

    /// <summary>The account that it belongs to.</summary>
    public string AuthorityId { get; init; } = "";

    /// <summary>The kind.</summary>
    public CaseKind Kind { get; init; }

    /// <summary>The category's code.</summary>
    public string Category { get; set; } = "";

    /// <summary>The products' codes, separated by commas.</summary>
    public string Products { get; set; } = "";

    /// <summary>The summary.</summary>
    public string Summary { get; set; } = "";

    /// <summary>The stage.</summary>
    public Stage Stage { get; set; }

    /// <summary>The status.</summary>
    public Status Status { get; set; }

    /// <summary>Counts the changes: the etag.</summary>
    public long Version { get; set; }

    /// <summary>When it was created, in microseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When it was first submitted, in microseconds.</summary>
    public long? SubmittedAt { get; set; }

    /// <summary>When it last changed, in microseconds.</summary>
    public long UpdatedAt { get; set; }

    /// <summary>Why the last submission failed; empty otherwise.</summary>
    public string FailureReason { get; set; } = "";

    /// <summary>Whether the authority declined the review.</summary>
    public bool Declined { get; set; }

    /// <summary>The newest opinion in the present stage; empty for none.</summary>
    public string Opinion { get; set; } = "";

    /// <summary>The act that carried the opinion.</summary>
    public CaseEvent OpinionEvent { get; set; }

    /// <summary>The stage that the opinion speaks of.</summary>
    public Stage OpinionStage { get; set; }

    /// <summary>When the opinion came, in microseconds.</summary>
    public long OpinionAt { get; set; }

    /// <summary>What was submitted last, as every receipt of it says: a ReceiptProof of message id, hashes and count; empty for nothing.</summary>
    public byte[] Submitted { get; set; } = [];

    /// <summary>Where it stands.</summary>
    public CasePosition Position => new(Kind, Stage, Status, SubmittedAt is not null, Declined);

    /// <summary>The etag.</summary>
    public string Etag => Version.ToString(CultureInfo.InvariantCulture);

    /// <summary>The products' codes.</summary>
    public string[] ProductCodes => Products.Split(',', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The case as callers see it.</summary>
    public Case ToContract()
    {
        var contract = new Case
        {
            CaseId = CaseId,
            Number = Number ?? "",
            Kind = Kind,
            Category = Category,
            Products = { ProductCodes },
            Summary = Summary,
            Stage = Stage,
            Status = Status,
            Etag = Etag,
            CreateTime = Times.ToTimestamp(CreatedAt),
            SubmitTime = Times.ToTimestamp(SubmittedAt),
            UpdateTime = Times.ToTimestamp(UpdatedAt),
            FailureReason = FailureReason,
            AllowedEvents = { Workflow.Allowed(Position, Actor.Authority) },
        };
        if (Opinion.Length > 0)
        {
            contract.Opinion = new Opinion
            {
                Stage = OpinionStage, Event = OpinionEvent, Text = Opinion, Time = Times.ToTimestamp(OpinionAt),
            };
        }

        return contract;
    }

    /// <summary>Refuses a look at what only cases of one kind have.</summary>
    /// <exception cref="BridgeException">CASE_KIND_NOT_ALLOWED.</exception>
    public void MustBe(CaseKind kind)
    {
        if (Kind != kind)
        {
            throw new BridgeException(
                ErrorReason.CaseKindNotAllowed, ("event", "GET"), ("kind", WireNames.Of(Kind)), ("stage", WireNames.Of(Stage)),
                ("status", WireNames.Of(Status)), ("allowed", ""));
        }
    }

    /// <summary>Refuses a look at what belongs to a stage that the case has not reached.</summary>
    /// <exception cref="BridgeException">STAGE_NOT_REACHED.</exception>
    public void MustHaveReached(Stage stage)
    {
        if (Stage < stage)
            throw NotReached(stage);
    }

    /// <summary>The refusal of a look at a stage that the case has not reached.</summary>
    public BridgeException NotReached(Stage stage) => new(
        ErrorReason.StageNotReached, ("event", "GET"), ("kind", WireNames.Of(Kind)), ("stage", WireNames.Of(Stage)),
        ("status", WireNames.Of(Status)), ("allowed", $"{WireNames.Of(stage)}:*"));
}
