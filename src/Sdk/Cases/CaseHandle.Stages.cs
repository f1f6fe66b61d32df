namespace SingleWindowBridge;

// The verbs of the stages in which the authority acts.
public sealed partial class CaseHandle
{
    /// <inheritdoc cref="IApplications.GetAsync"/>
    public Task<ApplicationForm> GetApplicationAsync(CancellationToken cancellationToken = default) =>
        _client.Applications.GetAsync(Existing, cancellationToken);

    /// <summary>Saves a draft of the application, replacing the whole form.</summary>
    /// <param name="application">The form; it may be incomplete.</param>
    /// <param name="options">How the change is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <inheritdoc cref="IApplications.SaveAsync" path="/exception"/>
    public Task<CaseChange> SaveApplicationAsync(
        Application application, ChangeOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.Applications.SaveAsync(application, Existing, options, cancellationToken);

    /// <summary>Submits the application to China Customs.</summary>
    /// <param name="application">The form; null to submit the saved draft as it is.</param>
    /// <param name="options">How the submission is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <inheritdoc cref="IApplications.SubmitAsync" path="/exception"/>
    public Task<CaseChange> SubmitApplicationAsync(
        Application? application = null, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.Applications.SubmitAsync(application, Existing, options, cancellationToken);

    /// <inheritdoc cref="IApplications.DiscardAsync"/>
    public Task<Guid> DiscardAsync(ChangeOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.Applications.DiscardAsync(Existing, options, cancellationToken);

    /// <inheritdoc cref="IReviews.GetAsync"/>
    public Task<ReviewDetails> GetReviewAsync(CancellationToken cancellationToken = default) =>
        _client.Reviews.GetAsync(Existing, cancellationToken);

    /// <inheritdoc cref="IReviews.AcceptAsync"/>
    public Task<CaseChange> AcceptReviewAsync(
        Contact contact, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.Reviews.AcceptAsync(Existing, contact, options, cancellationToken);

    /// <inheritdoc cref="IReviews.DeclineAsync"/>
    public Task<CaseChange> DeclineReviewAsync(
        Contact contact, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.Reviews.DeclineAsync(Existing, contact, options, cancellationToken);

    /// <inheritdoc cref="IQuestionnaires.GetAsync"/>
    public Task<Questionnaire> GetQuestionnaireAsync(CancellationToken cancellationToken = default) =>
        _client.Questionnaires.GetAsync(Existing, cancellationToken);

    /// <inheritdoc cref="IQuestionnaires.SaveAsync"/>
    public Task<CaseChange> SaveAnswersAsync(
        IEnumerable<Answer> answers,
        IEnumerable<string>? clearedQuestionIds = null,
        ChangeOptions? options = null,
        CancellationToken cancellationToken = default) =>
        _client.Questionnaires.SaveAsync(Existing, answers, clearedQuestionIds, options, cancellationToken);

    /// <inheritdoc cref="IQuestionnaires.SubmitAsync"/>
    public Task<CaseChange> SubmitAnswersAsync(
        IEnumerable<Answer>? answers = null, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.Questionnaires.SubmitAsync(Existing, answers, options, cancellationToken);

    /// <summary>Saves what has changed in an answer sheet since it was made of the case's questionnaire, and nothing
    /// else.</summary>
    /// <param name="sheet">The sheet, from <see cref="AnswerSheet.Of(Questionnaire)"/>.</param>
    /// <param name="options">How the change is made.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <inheritdoc cref="IQuestionnaires.SaveAsync" path="/exception"/>
    public Task<CaseChange> SaveAnswersAsync(
        AnswerSheet sheet, ChangeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        var changes = sheet.Changes;
        return SaveAnswersAsync(changes.Answers, changes.ClearedQuestionIds, options, cancellationToken);
    }

    /// <inheritdoc cref="IQuestionnaires.ValidateAsync"/>
    public Task<AnswersCheck> ValidateAnswersAsync(
        IEnumerable<Answer>? answers = null, CancellationToken cancellationToken = default) =>
        _client.Questionnaires.ValidateAsync(Existing, answers, cancellationToken);

    /// <inheritdoc cref="IRectifications.ListAsync"/>
    public Task<RectificationRounds> ListRectificationsAsync(CancellationToken cancellationToken = default) =>
        _client.Rectifications.ListAsync(Existing, cancellationToken);

    /// <inheritdoc cref="IRectifications.SaveAsync"/>
    public Task<CaseChange> SaveRectificationAsync(
        RectificationAnswer answer, ChangeOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.Rectifications.SaveAsync(Existing, answer, options, cancellationToken);

    /// <inheritdoc cref="IRectifications.SubmitAsync"/>
    public Task<CaseChange> SubmitRectificationAsync(
        RectificationAnswer? answer = null, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.Rectifications.SubmitAsync(Existing, answer, options, cancellationToken);

    /// <inheritdoc cref="INegotiations.GetAsync"/>
    public Task<Negotiation> GetNegotiationAsync(NegotiationTopic topic, CancellationToken cancellationToken = default) =>
        _client.Negotiations.GetAsync(Existing, topic, cancellationToken);

    /// <inheritdoc cref="INegotiations.SaveReplyAsync"/>
    public Task<CaseChange> SaveReplyAsync(
        NegotiationTopic topic,
        NegotiationReply reply,
        ChangeOptions? options = null,
        CancellationToken cancellationToken = default) =>
        _client.Negotiations.SaveReplyAsync(Existing, topic, reply, options, cancellationToken);

    /// <inheritdoc cref="INegotiations.SubmitReplyAsync"/>
    public Task<CaseChange> SubmitReplyAsync(
        NegotiationTopic topic,
        NegotiationReply? reply = null,
        SubmitOptions? options = null,
        CancellationToken cancellationToken = default) =>
        _client.Negotiations.SubmitReplyAsync(Existing, topic, reply, options, cancellationToken);

    /// <inheritdoc cref="INegotiations.SubmitSignatoriesAsync"/>
    public Task<CaseChange> SubmitSignatoriesAsync(
        Signatories signatories, SubmitOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.Negotiations.SubmitSignatoriesAsync(Existing, signatories, options, cancellationToken);

    /// <inheritdoc cref="INegotiations.GetSignatoriesAsync"/>
    public Task<SignatoriesList> GetSignatoriesAsync(CancellationToken cancellationToken = default) =>
        _client.Negotiations.GetSignatoriesAsync(Existing, cancellationToken);
}
