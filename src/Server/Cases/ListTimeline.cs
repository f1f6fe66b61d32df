using System.Globalization;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Cases;

public sealed partial class CaseEndpoints
{
    /// <inheritdoc/>
    public override async Task<ListTimelineResponse> ListTimeline(ListTimelineRequest request, ServerCallContext context)
    {
        var rules = new FieldRules();
        rules.Range("page_size", request.PageSize, 0, 500);
        rules.ThrowIfAny();

        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        var row = await sql.GetCaseAsync(context.Account().AuthorityId, request.CaseId);
        var page = new PageToken(row.AuthorityId, new ListTimelineRequest { CaseId = row.CaseId });
        var after = request.PageToken.Length > 0 ? page.ReadNumber(request.PageToken) : 0;
        var size = request.PageSize == 0 ? 100 : request.PageSize;

        var entries = await sql.ListTimelineAsync(row.CaseId, after, size + 1);
        return new ListTimelineResponse
        {
            Entries = { entries.Take(size) },
            NextPageToken = entries.Count > size
                ? page.Write(entries[size - 1].Sequence.ToString(CultureInfo.InvariantCulture))
                : "",
        };
    }
}
