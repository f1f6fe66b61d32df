using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Rectifications over the wire.</summary>
internal sealed class RectificationCalls(CallPipeline pipeline, ISingleWindowClient client) : IRectifications
{
    private readonly Wire.RectificationService.RectificationServiceClient _stub = new(pipeline.Invoker);
    private readonly ServiceCalls _calls = new(pipeline, Wire.RectificationService.Descriptor.FullName);

    public async Task<RectificationRounds> ListAsync(string caseId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        var request = new Wire.ListRectificationsRequest { CaseId = caseId };
        var response = await _calls.ReadAsync("ListRectifications", _stub.ListRectificationsAsync, request, cancellationToken)
            .ConfigureAwait(false);
        return response.ToModel();
    }

    public async Task<CaseChange> SaveAsync(
        string caseId, RectificationAnswer answer, ChangeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        ArgumentNullException.ThrowIfNull(answer);
        var changed = await _calls.ChangeAsync(
            "SaveRectification",
            _stub.SaveRectificationAsync,
            id => new Wire.SaveRectificationRequest
            {
                RequestId = id,
                CaseId = caseId,
                Etag = options?.ETag ?? "",
                Answer = answer.ToWire(),
            },
            options,
            cancellationToken).ConfigureAwait(false);
        return changed.ToChange(changed.Response.Case, client);
    }

    public async Task<CaseChange> SubmitAsync(
        string caseId,
        RectificationAnswer? answer = null,
        SubmitOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        var changed = await _calls.ChangeAsync(
            "SubmitRectification",
            _stub.SubmitRectificationAsync,
            id => new Wire.SubmitRectificationRequest
            {
                RequestId = id,
                CaseId = caseId,
                Etag = options?.ETag ?? "",
                Answer = answer?.ToWire(),
                ValidateOnly = options?.ValidateOnly ?? false,
            },
            options,
            cancellationToken).ConfigureAwait(false);
        return changed.ToChange(changed.Response.Case, client, changed.Response.Problems);
    }
}
