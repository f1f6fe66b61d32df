namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>
/// Where the simulated Customs keeps its state, so that it lives on when the process dies. Several servers may have one store: their
/// changes come one at a time, and one of them at a time gives out what Customs says.
/// </summary>
public interface ISandboxStore
{
    /// <summary>
    /// Makes a change while no other server makes one. What it saves is durable when this returns; where it fails, nothing was saved,
    /// or nobody knows.
    /// </summary>
    /// <param name="change">The change. It may be made again from the start.</param>
    /// <param name="cancellationToken">Gives up before it is durable.</param>
    Task ChangeAsync(Func<ISandboxCases, Task> change, CancellationToken cancellationToken);

    /// <summary>The cases that any server has saved since a turn; for null those that have acts planned (<see cref="SandboxCase.Planned"/>).</summary>
    Task<SandboxNews> LoadAsync(long? after, CancellationToken cancellationToken);

    /// <summary>Whether this server is the one that gives out what Customs says; it stays so for a while, and asks again.</summary>
    Task<bool> LeadAsync(CancellationToken cancellationToken);

    /// <summary>What was chosen for the case, else for the account; null where nothing was.</summary>
    Task<ScenarioChoice?> ChoiceAsync(string caseNumber, string authorityId, CancellationToken cancellationToken);
}

/// <summary>The cases within one change.</summary>
public interface ISandboxCases
{
    /// <summary>The case as last saved, or null if it never was.</summary>
    Task<SandboxCase?> FindAsync(string caseNumber);

    /// <summary>The cases of an account that have acts planned.</summary>
    Task<IReadOnlyList<SandboxCase>> ListPlannedAsync(string authorityId);

    /// <summary>The account as last saved, or a new one.</summary>
    Task<SandboxAccount> AccountAsync(string authorityId);

    /// <summary>Keeps the account, whole.</summary>
    Task SaveAccountAsync(SandboxAccount account);

    /// <summary>Writes down who asked for a control of the account, with the change.</summary>
    /// <param name="authorityId">The account.</param>
    /// <param name="caller">Who asked for what.</param>
    Task RecordAsync(string authorityId, ISandboxCaller caller);

    /// <summary>Erases all that the bridge and Customs know of an account's cases, and what was chosen and set for it.</summary>
    /// <param name="authorityId">The account.</param>
    /// <param name="reviewNumbers">The numbers of reviews that Customs has in mind and has not started.</param>
    Task EraseAsync(string authorityId, IEnumerable<string> reviewNumbers);

    /// <summary>Whether the case was erased not long ago, so that what comes of it now was on its way.</summary>
    Task<bool> IsErasedAsync(string caseNumber);

    /// <summary>The answer that a request was given before; null where it was not made before. Refuses one whose id stood for another.</summary>
    Task<byte[]?> FindAnswerAsync(string authorityId, OnceRequest request);

    /// <summary>Keeps the answer to a request, in the same change as what was done upon it.</summary>
    Task KeepAnswerAsync(string authorityId, OnceRequest request, byte[] answer);

    /// <summary>Inserts the case, or replaces the one of the same number, whole.</summary>
    Task SaveAsync(SandboxCase state);
}

/// <summary>What was saved.</summary>
/// <param name="Cases">The cases as they now stand.</param>
/// <param name="Turn">The turn up to which they are all there.</param>
public sealed record SandboxNews(IReadOnlyList<SandboxCase> Cases, long Turn);

/// <summary>Who asks for a control of an account, and for what, as the store that writes it down knows it. The simulated Customs only passes
/// it on.</summary>
public interface ISandboxCaller;
