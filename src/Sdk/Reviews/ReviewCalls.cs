using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Reviews over the wire.</summary>
internal sealed class ReviewCalls(CallPipeline pipeline, ISingleWindowClient client) : IReviews
{
    private readonly Wire.ReviewService.ReviewServiceClient _stub = new(pipeline.Invoker);
    private readonly ServiceCalls _calls = new(pipeline, Wire.ReviewService.Descriptor.FullName);

    public async Task<ReviewDetails> GetAsync(string caseId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        var request = new Wire.GetReviewRequest { CaseId = caseId };
        var response = await _calls.ReadAsync("GetReview", _stub.GetReviewAsync, request, cancellationToken)
            .ConfigureAwait(false);
        return response.ToModel();
    }

    public async Task<CaseChange> AcceptAsync(
        string caseId, Contact contact, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        ArgumentNullException.ThrowIfNull(contact);
        var changed = await _calls.ChangeAsync(
            "AcceptReview",
            _stub.AcceptReviewAsync,
            id => new Wire.AcceptReviewRequest
            {
                RequestId = id,
                CaseId = caseId,
                Etag = options?.ETag ?? "",
                Contact = contact.ToWire(),
                ValidateOnly = options?.ValidateOnly ?? false,
            },
            options,
            cancellationToken).ConfigureAwait(false);
        return changed.ToChange(changed.Response.Case, client, changed.Response.Problems);
    }

    public async Task<CaseChange> DeclineAsync(
        string caseId, Contact contact, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        ArgumentNullException.ThrowIfNull(contact);
        var changed = await _calls.ChangeAsync(
            "DeclineReview",
            _stub.DeclineReviewAsync,
            id => new Wire.DeclineReviewRequest
            {
                RequestId = id,
                CaseId = caseId,
                Etag = options?.ETag ?? "",
                Contact = contact.ToWire(),
                ValidateOnly = options?.ValidateOnly ?? false,
            },
            options,
            cancellationToken).ConfigureAwait(false);
        return changed.ToChange(changed.Response.Case, client, changed.Response.Problems);
    }
}
