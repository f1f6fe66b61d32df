using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Sandbox;

public sealed partial class SandboxEndpoints
{
    /// <inheritdoc/>
    public override async Task<ResetAccountResponse> ResetAccount(ResetAccountRequest request, ServerCallContext context)
    {
        var account = context.Account();
        if (!account.Sandbox)
            throw new BridgeException(ErrorReason.SandboxAccountRequired);

        await channel.ResetAsync(account.AuthorityId, context.CancellationToken);
        feeds.Wake(account.AuthorityId);
        return new ResetAccountResponse();
    }
}
