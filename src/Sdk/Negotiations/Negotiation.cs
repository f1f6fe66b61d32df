namespace SingleWindowBridge;

/// <summary>A negotiation of one case.</summary>
public sealed record Negotiation
{
    /// <summary>The case.</summary>
    public required Case Case { get; init; }

    /// <summary>The history (磋商历史), newest entry first.</summary>
    public IReadOnlyList<NegotiationEntry> Entries { get; init; } = [];

    /// <summary>The saved draft of a reply; null where there is none.</summary>
    public NegotiationReply? Draft { get; init; }

    /// <summary>The files that the draft names.</summary>
    public IReadOnlyList<StoredFile> DraftFiles { get; init; } = [];
}

/// <summary>A negotiating text in up to three languages, each at most 10,000 characters.</summary>
public sealed record NegotiationText
{
    /// <summary>In Chinese.</summary>
    public string Zh { get; init; } = "";

    /// <summary>In English.</summary>
    public string En { get; init; } = "";

    /// <summary>In another language.</summary>
    public string Other { get; init; } = "";
}

/// <summary>The authority's reply to an open round.</summary>
public sealed record NegotiationReply
{
    /// <summary>The text; at least one language is required to submit.</summary>
    public NegotiationText Text { get; init; } = new();

    /// <summary>At most 20 ids of uploaded files.</summary>
    public IReadOnlyList<string> FileIds { get; init; } = [];
}

/// <summary>One entry of a negotiation's history.</summary>
public sealed record NegotiationEntry
{
    /// <summary>The round, from 1; Customs' text and the reply to it share it.</summary>
    public int Round { get; init; }

    /// <summary>Whose text it is.</summary>
    public NegotiationParty Party { get; init; }

    /// <summary>The text.</summary>
    public NegotiationText Text { get; init; } = new();

    /// <summary>The files that go with it.</summary>
    public IReadOnlyList<StoredFile> Files { get; init; } = [];

    /// <summary>Whether the other side has dealt with it.</summary>
    public EntryState State { get; init; }

    /// <summary>When it was opened or submitted.</summary>
    public DateTimeOffset Time { get; init; }
}

/// <summary>The officers who may sign certificates (证书签字官), with their specimen signatures and the seals.</summary>
public sealed record Signatories
{
    /// <summary>The officers, 1 to 200.</summary>
    public IReadOnlyList<SigningOfficer> Officers { get; init; } = [];

    /// <summary>Ids of uploaded files that show the seals, 1 to 20.</summary>
    public IReadOnlyList<string> SealFileIds { get; init; } = [];

    /// <summary>Ids of other uploaded files, such as the signed list itself; at most 20.</summary>
    public IReadOnlyList<string> FileIds { get; init; } = [];
}

/// <summary>One officer who may sign certificates.</summary>
/// <param name="Name">The name, at most 100 characters.</param>
/// <param name="Position">The position, at most 100 characters.</param>
/// <param name="SpecimenSignatureFileId">The id of the uploaded file that shows the specimen signature (笔迹).</param>
public sealed record SigningOfficer(string Name, string Position, string SpecimenSignatureFileId);

/// <summary>The list of signing officers of one case.</summary>
public sealed record SignatoriesList
{
    /// <summary>The case.</summary>
    public required Case Case { get; init; }

    /// <summary>The list as last sent; null where none was.</summary>
    public Signatories? Signatories { get; init; }

    /// <summary>The files that it names.</summary>
    public IReadOnlyList<StoredFile> Files { get; init; } = [];

    /// <summary>When it was last sent; null where none was.</summary>
    public DateTimeOffset? SubmitTime { get; init; }
}
