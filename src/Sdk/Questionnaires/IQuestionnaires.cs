namespace SingleWindowBridge;

/// <summary>Questionnaires: stage <see cref="Stage.Questionnaire"/>.</summary>
public interface IQuestionnaires
{
    /// <summary>Gives the questions that the case was opened with, and the answers as last saved or submitted.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="StageNotReachedException">Customs has not opened the questionnaire yet.</exception>
    Task<Questionnaire> GetAsync(string caseId, CancellationToken cancellationToken = default);

    /// <summary>Saves some answers and leaves the others as they are. Leads to <see cref="Status.Draft"/>.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="answers">The answers to put over those saved before, one a question.</param>
    /// <param name="clearedQuestionIds">The questions whose answers are taken away; null for none.</param>
    /// <param name="options">How the change is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="TransitionNotAllowedException">The case is not in a stage and status that allow it.</exception>
    /// <exception cref="EtagMismatchException">The case has changed.</exception>
    Task<CaseChange> SaveAsync(
        string caseId,
        IEnumerable<Answer> answers,
        IEnumerable<string>? clearedQuestionIds = null,
        ChangeOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Submits the questionnaire, with the answers given here put over those saved before. Leads to
    /// <see cref="Status.Declared"/>.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="answers">Answers to put over those saved before; null for none.</param>
    /// <param name="options">How the submission is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="ValidationException">Answers or files are missing or wrong; all problems are listed.</exception>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="TransitionNotAllowedException">The case is not in a stage and status that allow it.</exception>
    /// <exception cref="EtagMismatchException">The case has changed.</exception>
    Task<CaseChange> SubmitAsync(
        string caseId,
        IEnumerable<Answer>? answers = null,
        SubmitOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Checks what a submission would be refused for, and changes nothing.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="answers">Answers to put over those saved before; null for none.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="TransitionNotAllowedException">The case is not in a stage and status that allow a submission.</exception>
    Task<AnswersCheck> ValidateAsync(
        string caseId, IEnumerable<Answer>? answers = null, CancellationToken cancellationToken = default);
}
