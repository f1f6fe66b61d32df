namespace SingleWindowBridge;

/// <summary>One round of rectification (整改) that Customs asked for.</summary>
public sealed record Rectification
{
    /// <summary>The rectification's number (整改统一编号): 18 capital letters and digits.</summary>
    public required string Number { get; init; }

    /// <summary>1, 2, 3 ... within the case.</summary>
    public int Round { get; init; }

    /// <summary>When Customs asked for it (整改发起时间).</summary>
    public DateTimeOffset RequireTime { get; init; }

    /// <summary>What Customs requires (整改要求).</summary>
    public string Requirements { get; init; } = "";

    /// <summary>The files that go with the requirements.</summary>
    public IReadOnlyList<StoredFile> Files { get; init; } = [];

    /// <summary>Customs' opinion (海关意见), if any.</summary>
    public string? Opinion { get; init; }

    /// <summary>The authority's answer, as last saved or submitted; null before.</summary>
    public RectificationAnswer? Answer { get; init; }

    /// <summary>The files that the answer names.</summary>
    public IReadOnlyList<StoredFile> AnswerFiles { get; init; } = [];

    /// <summary>When the answer was last submitted; null before.</summary>
    public DateTimeOffset? SubmitTime { get; init; }
}

/// <summary>The authority's answer to a rectification.</summary>
public sealed record RectificationAnswer
{
    /// <summary>What was done (整改情况说明): at most 10,000 characters. Required to submit.</summary>
    public string Statement { get; init; } = "";

    /// <summary>The evidence (与整改有关的证明文件): 1 to 20 ids of uploaded files. Required to submit.</summary>
    public IReadOnlyList<string> FileIds { get; init; } = [];
}

/// <summary>A case's rectifications.</summary>
public sealed record RectificationRounds
{
    /// <summary>The case.</summary>
    public required Case Case { get; init; }

    /// <summary>The rounds, newest first.</summary>
    public IReadOnlyList<Rectification> Rounds { get; init; } = [];
}
