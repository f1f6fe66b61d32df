using System.Net;
using System.Net.Sockets;

namespace SingleWindowBridge.Server.Limits;

/// <summary>What each address has open and has asked for of late without a good credential.</summary>
public sealed class AddressLimits(LimitSettings settings, TimeProvider clock)
{
    // An IPv6 site has 65,536 networks and more. Past so many addresses those are forgotten that have nothing open and did nothing of late;
    // where that frees none, new ones share one place.
    private const int MostAddresses = 20_000;

    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, AddressUse> uses = [];

    /// <summary>Begins a connection; <see cref="Leave"/> ends it.</summary>
    /// <returns>What the address has open; null where it may have no more connections.</returns>
    internal AddressUse? TryEnter(EndPoint? remote)
    {
        lock (gate)
        {
            var use = Of(KeyOf(remote));
            if (settings.AddressConnections > 0 && use.Connections >= settings.AddressConnections)
                return null;
            if (!use.NewConnections.TryTake(1, out _))
                return null;

            use.Connections++;
            return use;
        }
    }

    /// <summary>Ends a connection.</summary>
    internal void Leave(AddressUse use)
    {
        lock (gate)
            use.Connections--;
    }

    private static UInt128 KeyOf(EndPoint? remote)
    {
        if ((remote as IPEndPoint)?.Address is not { } address)
            return 0;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork
            ? BitConverter.ToUInt32(bytes)
            : (UInt128)BitConverter.ToUInt64(bytes) << 64;
    }

    private AddressUse Of(UInt128 key)
    {
        if (uses.TryGetValue(key, out var use))
            return use;
        if (uses.Count >= MostAddresses)
        {
            foreach (var (idle, forgotten) in uses.Where(each => each.Value.IsIdle).ToList())
            {
                uses.Remove(idle);
                forgotten.Dispose();
            }

            if (uses.Count >= MostAddresses && uses.TryGetValue(UInt128.MaxValue, out var shared))
                return shared;
            if (uses.Count >= MostAddresses)
                key = UInt128.MaxValue;
        }

        return uses[key] = new AddressUse(settings, clock);
    }
}

/// <summary>What one address has open and has asked for of late without a good credential.</summary>
internal sealed class AddressUse(LimitSettings settings, TimeProvider clock) : IDisposable
{
    private const int NewConnectionsBurst = 8;

    // Of all its connections; past these every connection that is refused is not read for a while.
    private const int RefusalsPerSecond = 20;
    private const int RefusalsBurst = 200;

    private readonly SemaphoreSlim turns = new(1);
    private int streams;

    public int Connections { get; set; }

    /// <summary>Connections on which no good credential was shown; <see cref="OpenConnections"/> keeps it.</summary>
    public int Unknown { get; set; }

    public Bucket NewConnections { get; } = new(settings.AddressNewConnections, settings.AddressNewConnections * NewConnectionsBurst, clock);

    /// <summary>Calls without a good credential.</summary>
    public Bucket Strangers { get; } = new(settings.AddressStrangers, Math.Max(settings.AddressStrangersBurst, 1), clock);

    /// <summary>
    /// Waits for a turn to have an unknown credential looked up, where the address has had more bad ones than its share: one look at a
    /// time, in the order of asking, so that a good one among them comes through.
    /// </summary>
    /// <param name="isKept">Whether nothing has to be looked up.</param>
    /// <param name="cancellationToken">Cancelled when the caller no longer waits.</param>
    /// <returns>Whether a turn was taken, which <see cref="GiveTurn"/> gives back.</returns>
    public async ValueTask<bool> TakeTurnAsync(bool isKept, CancellationToken cancellationToken)
    {
        if (isKept || !Strangers.IsEmpty)
            return false;

        await turns.WaitAsync(cancellationToken);
        return true;
    }

    /// <summary>Begins a stream that asks for no credential; <see cref="CloseStream"/> ends it.</summary>
    /// <returns>Whether it may begin.</returns>
    public bool TryOpenStream()
    {
        if (Interlocked.Increment(ref streams) <= settings.AddressStrangerStreams || settings.AddressStrangerStreams <= 0)
            return true;

        CloseStream();
        return false;
    }

    /// <summary>Ends a stream.</summary>
    public void CloseStream() => Interlocked.Decrement(ref streams);

    /// <summary>Gives a turn back.</summary>
    public void GiveTurn() => turns.Release();

    public void Dispose() => turns.Dispose();

    /// <summary>Refusals of its calls.</summary>
    public Bucket Refusals { get; } = new(RefusalsPerSecond, RefusalsBurst, clock);

    public bool IsIdle => Connections == 0 && NewConnections.IsFull && Strangers.IsFull && Refusals.IsFull;
}
