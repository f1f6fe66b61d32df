using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Negotiations over the wire.</summary>
internal sealed class NegotiationCalls(CallPipeline pipeline, ISingleWindowClient client) : INegotiations
{
    private readonly Wire.NegotiationService.NegotiationServiceClient _stub = new(pipeline.Invoker);
    private readonly ServiceCalls _calls = new(pipeline, Wire.NegotiationService.Descriptor.FullName);

    public async Task<Negotiation> GetAsync(
        string caseId, NegotiationTopic topic, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        var request = new Wire.GetNegotiationRequest { CaseId = caseId, Topic = (Wire.NegotiationTopic)topic };
        var response = await _calls.ReadAsync("GetNegotiation", _stub.GetNegotiationAsync, request, cancellationToken)
            .ConfigureAwait(false);
        return response.ToModel();
    }

    public async Task<CaseChange> SaveReplyAsync(
        string caseId,
        NegotiationTopic topic,
        NegotiationReply reply,
        ChangeOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        ArgumentNullException.ThrowIfNull(reply);
        var changed = await _calls.ChangeAsync(
            "SaveReply",
            _stub.SaveReplyAsync,
            id => new Wire.SaveReplyRequest
            {
                RequestId = id,
                CaseId = caseId,
                Etag = options?.ETag ?? "",
                Topic = (Wire.NegotiationTopic)topic,
                Reply = reply.ToWire(),
            },
            options,
            cancellationToken).ConfigureAwait(false);
        return changed.ToChange(changed.Response.Case, client);
    }

    public async Task<CaseChange> SubmitReplyAsync(
        string caseId,
        NegotiationTopic topic,
        NegotiationReply? reply = null,
        SubmitOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        var changed = await _calls.ChangeAsync(
            "SubmitReply",
            _stub.SubmitReplyAsync,
            id => new Wire.SubmitReplyRequest
            {
                RequestId = id,
                CaseId = caseId,
                Etag = options?.ETag ?? "",
                Topic = (Wire.NegotiationTopic)topic,
                Reply = reply?.ToWire(),
                ValidateOnly = options?.ValidateOnly ?? false,
            },
            options,
            cancellationToken).ConfigureAwait(false);
        return changed.ToChange(changed.Response.Case, client, changed.Response.Problems);
    }

    public async Task<CaseChange> SubmitSignatoriesAsync(
        string caseId, Signatories signatories, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        ArgumentNullException.ThrowIfNull(signatories);
        var changed = await _calls.ChangeAsync(
            "SubmitSignatories",
            _stub.SubmitSignatoriesAsync,
            id => new Wire.SubmitSignatoriesRequest
            {
                RequestId = id,
                CaseId = caseId,
                Etag = options?.ETag ?? "",
                Signatories = signatories.ToWire(),
                ValidateOnly = options?.ValidateOnly ?? false,
            },
            options,
            cancellationToken).ConfigureAwait(false);
        return changed.ToChange(changed.Response.Case, client, changed.Response.Problems);
    }

    public async Task<SignatoriesList> GetSignatoriesAsync(string caseId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        var request = new Wire.GetSignatoriesRequest { CaseId = caseId };
        var response = await _calls.ReadAsync("GetSignatories", _stub.GetSignatoriesAsync, request, cancellationToken)
            .ConfigureAwait(false);
        return response.ToModel();
    }
}
