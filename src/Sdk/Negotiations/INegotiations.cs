namespace SingleWindowBridge;

/// <summary>Negotiations: stages <see cref="Stage.ProtocolNegotiation"/> and <see cref="Stage.CertificateNegotiation"/>,
/// in rounds
/// that Customs opens.</summary>
public interface INegotiations
{
    /// <summary>Gives a negotiation's history, newest entry first, and the saved draft of a reply.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="topic">Which negotiation.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="StageNotReachedException">The case has not come to this negotiation yet.</exception>
    Task<Negotiation> GetAsync(string caseId, NegotiationTopic topic, CancellationToken cancellationToken = default);

    /// <summary>Saves a draft of the reply to the open round. Leads to <see cref="Status.Draft"/>.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="topic">Which negotiation.</param>
    /// <param name="reply">The reply; it may be incomplete.</param>
    /// <param name="options">How the change is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="TransitionNotAllowedException">The case is not in a stage and status that allow it.</exception>
    /// <exception cref="EtagMismatchException">The case has changed.</exception>
    Task<CaseChange> SaveReplyAsync(
        string caseId,
        NegotiationTopic topic,
        NegotiationReply reply,
        ChangeOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Submits the reply to the open round. Leads to <see cref="Status.Declared"/>.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="topic">Which negotiation.</param>
    /// <param name="reply">The reply; null to submit the saved draft as it is.</param>
    /// <param name="options">How the submission is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="ValidationException">The reply is incomplete or wrong; all problems are listed.</exception>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="TransitionNotAllowedException">The case is not in a stage and status that allow it.</exception>
    /// <exception cref="EtagMismatchException">The case has changed.</exception>
    Task<CaseChange> SubmitReplyAsync(
        string caseId,
        NegotiationTopic topic,
        NegotiationReply? reply = null,
        SubmitOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Sends the list of signing officers with specimen signatures and seals, once the certificate negotiation is
    /// complete. May be done again; the newest counts. Stage and status stay.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="signatories">The list.</param>
    /// <param name="options">How the submission is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="ValidationException">The list is incomplete or wrong; all problems are listed.</exception>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="TransitionNotAllowedException">The case is not in a stage and status that allow it.</exception>
    /// <exception cref="EtagMismatchException">The case has changed.</exception>
    Task<CaseChange> SubmitSignatoriesAsync(
        string caseId, Signatories signatories, SubmitOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Gives the list of signing officers as last sent.</summary>
    /// <param name="caseId">The case, by id or number.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="StageNotReachedException">The case has not come to the certificate negotiation yet.</exception>
    Task<SignatoriesList> GetSignatoriesAsync(string caseId, CancellationToken cancellationToken = default);
}
