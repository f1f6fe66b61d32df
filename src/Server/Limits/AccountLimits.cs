using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Limits;

/// <summary>What each account has open and has asked for of late. Accounts are few, and known: none is forgotten.</summary>
public sealed class AccountLimits
{
    private readonly ConcurrentDictionary<string, AccountUse> uses = new();
    private readonly Func<string, AccountUse> make;
    private long serverBytes;

    /// <summary>Begins with nothing open.</summary>
    public AccountLimits(LimitSettings settings, Refusals refusals, ServerTurns turns, TimeProvider clock)
    {
        (Settings, Refusals, Turns, Clock) = (settings, refusals, turns, clock);
        make = _ => new AccountUse(this);
        refusals.InFlight = () => ServerBytes;
    }

    /// <summary>Bytes of requests in memory, of all accounts.</summary>
    public long ServerBytes => Interlocked.Read(ref serverBytes);

    internal LimitSettings Settings { get; }

    internal Refusals Refusals { get; }

    internal ServerTurns Turns { get; }

    internal TimeProvider Clock { get; }

    /// <summary>What an account has open.</summary>
    /// <param name="id">The account's id.</param>
    public AccountUse Of(string id) => uses.GetOrAdd(id, make);

    internal bool TryHold(long bytes)
    {
        if (Interlocked.Add(ref serverBytes, bytes) <= Settings.ServerBytes || Settings.ServerBytes <= 0)
            return true;

        LetGo(bytes);
        return false;
    }

    internal void LetGo(long bytes) => Interlocked.Add(ref serverBytes, -bytes);
}

/// <summary>What one account has open and has asked for of late.</summary>
public sealed class AccountUse : IDisposable
{
    // What may come at once, in seconds of what may come over any time.
    private const int UploadBurst = 8;

    // After what may come in so many seconds, what came at once is worked on no faster than may come over any time: whoever makes one call
    // after the other is never refused, and the rest of the server's time is the others'.
    private const double PaceBurst = 0.1;
    private static readonly TimeSpan PaceStep = TimeSpan.FromMilliseconds(2);

    // The count of an account's files has an account's uploads wait for each other in the database, each with a connection for changes.
    private const int MostStoring = 2;

    private readonly AccountLimits all;
    private readonly Bucket calls;
    private readonly Bucket pace;
    private readonly Bucket uploads;
    private readonly SemaphoreSlim storing = new(MostStoring);
    private readonly SemaphoreSlim? share;
    private int openCalls;
    private int openStreams;
    private long bytes;

    internal AccountUse(AccountLimits all)
    {
        this.all = all;
        var settings = all.Settings;
        calls = new Bucket(settings.AccountCalls, Math.Max(settings.AccountBurst, 1), all.Clock);
        pace = new Bucket(settings.AccountCalls, Math.Max(settings.AccountCalls * PaceBurst, 1), all.Clock);
        uploads = new Bucket(settings.AccountUploadBytes, settings.AccountUploadBytes * UploadBurst, all.Clock);

        // One that asks for much, or stands still behind a lock of its own, waits behind itself and not before others.
        if (settings.AccountTurns > 0)
            share = new SemaphoreSlim(settings.AccountTurns);
    }

    /// <summary>How many calls are open.</summary>
    public int OpenCalls => Volatile.Read(ref openCalls);

    /// <summary>How many of them are streams.</summary>
    public int OpenStreams => Volatile.Read(ref openStreams);

