using SingleWindowBridge;

namespace BackOffice;

/// <summary>All that a back office must remember of a case to go on with it in another process.</summary>
public sealed class FiledCase
{
    /// <summary>The authority whose key filed the case.</summary>
    public string? AuthorityId { get; set; }

    /// <summary>The case's id, once it is open.</summary>
    public string? CaseId { get; set; }

    /// <summary>The official number, once Customs' form has one.</summary>
    public string? CaseNumber { get; set; }

    /// <summary>The number of the feed's last receipt before the case was opened, or before a review was waited for.</summary>
    public long? FeedStart { get; set; }

    /// <summary>The number of the last receipt taken, of this case or another of the authority.</summary>
    public long LastReceipt { get; set; }

    /// <summary>The cursor just after it; null before the first.</summary>
    public string? Cursor { get; set; }

    /// <summary>The request ids, each made and kept before its change is sent for the first time.</summary>
    public Dictionary<string, Guid> Requests { get; set; } = [];

    /// <summary>The ids of the files uploaded, by content and name.</summary>
    public Dictionary<string, string> Uploads { get; set; } = [];

    /// <summary>Where the files of Customs were saved, by file id.</summary>
    public Dictionary<string, string> Saved { get; set; } = [];

    /// <summary>The receipts of this case, in their order.</summary>
    public List<Receipt> Receipts { get; set; } = [];

    /// <summary>The case as it ended; null while it goes on.</summary>
    public Outcome? Outcome { get; set; }
}

/// <summary>How a case ended.</summary>
public sealed record Outcome(Stage Stage, Status Status, string? Opinion)
{
    /// <summary>Whether the case is a review that the authority itself declined.</summary>
    public bool IsDeclined { get; init; }

    /// <summary>Whether the products may be exported.</summary>
    public bool IsApproved => Stage == Stage.Completed && Status == Status.Approved;
}
