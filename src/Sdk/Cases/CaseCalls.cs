using Google.Protobuf.WellKnownTypes;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Cases over the wire.</summary>
internal sealed class CaseCalls(CallPipeline pipeline, ISingleWindowClient client) : ICases
{
    private readonly Wire.CaseService.CaseServiceClient _stub = new(pipeline.Invoker);
    private readonly ServiceCalls _calls = new(pipeline, Wire.CaseService.Descriptor.FullName);

    public async Task<CaseDetails> GetAsync(string caseId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        var request = new Wire.GetCaseRequest { CaseId = caseId };
        var response = await _calls.ReadAsync("GetCase", _stub.GetCaseAsync, request, cancellationToken).ConfigureAwait(false);
        return response.ToModel();
    }

    public IAsyncEnumerable<Case> ListAsync(CaseFilter? filter = null, CancellationToken cancellationToken = default) =>
        Paging.AllAsync((token, ct) => ListPageAsync(filter, token, 0, ct), cancellationToken);

    public async Task<Page<Case>> ListPageAsync(
        CaseFilter? filter = null, string? pageToken = null, int pageSize = 0, CancellationToken cancellationToken = default)
    {
        var request = new Wire.ListCasesRequest
        {
            Kind = (Wire.CaseKind)(filter?.Kind ?? 0),
            Category = filter?.Category ?? "",
            Stage = (Wire.Stage)(filter?.Stage ?? 0),
            Status = (Wire.Status)(filter?.Status ?? 0),
            ChangedSince = filter?.ChangedSince is { } since ? Timestamp.FromDateTimeOffset(since) : null,
            PageSize = pageSize,
            PageToken = pageToken ?? "",
        };
        var response = await _calls.ReadAsync("ListCases", _stub.ListCasesAsync, request, cancellationToken).ConfigureAwait(false);
        return new Page<Case>
        {
            Items = response.Cases.MapAll(CaseMapper.ToModel),
            NextPageToken = response.NextPageToken.NullIfEmpty(),
        };
    }

    public IAsyncEnumerable<TimelineEntry> TimelineAsync(string caseId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        return Paging.AllAsync((token, ct) => TimelinePageAsync(caseId, token, 0, ct), cancellationToken);
    }

    public async Task<Page<TimelineEntry>> TimelinePageAsync(
        string caseId, string? pageToken = null, int pageSize = 0, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        var request = new Wire.ListTimelineRequest { CaseId = caseId, PageSize = pageSize, PageToken = pageToken ?? "" };
        var response = await _calls.ReadAsync("ListTimeline", _stub.ListTimelineAsync, request, cancellationToken)
            .ConfigureAwait(false);
        return new Page<TimelineEntry>
        {
            Items = response.Entries.MapAll(CaseMapper.ToModel),
            NextPageToken = response.NextPageToken.NullIfEmpty(),
        };
    }

    public async Task<CaseChange> RedeliverAsync(
        string caseId, ChangeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(caseId);
        var changed = await _calls.ChangeAsync(
            "RedeliverCase",
            _stub.RedeliverCaseAsync,
            id => new Wire.RedeliverCaseRequest { RequestId = id, CaseId = caseId, Etag = options?.ETag ?? "" },
            options,
            cancellationToken).ConfigureAwait(false);
        return changed.ToChange(changed.Response.Case, client);
    }
}
