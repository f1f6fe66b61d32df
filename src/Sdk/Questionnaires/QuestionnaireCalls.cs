using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Questionnaires over the wire.</summary>
internal sealed class QuestionnaireCalls(CallPipeline pipeline, ISingleWindowClient client) : IQuestionnaires
{
    private readonly Wire.QuestionnaireService.QuestionnaireServiceClient _stub = new(pipeline.Invoker);
    private readonly ServiceCalls _calls = new(pipeline, Wire.QuestionnaireService.Descriptor.FullName);

    public async Task<Questionnaire> GetAsync(string caseId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        var request = new Wire.GetQuestionnaireRequest { CaseId = caseId };
        var response = await _calls.ReadAsync("GetQuestionnaire", _stub.GetQuestionnaireAsync, request, cancellationToken)
            .ConfigureAwait(false);
        return response.ToModel();
    }

    public async Task<CaseChange> SaveAsync(
        string caseId,
        IEnumerable<Answer> answers,
        IEnumerable<string>? clearedQuestionIds = null,
        ChangeOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        ArgumentNullException.ThrowIfNull(answers);
        var changed = await _calls.ChangeAsync(
            "SaveAnswers",
            _stub.SaveAnswersAsync,
            id => new Wire.SaveAnswersRequest
            {
                RequestId = id,
                CaseId = caseId,
                Etag = options?.ETag ?? "",
                Answers = { answers.Select(QuestionnaireMapper.ToWire) },
                ClearedQuestionIds = { clearedQuestionIds ?? [] },
            },
            options,
            cancellationToken).ConfigureAwait(false);
        return changed.ToChange(changed.Response.Case, client) with { Progress = changed.Response.Progress.MapAll(QuestionnaireMapper.ToModel) };
    }

    public async Task<CaseChange> SubmitAsync(
        string caseId,
        IEnumerable<Answer>? answers = null,
        SubmitOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        var changed = await _calls.ChangeAsync(
            "SubmitAnswers",
            _stub.SubmitAnswersAsync,
            id => new Wire.SubmitAnswersRequest
            {
                RequestId = id,
                CaseId = caseId,
                Etag = options?.ETag ?? "",
                Answers = { (answers ?? []).Select(QuestionnaireMapper.ToWire) },
                ValidateOnly = options?.ValidateOnly ?? false,
            },
            options,
            cancellationToken).ConfigureAwait(false);
        return changed.ToChange(changed.Response.Case, client, changed.Response.Problems) with
        {
            Progress = changed.Response.Progress.MapAll(QuestionnaireMapper.ToModel),
        };
    }

    public async Task<AnswersCheck> ValidateAsync(
        string caseId, IEnumerable<Answer>? answers = null, CancellationToken cancellationToken = default)
    {
        var change = await SubmitAsync(caseId, answers, new SubmitOptions { ValidateOnly = true }, cancellationToken)
            .ConfigureAwait(false);
        return new AnswersCheck { Case = change.Case, Problems = change.Problems, Progress = change.Progress };
    }
}
