using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Applications;

public sealed partial class ApplicationEndpoints
{
    /// <inheritdoc/>
    public override Task<DiscardApplicationResponse> DiscardApplication(DiscardApplicationRequest request, ServerCallContext context) =>
        writer.ChangeAsync(
            context, request, Stage.Application, CaseEvent.Discard,
            _ => Task.CompletedTask,
            _ => new DiscardApplicationResponse());
}
