using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Negotiations;

public sealed partial class NegotiationEndpoints
{
    /// <inheritdoc/>
    public override async Task<GetSignatoriesResponse> GetSignatories(GetSignatoriesRequest request, ServerCallContext context)
    {
        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        var row = await sql.GetCaseAsync(context.Account().AuthorityId, request.CaseId);
        row.MustHaveReached(Stage.CertificateNegotiation);
        var response = new GetSignatoriesResponse { Case = row.ToContract() };
        var sent = await sql.FindAsync<SignatoriesRow>(
            "SELECT list, submitted_at FROM signatories WHERE case_id = @CaseId", new { row.CaseId });
        if (sent is null)
            return response;

        var list = Signatories.Parser.ParseFrom(sent.List);
        var fileIds = list.Officers.Select(officer => officer.SpecimenSignatureFileId).Concat(list.SealFileIds).Concat(list.FileIds);
        response.Signatories = list;
        response.Files.Add(await sql.ListFilesAsync(row.AuthorityId, [.. fileIds.Distinct()]));
        response.SubmitTime = Times.ToTimestamp(sent.SubmittedAt);
        return response;
    }

    private sealed class SignatoriesRow
    {
        public byte[] List { get; init; } = [];

        public long SubmittedAt { get; init; }
    }
}
