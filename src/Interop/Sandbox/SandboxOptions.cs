namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>How the simulated Customs acts where nothing else was chosen.</summary>
public sealed record SandboxOptions
{
    /// <summary>The name of the scenario; the first one of <see cref="Scenarios.All"/> unless set.</summary>
    public string DefaultScenario { get; init; } = Scenarios.All[0].Name;

    /// <summary>How long Customs takes for each act; 200 ms unless set, never negative.</summary>
    public TimeSpan ActDelay { get; init; } = TimeSpan.FromMilliseconds(200);
}