    /// <summary>How many bytes of requests are in memory.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>Begins a call; <see cref="Leave"/> ends it.</summary>
    /// <param name="isStream">Whether it is a stream.</param>
    /// <param name="isCounted">Whether it counts among the calls a second.</param>
    /// <param name="refusal">Why it may not begin: RATE_LIMITED or TOO_MANY_AT_ONCE.</param>
    /// <returns>Whether it may.</returns>
    public bool TryEnter(bool isStream, bool isCounted, [NotNullWhen(false)] out BridgeException? refusal)
    {
        refusal = null;
        if (isCounted && !calls.TryTake(1, out var wait))
        {
            refusal = all.Refusals.Rate("ACCOUNT", "CALLS", wait);
            return false;
        }

        var settings = all.Settings;
        if (Interlocked.Increment(ref openCalls) > settings.AccountOpenCalls && settings.AccountOpenCalls > 0)
        {
            Interlocked.Decrement(ref openCalls);
            refusal = all.Refusals.AtOnce("ACCOUNT", "CALLS");
            return false;
        }

        if (isStream && Interlocked.Increment(ref openStreams) > settings.AccountStreams && settings.AccountStreams > 0)
        {
            Leave(isStream);
            refusal = all.Refusals.AtOnce("ACCOUNT", "STREAMS");
            return false;
        }

        return true;
    }

    /// <summary>Ends a call.</summary>
    public void Leave(bool isStream)
    {
        Interlocked.Decrement(ref openCalls);
        if (isStream)
            Interlocked.Decrement(ref openStreams);
    }

    /// <summary>Waits until the call may be worked on; the turn ends when it is disposed.</summary>
    /// <param name="cancellationToken">Cancelled when the caller no longer waits.</param>
    /// <exception cref="BridgeException">SERVER_BUSY.</exception>
    internal async ValueTask<Turn> TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (share is not null)
            await share.WaitAsync(cancellationToken);
        try
        {
            while (!pace.TryTake(1, out _))
                await Task.Delay(PaceStep, all.Clock, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            share?.Release();
            throw;
        }

        if (await all.Turns.TakeAsync() is { } since)
            return new Turn(share, all.Turns, since);

        share?.Release();
        throw all.Refusals.Busy();
    }

    /// <summary>Begins an upload of so many bytes.</summary>
    /// <exception cref="BridgeException">RATE_LIMITED.</exception>
    public void Upload(long size)
    {
        if (!uploads.TryTake(size, out var wait))
            throw all.Refusals.Rate("ACCOUNT", "UPLOAD_BYTES", wait);
    }

    /// <summary>Stores what was uploaded: of an account only so many at once, so that the others wait here and not among everybody's changes.</summary>
    /// <param name="store">Does it.</param>
    /// <param name="cancellationToken">Cancelled when the caller no longer waits.</param>
    public async Task<T> StoreAsync<T>(Func<Task<T>> store, CancellationToken cancellationToken)
    {
        await storing.WaitAsync(cancellationToken);
        try
        {
            return await store();
        }
        finally
        {
            storing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        storing.Dispose();
        share?.Dispose();
    }

    internal void Hold(long more)
    {
        var most = all.Settings.AccountBytes;
        if (Interlocked.Add(ref bytes, more) > most && most > 0)
        {
            Interlocked.Add(ref bytes, -more);
            throw all.Refusals.AtOnce("ACCOUNT", "BYTES");
        }

        if (!all.TryHold(more))
        {
            Interlocked.Add(ref bytes, -more);
            throw all.Refusals.AtOnce("SERVER", "BYTES");
        }
    }

    internal void LetGo(long held)
    {
        Interlocked.Add(ref bytes, -held);
        all.LetGo(held);
    }
}

/// <summary>A call that is worked on, until it is disposed.</summary>
internal readonly struct Turn(SemaphoreSlim? share, ServerTurns? turns, long since) : IDisposable
{
    public void Dispose()
    {
        turns?.Give(since);
        share?.Release();
    }
}

/// <summary>Bytes of a request that are in memory; let go when disposed.</summary>
/// <param name="use">The account; null for one that is not counted.</param>
internal sealed class HeldBytes(AccountUse? use) : IDisposable
{
    private long held;

    /// <summary>Notes that so many bytes are in memory.</summary>
    /// <exception cref="BridgeException">TOO_MANY_AT_ONCE.</exception>
    public void Grow(long to)
    {
        if (to <= held)
            return;

        use?.Hold(to - held);
        held = to;
    }

    public void Dispose()
    {
        if (held > 0)
            use?.LetGo(held);
        held = 0;
    }
}
