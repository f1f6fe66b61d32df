namespace SingleWindowBridge;

/// <summary>Applications for assessment: stage <see cref="Stage.Application"/>.</summary>
public interface IApplications
{
    /// <summary>Saves a draft, replacing the whole form: a new case where no case is named. A draft may be incomplete; what it
    /// holds must be right. Leads to <see cref="Status.Draft"/>.</summary>
    /// <param name="application">The form.</param>
    /// <param name="caseId">The case whose draft this is, by id or number; null for a new case.</param>
    /// <param name="options">How the change is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="TransitionNotAllowedException">The case is not in a status that allows it.</exception>
    /// <exception cref="EtagMismatchException">The case has changed.</exception>
    Task<CaseChange> SaveAsync(
        Application application,
        string? caseId = null,
        ChangeOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Submits the form to China Customs. The official number is assigned at the first submit; a corrected form keeps
    /// it. Leads to <see cref="Status.Declared"/>.</summary>
    /// <param name="application">The form; null to submit the saved draft of <paramref name="caseId"/> as it is.</param>
    /// <param name="caseId">The case, by id or number; null for a new case.</param>
    /// <param name="options">How the submission is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="ValidationException">The form is incomplete or wrong; all problems are listed.</exception>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="TransitionNotAllowedException">The case is not in a status that allows it.</exception>
    /// <exception cref="EtagMismatchException">The case has changed.</exception>
    Task<CaseChange> SubmitAsync(
        Application? application,
        string? caseId = null,
        SubmitOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Gives the form as it was last saved or submitted.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="CaseKindNotAllowedException">The case is a review, which has no form.</exception>
    Task<ApplicationForm> GetAsync(string caseId, CancellationToken cancellationToken = default);

    /// <summary>Discards a draft that was never submitted: the case is gone.</summary>
    /// <param name="caseId">The case's id.</param>
    /// <param name="options">How the change is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>The request id under which it was done.</returns>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="TransitionNotAllowedException">The case was submitted before.</exception>
    /// <exception cref="EtagMismatchException">The case has changed.</exception>
    Task<Guid> DiscardAsync(string caseId, ChangeOptions? options = null, CancellationToken cancellationToken = default);
}
