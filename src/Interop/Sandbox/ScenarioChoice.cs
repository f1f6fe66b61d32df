namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>What was chosen for a case, or for the account that submits it.</summary>
/// <param name="Scenario">The scenario's name; one that is not in <see cref="Scenarios"/> counts as the default.</param>
/// <param name="ActDelay">How long Customs takes for each act, not negative; null for the default.</param>
/// <param name="ForCase">
/// True where it was chosen for this very case: it holds from the next submission on. False where it was chosen for the account:
/// it holds for a case that submits for the first time, and a case under way keeps what it began with.
/// </param>
public sealed record ScenarioChoice(string Scenario, TimeSpan? ActDelay, bool ForCase);
