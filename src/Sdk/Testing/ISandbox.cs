namespace SingleWindowBridge.Testing;

/// <summary>Drives the simulated Customs of a sandbox server, for one's own cases. A production server does not have it: calls
/// give a <see cref="NotSupportedByServerException"/> there.</summary>
public interface ISandbox
{
    /// <summary>Lists the scenarios by which the simulated Customs can act; the first is the one used where none is
    /// set.</summary>
    /// <param name="cancellationToken">Gives the call up.</param>
    Task<IReadOnlyList<Scenario>> ListScenariosAsync(CancellationToken cancellationToken = default);

    /// <summary>Says which scenario Customs follows for one case, or for all cases that the account submits from now on for the
    /// first time.</summary>
    /// <param name="scenario">The scenario's name, such as "straight_through"; "manual" to act by hand alone.</param>
    /// <param name="caseId">The case, by id or number; null for all cases of the account not submitted yet.</param>
    /// <param name="actDelay">How long Customs takes for each act, 0 to 3,600 s; null for the server's default.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="ScenarioNotFoundException">There is no such scenario.</exception>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    Task SetScenarioAsync(
        string scenario, string? caseId = null, TimeSpan? actDelay = null, CancellationToken cancellationToken = default);

    /// <summary>Does one act of Customs now, through the same exchange as every other, and answers when the case has
    /// it.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="act">The act.</param>
    /// <param name="options">The request id, from which the message's id is made, and the deadline; an etag is not used.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="TransitionNotAllowedException">The case is not in a stage and status that allow the act.</exception>
    /// <exception cref="FileRejectedException">A file of the act is not allowed.</exception>
    Task<CaseChange> PerformAsync(
        string caseId, CustomsAct act, ChangeOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Starts a retrospective review (回顾性检查) of the account now, as China Customs does: a case of
    /// <see cref="CaseKind.Review"/>, in <see cref="Stage.Reception"/> <see cref="Status.Pending"/>.</summary>
    /// <param name="start">What is reviewed.</param>
    /// <param name="options">The request id, from which the message's id is made, and the deadline; an etag is not used.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="AssessmentNotPassedException">The account has not passed an assessment for the category.</exception>
    /// <exception cref="ValidationException">The category or a product is wrong; all problems are listed.</exception>
    /// <exception cref="FileRejectedException">A file is not allowed.</exception>
    Task<CaseChange> StartReviewAsync(
        ReviewStart start, ChangeOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The account's clock at the simulated Customs.</summary>
    /// <param name="cancellationToken">Gives the call up.</param>
    Task<SandboxClock> GetClockAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Stops the account's clock: what Customs would do later waits, and so does what takes no time, for the next advance; acts by hand go on.
    /// </summary>
    /// <param name="cancellationToken">Gives the call up.</param>
    Task<SandboxClock> StopClockAsync(CancellationToken cancellationToken = default);

    /// <summary>Advances the account's clock, stopped or not: what falls due by then comes at once, in order.</summary>
    /// <param name="by">How far, 1 s to 365 days.</param>
    /// <param name="options">How the change is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    Task<SandboxClock> AdvanceClockAsync(TimeSpan by, ChangeOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Sets the account's clock going again from where it stands.</summary>
    /// <param name="cancellationToken">Gives the call up.</param>
    Task<SandboxClock> StartClockAsync(CancellationToken cancellationToken = default);

    /// <summary>Says what goes wrong with the next messages of the account; what was said before and has not happened yet is
    /// forgotten. Without faults all goes well. Of receipts it concerns those that are planned from now on, upon later
    /// submissions.</summary>
    /// <param name="faults">The faults, in order; at most 100.</param>
    /// <param name="options">How the change is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="ValidationException">There is no such fault in that direction.</exception>
    Task SetFaultsAsync(
        IEnumerable<SandboxFault> faults, ChangeOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Puts the account back to where it began: cases, receipts, choices of scenarios, clock and faults are erased, uploaded
    /// files stay. Its feed begins anew at 1; positions of before are refused with <see cref="CursorInvalidException"/>.</summary>
    /// <param name="options">How the change is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="SandboxAccountRequiredException">The account is a real one.</exception>
    Task ResetAccountAsync(ChangeOptions? options = null, CancellationToken cancellationToken = default);
}

/// <summary>The clock of an account at the simulated Customs.</summary>
/// <param name="Time">What it shows.</param>
/// <param name="Stopped">Whether it stands still.</param>
public sealed record SandboxClock(DateTimeOffset Time, bool Stopped);

/// <summary>What goes wrong with messages.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Direction">With which messages.</param>
/// <param name="Count">With how many of them, 1 to 1,000.</param>
/// <param name="Delay">How much later a late message comes, 0 to 3,600 s; null for 5 s.</param>
public sealed record SandboxFault(SandboxFaultKind Kind, SandboxFaultDirection Direction, int Count = 1, TimeSpan? Delay = null);

/// <summary>What can go wrong with a message.</summary>
public enum SandboxFaultKind
{
    /// <summary>It never comes.</summary>
    Lost = 1,

    /// <summary>It comes later.</summary>
    Late = 2,

    /// <summary>A receipt comes twice.</summary>
    Doubled = 3,

    /// <summary>A receipt comes after the one that follows it.</summary>
    Reordered = 4,

    /// <summary>It cannot be read.</summary>
    Malformed = 5,

    /// <summary>A submission is not taken.</summary>
    Refused = 6,
}

/// <summary>Which way a message goes.</summary>
public enum SandboxFaultDirection
{
    /// <summary>From the authority to Customs.</summary>
    Submissions = 1,

    /// <summary>From Customs to the authority.</summary>
    Receipts = 2,
}

/// <summary>One way in which the simulated Customs acts.</summary>
/// <param name="Name">Its name, such as "straight_through".</param>
/// <param name="Description">What it does.</param>
public sealed record Scenario(string Name, LocalizedText Description);

/// <summary>A file that the simulated Customs sends.</summary>
/// <param name="Name">The name with its extension.</param>
/// <param name="Content">The content, by the same rules as everywhere.</param>
public sealed record SandboxFile(string Name, ReadOnlyMemory<byte> Content);
