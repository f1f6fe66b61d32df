namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>
/// Where the simulated Customs keeps its state, so that it lives on when the process dies. Calls come one at a time except
/// <see cref="ChoiceAsync"/>. One store serves one <see cref="SandboxChannel"/> at a time.
/// </summary>
public interface ISandboxStore
{
    /// <summary>The cases that have acts planned (<see cref="SandboxCase.Planned"/>), in any order; others may be there.</summary>
    Task<IReadOnlyList<SandboxCase>> LoadAsync(CancellationToken cancellationToken);

    /// <summary>The case as last saved, or null if it never was.</summary>
    Task<SandboxCase?> FindAsync(string caseNumber, CancellationToken cancellationToken);

    /// <summary>Inserts the case, or replaces the one of the same number; whole, and durable when it returns.</summary>
    Task SaveAsync(SandboxCase state, CancellationToken cancellationToken);

    /// <summary>What was chosen for the case, else for the account; null where nothing was.</summary>
    Task<ScenarioChoice?> ChoiceAsync(string caseNumber, string authorityId, CancellationToken cancellationToken);
}
