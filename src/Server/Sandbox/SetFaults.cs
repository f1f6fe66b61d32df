using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Sandbox;

public sealed partial class SandboxEndpoints
{
    private static readonly TimeSpan UsualDelay = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override async Task<SetFaultsResponse> SetFaults(SetFaultsRequest request, ServerCallContext context)
    {
        var rules = new FieldRules();
        rules.Count("faults", request.Faults.Count, 100);
        for (var index = 0; index < Math.Min(request.Faults.Count, 100); index++)
            Check(rules, $"faults[{index}]", request.Faults[index]);
        CheckOnce(rules, request.RequestId);
        rules.ThrowIfAny();

        var faults = request.Faults.Select(fault => new SandboxFault(
            (SandboxFaultKind)fault.Kind, (SandboxDirection)fault.Direction, Math.Max(1, fault.Count), fault.Delay?.ToTimeSpan() ?? UsualDelay));
        return await OnceAsync(
            request.RequestId, request,
            once => channel.SetFaultsAsync(
                context.Account().AuthorityId, [.. faults], once, context.CancellationToken,
                CallerOf(context, request.RequestId, request, $"FAULTS {request.Faults.Count}")),
            _ => new SetFaultsResponse());
    }

    private static void Check(FieldRules rules, string field, Fault fault)
    {
        rules.Enum($"{field}.kind", fault.Kind, required: true);
        rules.Enum($"{field}.direction", fault.Direction, required: true);
        rules.Range($"{field}.count", fault.Count, 0, 1000);
        if (fault.Delay is { } delay)
            rules.Range($"{field}.delay", delay, 0, 3600);
        var wrong = fault.Direction switch
        {
            FaultDirection.Submissions => fault.Kind is FaultKind.Doubled or FaultKind.Reordered,
            FaultDirection.Receipts => fault.Kind is FaultKind.Refused,
            _ => false,
        };
        if (wrong)
        {
            rules.Add(
                $"{field}.kind", FieldProblemCode.NotApplicable,
                "该方向的报文没有这种故障。", "Messages in this direction have no such fault.");
        }
    }
}
