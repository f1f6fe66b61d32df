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

        var rules = new FieldRules();
        CheckOnce(rules, request.RequestId);
        rules.ThrowIfAny();
        var answer = await OnceAsync(
            request.RequestId, request,
            once => channel.ResetAsync(
                account.AuthorityId, once, context.CancellationToken, CallerOf(context, request.RequestId, request, "ERASED")),
            _ => new ResetAccountResponse());
        feeds.Wake(account.AuthorityId);
        return answer;
    }
}
