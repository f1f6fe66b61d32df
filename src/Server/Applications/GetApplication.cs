using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Applications;

public sealed partial class ApplicationEndpoints
{
    /// <inheritdoc/>
    public override async Task<GetApplicationResponse> GetApplication(GetApplicationRequest request, ServerCallContext context)
    {
        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        var row = await sql.GetCaseAsync(context.Account().AuthorityId, request.CaseId);
        row.MustBe(CaseKind.Assessment);
        var form = await sql.GetApplicationAsync(row.CaseId);
        return new GetApplicationResponse
        {
            Case = row.ToContract(),
            Application = form,
            Files = { await sql.ListFilesAsync(row.AuthorityId, form.FileIds) },
        };
    }
}
