using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Cases;

public sealed partial class CaseEndpoints
{
    /// <inheritdoc/>
    public override async Task<GetCaseResponse> GetCase(GetCaseRequest request, ServerCallContext context)
    {
        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        var row = await sql.GetCaseAsync(context.Account().AuthorityId, request.CaseId);
        return new GetCaseResponse
        {
            Case = row.ToContract(),
            Opinions = { await sql.ListOpinionsAsync(row.CaseId) },
            ProtocolFiles = { await sql.ListCustomsFilesAsync(row.CaseId, CustomsFileRole.Protocol) },
            CertificateFiles = { await sql.ListCustomsFilesAsync(row.CaseId, CustomsFileRole.Certificate) },
        };
    }
}
