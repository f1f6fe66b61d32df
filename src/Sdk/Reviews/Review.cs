namespace SingleWindowBridge;

/// <summary>A retrospective review (回顾性检查) as China Customs started it, and what the authority answered.</summary>
public sealed record Review
{
    /// <summary>The food category's code: one for which the account has passed an assessment.</summary>
    public string Category { get; init; } = "";

    /// <summary>The codes of the specific products that are reviewed.</summary>
    public IReadOnlyList<string> Products { get; init; } = [];

    /// <summary>Whom at China Customs to ask.</summary>
    public Contact Contact { get; init; } = new();

    /// <summary>What is reviewed (检查概述).</summary>
    public string Summary { get; init; } = "";

    /// <summary>The files that came with it.</summary>
    public IReadOnlyList<StoredFile> Files { get; init; } = [];

    /// <summary>When Customs started it, as the bridge took it in.</summary>
    public DateTimeOffset StartTime { get; init; }

    /// <summary>The authority's answer as it was last submitted; null before.</summary>
    public ReviewAnswer? Answer { get; init; }
}

/// <summary>What the authority answered to a review.</summary>
public sealed record ReviewAnswer
{
    /// <summary>Whether it accepts the review.</summary>
    public ReviewDecision Decision { get; init; }

    /// <summary>Whom at the authority Customs may ask.</summary>
    public Contact Contact { get; init; } = new();

    /// <summary>When it was submitted.</summary>
    public DateTimeOffset SubmitTime { get; init; }
}

/// <summary>A case with its review.</summary>
public sealed record ReviewDetails
{
    /// <summary>The case.</summary>
    public required Case Case { get; init; }

    /// <summary>What Customs started, and the answer.</summary>
    public required Review Review { get; init; }
}
