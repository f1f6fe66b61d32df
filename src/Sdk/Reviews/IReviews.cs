namespace SingleWindowBridge;

/// <summary>
/// Retrospective reviews (回顾性检查): stage <see cref="Stage.Reception"/>. China Customs starts one, which the receipts tell as
/// <see cref="CaseEvent.StartReview"/> of a case of <see cref="CaseKind.Review"/>; <see cref="CaseFilter.Kind"/> lists them. After
/// an acceptance the stages are those of an assessment from <see cref="Stage.Questionnaire"/> on, as far as they are needed.
/// </summary>
public interface IReviews
{
    /// <summary>Gives what Customs started, and the authority's answer so far.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="CaseKindNotAllowedException">The case is an assessment.</exception>
    Task<ReviewDetails> GetAsync(string caseId, CancellationToken cancellationToken = default);

    /// <summary>Agrees to the review (同意检查): Customs then opens the questionnaire. Leads to
    /// <see cref="Status.Declared"/>.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="contact">Whom at the authority Customs may ask: every part of it but the area code.</param>
    /// <param name="options">How the answer is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="ValidationException">The contact is incomplete or wrong; all problems are listed.</exception>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="CaseKindNotAllowedException">The case is an assessment.</exception>
    /// <exception cref="TransitionNotAllowedException">The review was answered already.</exception>
    /// <exception cref="EtagMismatchException">The case has changed.</exception>
    Task<CaseChange> AcceptAsync(
        string caseId, Contact contact, SubmitOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Refuses the review (拒绝检查). Leads to <see cref="Status.Declared"/>; the review ends,
    /// <see cref="Stage.Completed"/> <see cref="Status.Rejected"/>, as soon as Customs has received the refusal.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="contact">Whom at the authority Customs may ask: every part of it but the area code.</param>
    /// <param name="options">How the answer is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="ValidationException">The contact is incomplete or wrong; all problems are listed.</exception>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="CaseKindNotAllowedException">The case is an assessment.</exception>
    /// <exception cref="TransitionNotAllowedException">The review was answered already.</exception>
    /// <exception cref="EtagMismatchException">The case has changed.</exception>
    Task<CaseChange> DeclineAsync(
        string caseId, Contact contact, SubmitOptions? options = null, CancellationToken cancellationToken = default);
}
