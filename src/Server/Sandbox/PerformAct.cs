using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Interop.Xml;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;
using CustomsReceipt = SingleWindowBridge.Interop.Messages.CustomsReceipt;

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
            var requests = new RequestTable(sql, authorityId, request.RequestId);
            if (await requests.FindAsync<PerformActResponse>(hash) is { } before)
                return before;

            row = await sql.GetCaseAsync(authorityId, request.CaseId);
            Workflow.Decide(row.Position, Actor.Customs, CustomsActs.EventOf(act));
        }

        CustomsReceipt receipt;
        try
        {
            receipt = await channel.PerformAsync(row.Number!, request.RequestId, act, context.CancellationToken);
        }
        catch (MessageFormatException wrong)
        {
            throw new BridgeException([new Problem(
                "act", FieldProblemCode.Malformed, $"超出了与海关交换的报文格式：{wrong.Message}",
                $"No message of the exchange with Customs can hold it: {wrong.Message}")]);
        }

        PerformActResponse? answer = null;
        await inbox.ApplyAsync(
            receipt,
            change =>
            {
                answer = new PerformActResponse { Case = change.Case.ToContract() };
                return new RequestTable(change.Sql, authorityId, request.RequestId).KeepAsync(hash, answer, change.Now);
            },
            context.CancellationToken);
        return answer
            ?? await FindAnswerAsync(authorityId, request.RequestId, hash, context.CancellationToken)
            ?? throw new BridgeException(ErrorReason.RequestIdReused, ("request_id", request.RequestId));
    }

    // The same request that came at the same moment may have been the one to make the change.
    private async Task<PerformActResponse?> FindAnswerAsync(
        string authorityId, string requestId, string hash, CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Of(authorityId), cancellationToken);
        return await new RequestTable(sql, authorityId, requestId).FindAsync<PerformActResponse>(hash);
    }
}
