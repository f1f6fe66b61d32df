namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>One way in which the simulated Customs acts.</summary>
/// <param name="Name">Its name, such as "straight_through".</param>
/// <param name="DescriptionZh">What it does, in Chinese.</param>
/// <param name="DescriptionEn">What it does, in English.</param>
/// <param name="Turns">What Customs does upon each submission of an assessment, and of a review unless that has turns of its own.</param>
public sealed record Scenario(string Name, string DescriptionZh, string DescriptionEn, ScenarioTurns Turns)
{
    /// <summary>What Customs does upon each submission of a review.</summary>
    public ScenarioTurns ReviewTurns { get; init; } = Turns;

    /// <summary>Whether a case's first submission is refused until the authority has it sent again.</summary>
    public bool RefusesFirstDelivery { get; init; }
}
