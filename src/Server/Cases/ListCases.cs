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
        // Ids are in the order of creation and never change: a page begins where the last one ended, whatever happens between.
        var rows = await sql.ListAsync<CaseRow>(
            $"""
            SELECT {CaseRow.Columns} FROM cases
            WHERE authority_id = @authorityId
              {If(request.PageToken.Length > 0, "AND case_id < @before")}
              {If(request.Kind != CaseKind.Unspecified, "AND kind = @Kind")}
              {If(request.Category.Length > 0, "AND category = @Category")}
              {If(request.Stage != Stage.Unspecified, "AND stage = @Stage")}
              {If(request.Status != Status.Unspecified, "AND status = @Status")}
              {If(request.ChangedSince is not null, "AND updated_at >= @since")}
            ORDER BY case_id DESC LIMIT @most
            """,
            new
            {
                authorityId,
                before = request.PageToken.Length > 0 ? page.Read(request.PageToken) : "",
                request.Kind,
                request.Category,
                request.Stage,
                request.Status,
                since = request.ChangedSince?.ToDateTimeOffset().ToMicroseconds() ?? 0,
                most = size + 1,
            });

        return new ListCasesResponse
        {
            Cases = { rows.Take(size).Select(row => row.ToContract()) },
            NextPageToken = rows.Count > size ? page.Write(rows[size - 1].CaseId) : "",
        };
    }

    private static string If(bool condition, string clause) => condition ? clause : "";
}
