namespace SingleWindowBridge;

// Submitting, and waiting for what Customs makes of it.
public sealed partial class CaseHandle
{
    /// <summary>
    /// Waits until China Customs has answered what was submitted: the case is no longer on its way or under review
    /// (<see cref="Case.IsWithCustoms"/>), or has ended. A submission that could not be handed over counts as answered too:
    /// <see cref="Status.SendFailed"/>.
    /// </summary>
    /// <param name="timeout">How long at most; null for as long as it takes, which may be weeks.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <exception cref="DeadlineExceededException">The time passed.</exception>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    public Task<Case> WaitForAnswerAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        WaitForAsync(found => found.HasEnded || !found.IsWithCustoms, timeout, cancellationToken);

    /// <summary>Submits the application, as <see cref="SubmitApplicationAsync"/>, and waits for Customs' answer, as
    /// <see cref="WaitForAnswerAsync"/>. Done again with the same <see cref="ChangeOptions.RequestId"/>, also by a new process, it
    /// submits nothing anew and waits on.</summary>
    /// <param name="application">The form; null to submit the saved draft as it is.</param>
    /// <param name="options">How the submission is made.</param>
    /// <param name="timeout">How long to wait for the answer at most; null for as long as it takes.</param>
    /// <param name="cancellationToken">Gives the call up; what was submitted stays so.</param>
    /// <inheritdoc cref="IApplications.SubmitAsync" path="/exception"/>
    public Task<Case> SubmitApplicationAndWaitAsync(
        Application? application = null,
        SubmitOptions? options = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        var made = options.Made();
        return SubmitApplicationAsync(application, made, cancellationToken).ThenWaitAsync(made, timeout, cancellationToken);
    }

    /// <summary>Submits the questionnaire and waits for Customs' answer, as <see cref="SubmitApplicationAndWaitAsync"/>
    /// does.</summary>
    /// <param name="answers">Answers to put over those saved before; null for none.</param>
    /// <param name="options">How the submission is made.</param>
    /// <param name="timeout">How long to wait for the answer at most; null for as long as it takes.</param>
    /// <param name="cancellationToken">Gives the call up; what was submitted stays so.</param>
    /// <inheritdoc cref="IQuestionnaires.SubmitAsync" path="/exception"/>
    public Task<Case> SubmitAnswersAndWaitAsync(
        IEnumerable<Answer>? answers = null,
        SubmitOptions? options = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        var made = options.Made();
        return SubmitAnswersAsync(answers, made, cancellationToken).ThenWaitAsync(made, timeout, cancellationToken);
    }

    /// <summary>Submits the answer to a rectification and waits for Customs' answer, as
    /// <see cref="SubmitApplicationAndWaitAsync"/> does.</summary>
    /// <param name="answer">The answer; null to submit the saved draft as it is.</param>
    /// <param name="options">How the submission is made.</param>
    /// <param name="timeout">How long to wait for the answer at most; null for as long as it takes.</param>
    /// <param name="cancellationToken">Gives the call up; what was submitted stays so.</param>
    /// <inheritdoc cref="IRectifications.SubmitAsync" path="/exception"/>
    public Task<Case> SubmitRectificationAndWaitAsync(
        RectificationAnswer? answer = null,
        SubmitOptions? options = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        var made = options.Made();
        return SubmitRectificationAsync(answer, made, cancellationToken).ThenWaitAsync(made, timeout, cancellationToken);
    }

    /// <summary>Submits the reply to an open round of negotiation and waits for Customs' answer, as
    /// <see cref="SubmitApplicationAndWaitAsync"/> does. Customs answers a reply with a new round or by completing the
    /// negotiation.</summary>
    /// <param name="topic">What is negotiated.</param>
    /// <param name="reply">The reply; null to submit the saved draft as it is.</param>
    /// <param name="options">How the submission is made.</param>
    /// <param name="timeout">How long to wait for the answer at most; null for as long as it takes.</param>
    /// <param name="cancellationToken">Gives the call up; what was submitted stays so.</param>
    /// <inheritdoc cref="INegotiations.SubmitReplyAsync" path="/exception"/>
    public Task<Case> SubmitReplyAndWaitAsync(
        NegotiationTopic topic,
        NegotiationReply? reply = null,
        SubmitOptions? options = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        var made = options.Made();
        return SubmitReplyAsync(topic, reply, made, cancellationToken).ThenWaitAsync(made, timeout, cancellationToken);
    }

    /// <summary>Accepts the review and waits for Customs' answer, as <see cref="SubmitApplicationAndWaitAsync"/> does.</summary>
    /// <param name="contact">Whom at the authority Customs may ask: every part of it but the area code.</param>
    /// <param name="options">How the submission is made.</param>
    /// <param name="timeout">How long to wait for the answer at most; null for as long as it takes.</param>
    /// <param name="cancellationToken">Gives the call up; what was submitted stays so.</param>
    /// <inheritdoc cref="IReviews.AcceptAsync" path="/exception"/>
    public Task<Case> AcceptReviewAndWaitAsync(
        Contact contact, SubmitOptions? options = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var made = options.Made();
        return AcceptReviewAsync(contact, made, cancellationToken).ThenWaitAsync(made, timeout, cancellationToken);
    }

    /// <summary>Declines the review and waits for Customs' answer, as <see cref="SubmitApplicationAndWaitAsync"/> does.</summary>
    /// <param name="contact">Whom at the authority Customs may ask: every part of it but the area code.</param>
    /// <param name="options">How the submission is made.</param>
    /// <param name="timeout">How long to wait for the answer at most; null for as long as it takes.</param>
    /// <param name="cancellationToken">Gives the call up; what was submitted stays so.</param>
    /// <inheritdoc cref="IReviews.DeclineAsync" path="/exception"/>
    public Task<Case> DeclineReviewAndWaitAsync(
        Contact contact, SubmitOptions? options = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var made = options.Made();
        return DeclineReviewAsync(contact, made, cancellationToken).ThenWaitAsync(made, timeout, cancellationToken);
    }
}
