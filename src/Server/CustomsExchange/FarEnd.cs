using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Server.Exchange;

namespace SingleWindowBridge.Server.CustomsExchange;

/// <summary>The far end that calls the bridge: it is reached as long as it calls this server.</summary>
public sealed class FarEnd(ExchangeOptions options, TimeProvider clock) : ICustomsLink
{
    private long heardAt = long.MinValue;

    /// <summary>Notes that it called.</summary>
    public void Hear() => Volatile.Write(ref heardAt, clock.GetUtcNow().UtcTicks);

    /// <inheritdoc/>
    public Task<bool> IsReachableAsync(CancellationToken cancellationToken) => Task.FromResult(
        Volatile.Read(ref heardAt) is var heard && heard > 0
        && clock.GetUtcNow().UtcTicks - heard < options.Grpc.SilentAfter.Ticks);
}
