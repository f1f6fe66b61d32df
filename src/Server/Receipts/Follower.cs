using System.Threading.Tasks.Sources;

namespace SingleWindowBridge.Server.Receipts;

/// <summary>One who follows a feed: sleeps until the feed has changed or it was quiet for long. Waiting takes no memory of its own.</summary>
internal sealed class Follower(FollowedFeeds feeds, FollowedFeed feed, TimeSpan heartbeat, TimeProvider clock) : IValueTaskSource, IDisposable
{
    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<bool> sleep = new() { RunContinuationsAsynchronously = true };
    private long busyAt = clock.GetTimestamp();
    private bool asleep;
    private bool woken;

    /// <summary>What it follows.</summary>
    public FollowedFeed Feed => feed;

    /// <summary>Whether nothing was sent for the heartbeat's length.</summary>
    public bool IsQuiet => clock.GetElapsedTime(Volatile.Read(ref busyAt)) >= heartbeat;

    /// <summary>Says that something was sent.</summary>
    public void Sent() => Volatile.Write(ref busyAt, clock.GetTimestamp());

    /// <summary>Waits until it is woken; at once if it was since it last waited. One at a time.</summary>
    public ValueTask WaitAsync()
    {
        lock (gate)
        {
            if (woken)
            {
                woken = false;
                return ValueTask.CompletedTask;
            }

            sleep.Reset();
            asleep = true;
            return new ValueTask(this, sleep.Version);
        }
    }

    /// <summary>Wakes it.</summary>
    public void Wake()
    {
        lock (gate)
        {
            if (!asleep)
            {
                woken = true;
                return;
            }

            asleep = false;
        }

        sleep.SetResult(true);
    }

    /// <summary>Wakes it if it has been quiet for long.</summary>
    public void WakeIfQuiet()
    {
        if (IsQuiet)
            Wake();
    }

    /// <inheritdoc/>
    public void Dispose() => feeds.Leave(this);

    void IValueTaskSource.GetResult(short token) => sleep.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => sleep.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        sleep.OnCompleted(continuation, state, token, flags);
}
