namespace SingleWindowBridge.Testing;

/// <summary>A review that the simulated Customs is to start.</summary>
/// <param name="Category">The food category's code: one for which the account has passed an assessment.</param>
public sealed record ReviewStart(string Category)
{
    /// <summary>The codes of products of that category; empty for those of the newest assessment that was passed for it.</summary>
    public IReadOnlyList<string> Products { get; init; } = [];

    /// <summary>Whom at Customs to ask; null for a person made up.</summary>
    public Contact? Contact { get; init; }

    /// <summary>What is reviewed, at most 2,048 characters; null for a ready text.</summary>
    public string? Summary { get; init; }

    /// <summary>Files; a specimen is made where none is given.</summary>
    public IReadOnlyList<SandboxFile> Files { get; init; } = [];
}
