using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;
using Status = SingleWindow.Bridge.V1.Status;

namespace SingleWindowBridge.Server.Cases;

public sealed partial class CaseEndpoints
{
    /// <inheritdoc/>
    public override async Task<ListCasesResponse> ListCases(ListCasesRequest request, ServerCallContext context)
    {
        var rules = new FieldRules();
        rules.Enum("kind", request.Kind);
        rules.Enum("stage", request.Stage);
        rules.Enum("status", request.Status);
        rules.Time("changed_since", request.ChangedSince);
        rules.Range("page_size", request.PageSize, 0, 200);
        rules.ThrowIfAny();

        var authorityId = context.Account().AuthorityId;
        var query = new ListCasesRequest(request) { PageSize = 0, PageToken = "" };
        var page = new PageToken(authorityId, query);
        var size = request.PageSize == 0 ? 50 : request.PageSize;

        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        var before = request.PageToken.Length > 0 ? page.Read(request.PageToken) : "";
        var rows = await sql.ListCasesAsync(authorityId, request, before, size + 1);

        return new ListCasesResponse
        {
            Cases = { rows.Take(size).Select(row => row.ToContract()) },
            NextPageToken = rows.Count > size ? page.Write(rows[size - 1].CaseId) : "",
        };
    }
}
