namespace SingleWindowBridge;

/// <summary>Rectifications: stage <see cref="Stage.Assessment"/>, where Customs asks for them.</summary>
public interface IRectifications
{
    /// <summary>Lists the case's rectifications, newest round first.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="StageNotReachedException">The case has not come to the assessment yet.</exception>
    Task<RectificationRounds> ListAsync(string caseId, CancellationToken cancellationToken = default);

    /// <summary>Saves a draft of the answer to the newest round. Leads to <see cref="Status.Draft"/>.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="answer">The answer; it may be incomplete.</param>
    /// <param name="options">How the change is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="TransitionNotAllowedException">The case is not in a stage and status that allow it.</exception>
    /// <exception cref="EtagMismatchException">The case has changed.</exception>
    Task<CaseChange> SaveAsync(
        string caseId, RectificationAnswer answer, ChangeOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Submits the answer to the newest round. Leads to <see cref="Status.Declared"/>.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="answer">The answer; null to submit the saved draft as it is.</param>
    /// <param name="options">How the submission is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="ValidationException">The answer is incomplete or wrong; all problems are listed.</exception>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="TransitionNotAllowedException">The case is not in a stage and status that allow it.</exception>
    /// <exception cref="EtagMismatchException">The case has changed.</exception>
    Task<CaseChange> SubmitAsync(
        string caseId,
        RectificationAnswer? answer = null,
        SubmitOptions? options = null,
        CancellationToken cancellationToken = default);
}
