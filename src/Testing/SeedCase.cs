namespace SingleWindowBridge.Testing;

/// <summary>A case to be made ready for a test.</summary>
/// <param name="Stage">The stage to bring it to, one of an assessment. It then stands at the beginning of that stage:
/// <see cref="Status.Draft"/> in <see cref="SingleWindowBridge.Stage.Application"/>; <see cref="Status.Pending"/> where the authority is
/// to act; <see cref="Status.Approved"/> otherwise.</param>
public sealed record SeedCase(Stage Stage)
{
    /// <summary>The food category's code, within the account's scope.</summary>
    public string Category { get; init; } = "DEHYDRATED_VEGETABLES";

    /// <summary>The codes of the products.</summary>
    public IReadOnlyList<string> Products { get; init; } = ["VEGETABLES_FRESH_KEEPING_AND_DEHYDRATED"];

    /// <summary>The answers to the questionnaire; null for a text and a file in answer to the only question of those categories whose
    /// questionnaire is the supplementary material alone, as is that of <see cref="Category"/>'s default.</summary>
    public IReadOnlyList<Answer>? Answers { get; init; }

    /// <summary>What the simulated Customs does with the case afterwards; by default "manual", nothing by itself.</summary>
    public string Scenario { get; init; } = "manual";
}
