using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Files;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Negotiations;

public sealed partial class NegotiationEndpoints
{
    /// <inheritdoc/>
    public override async Task<GetNegotiationResponse> GetNegotiation(GetNegotiationRequest request, ServerCallContext context)
    {
        var stage = StageOf(request.Topic);
        await using var sql = await database.OpenAsync(context.Scope(), context.CancellationToken);
        var row = await sql.GetCaseAsync(context.Account().AuthorityId, request.CaseId);
        row.MustHaveReached(stage);
        var draft = await sql.FindDraftAsync(row.CaseId, request.Topic);
        return new GetNegotiationResponse
        {
            Case = row.ToContract(),
            Entries = { await sql.ListEntriesAsync(row, request.Topic) },
            Draft = draft,
            DraftFiles = { await sql.ListFilesAsync(row.AuthorityId, draft?.FileIds.ToArray() ?? []) },
        };
    }
}
