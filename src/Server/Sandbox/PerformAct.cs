using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Sandbox;

public sealed partial class SandboxEndpoints
{
    /// <inheritdoc/>
    public override async Task<PerformActResponse> PerformAct(PerformActRequest request, ServerCallContext context)
    {
        var rules = new FieldRules();
        rules.RequestId(request.RequestId);
        rules.Required("act", request.Act is { ActCase: not CustomsAct.ActOneofCase.None });
        rules.Count("act.require_correction.question_ids", request.Act is { RequireCorrection: { } correction } ? correction.QuestionIds.Count : 0, 1_000);
        rules.ThrowIfAny();

        var authorityId = context.Account().AuthorityId;
        var act = ActMessages.From(request.Act);
        var hash = RequestTable.Hash(request);
        CaseRow row;
        await using (var sql = await database.OpenAsync(context.Scope(), context.CancellationToken))
        {
            // The answer is looked for after the case was read: what was done in between is not taken for a refusal.
            row = await sql.GetCaseAsync(authorityId, request.CaseId);
            var requests = new RequestTable(sql, authorityId, request.RequestId);
            if (await requests.FindAsync<PerformActResponse>(hash) is { } before)
                return before;

            // Before Customs does it: what it has in mind is dropped only for an act that the case takes.
            Workflow.Decide(row.Position, Actor.Customs, CustomsActs.EventOf(act));
            acts.Check(row, act);
        }

        return await ByHandAsync(
            context, request.RequestId, hash, new Deed(authorityId, row.Number!, act, "act"), made => new PerformActResponse { Case = made });
    }
}
