using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SingleWindow.Sandbox.V1;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Sandbox;

// GetClock, StopClock, AdvanceClock and StartClock: a few lines each.
public sealed partial class SandboxEndpoints
{
    /// <inheritdoc/>
    public override async Task<GetClockResponse> GetClock(GetClockRequest request, ServerCallContext context) =>
        new() { Clock = ToClock(await channel.AccountAsync(context.Account().AuthorityId, context.CancellationToken)) };

    /// <inheritdoc/>
    public override async Task<StopClockResponse> StopClock(StopClockRequest request, ServerCallContext context) =>
        new()
        {
            Clock = ToClock(await channel.StopClockAsync(
                context.Account().AuthorityId, context.CancellationToken, CallerOf(context, "", request, "STOPPED"))),
        };

    /// <inheritdoc/>
    public override async Task<StartClockResponse> StartClock(StartClockRequest request, ServerCallContext context) =>
        new()
        {
            Clock = ToClock(await channel.StartClockAsync(
                context.Account().AuthorityId, context.CancellationToken, CallerOf(context, "", request, "STARTED"))),
        };

    /// <inheritdoc/>
    public override async Task<AdvanceClockResponse> AdvanceClock(AdvanceClockRequest request, ServerCallContext context)
    {
        var rules = new FieldRules();
        if (rules.Required("by", request.By is not null))
            rules.Range("by", request.By!, 1, 31_536_000);
        CheckOnce(rules, request.RequestId);
        rules.ThrowIfAny();
        return await OnceAsync(
            request.RequestId, request,
            once => channel.AdvanceClockAsync(
                context.Account().AuthorityId, request.By!.ToTimeSpan(), once, context.CancellationToken,
                CallerOf(context, request.RequestId, request, $"ADVANCED {request.By.ToTimeSpan():c}")),
            account => new AdvanceClockResponse { Clock = ToClock(account) });
    }

    private Clock ToClock(SandboxAccount account) => new()
    {
        Time = Timestamp.FromDateTimeOffset(account.TimeAt(clock.GetUtcNow())),
        Stopped = account.StoppedAt is not null,
    };
}
