using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Applications over the wire.</summary>
internal sealed class ApplicationCalls(CallPipeline pipeline, ISingleWindowClient client) : IApplications
{
    private readonly Wire.ApplicationService.ApplicationServiceClient _stub = new(pipeline.Invoker);
    private readonly ServiceCalls _calls = new(pipeline, Wire.ApplicationService.Descriptor.FullName);

    public async Task<CaseChange> SaveAsync(
        Application application,
        string? caseId = null,
        ChangeOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(application);
        var changed = await _calls.ChangeAsync(
            "SaveApplication",
            _stub.SaveApplicationAsync,
            id => new Wire.SaveApplicationRequest
            {
                RequestId = id,
                CaseId = caseId ?? "",
                Etag = options?.ETag ?? "",
                Application = application.ToWire(),
            },
            options,
            cancellationToken).ConfigureAwait(false);
        return changed.ToChange(changed.Response.Case, client);
    }

    public async Task<CaseChange> SubmitAsync(
        Application? application,
        string? caseId = null,
        SubmitOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        if (application is null && string.IsNullOrEmpty(caseId))
            throw new ArgumentException("A form or the case of a saved draft is needed.", nameof(application));
        var changed = await _calls.ChangeAsync(
            "SubmitApplication",
            _stub.SubmitApplicationAsync,
            id => new Wire.SubmitApplicationRequest
            {
                RequestId = id,
                CaseId = caseId ?? "",
                Etag = options?.ETag ?? "",
                Application = application?.ToWire(),
                ValidateOnly = options?.ValidateOnly ?? false,
            },
            options,
            cancellationToken).ConfigureAwait(false);
        return changed.ToChange(changed.Response.Case, client, changed.Response.Problems);
    }

    public async Task<ApplicationForm> GetAsync(string caseId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        var request = new Wire.GetApplicationRequest { CaseId = caseId };
        var response = await _calls.ReadAsync("GetApplication", _stub.GetApplicationAsync, request, cancellationToken)
            .ConfigureAwait(false);
        return response.ToModel();
    }

    public async Task<Guid> DiscardAsync(
        string caseId, ChangeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        var changed = await _calls.ChangeAsync(
            "DiscardApplication",
            _stub.DiscardApplicationAsync,
            id => new Wire.DiscardApplicationRequest { RequestId = id, CaseId = caseId, Etag = options?.ETag ?? "" },
            options,
            cancellationToken).ConfigureAwait(false);
        return changed.RequestId;
    }
}
