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
    /// <param name="options">The request id, which becomes the message's id, and the deadline; an etag is not used.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="TransitionNotAllowedException">The case is not in a stage and status that allow the act.</exception>
    /// <exception cref="FileRejectedException">A file of the act is not allowed.</exception>
    Task<CaseChange> PerformAsync(
        string caseId, CustomsAct act, ChangeOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Starts a retrospective review (回顾性检查) of the account now, as China Customs does: a case of
    /// <see cref="CaseKind.Review"/>, in <see cref="Stage.Reception"/> <see cref="Status.Pending"/>.</summary>
    /// <param name="start">What is reviewed.</param>
    /// <param name="options">The request id, which becomes the message's id, and the deadline; an etag is not used.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="AssessmentNotPassedException">The account has not passed an assessment for the category.</exception>
    /// <exception cref="ValidationException">The category or a product is wrong; all problems are listed.</exception>
    /// <exception cref="FileRejectedException">A file is not allowed.</exception>
    Task<CaseChange> StartReviewAsync(
        ReviewStart start, ChangeOptions? options = null, CancellationToken cancellationToken = default);
}

/// <summary>One way in which the simulated Customs acts.</summary>
/// <param name="Name">Its name, such as "straight_through".</param>
/// <param name="Description">What it does.</param>
public sealed record Scenario(string Name, LocalizedText Description);

/// <summary>A file that the simulated Customs sends.</summary>
/// <param name="Name">The name with its extension.</param>
/// <param name="Content">The content, by the same rules as everywhere.</param>
public sealed record SandboxFile(string Name, ReadOnlyMemory<byte> Content);
