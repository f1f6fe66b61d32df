using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Cases;

public sealed partial class CaseEndpoints
{
    /// <inheritdoc/>
    public override Task<RedeliverCaseResponse> RedeliverCase(RedeliverCaseRequest request, ServerCallContext context) =>
        writer.ChangeAsync(
            context, request, Stage.Unspecified, CaseEvent.Redeliver,
            async change => change.MessageId = await change.Sql.RequeueAsync(change.Case.CaseId, change.Now),
            outcome => new RedeliverCaseResponse { Case = outcome.Case });
}
