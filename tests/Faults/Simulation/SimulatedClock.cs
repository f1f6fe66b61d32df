namespace SingleWindow.Tests.Simulation;

/// <summary>A clock that goes only when it is told to, and a microsecond further with each look: no two looks see the same time.</summary>
internal sealed class SimulatedClock(DateTimeOffset start) : TimeProvider
{
    private readonly PriorityQueue<Ring, (long Due, long Order)> rings = new();
    private long now = start.UtcTicks;
    private long order;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How long it has gone.</summary>
    public TimeSpan Gone => TimeSpan.FromTicks(now - start.UtcTicks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(now += TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long GetTimestamp() => now;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Goes on to this much later, unless something rings before: then that long, and it rings.</summary>
    /// <returns>Whether something rang.</returns>
    public bool RingNext(long until)
    {
        while (rings.TryPeek(out var ring, out var at))
        {
            if (at.Due > until)
                break;
            rings.Dequeue();
            if (!ring.IsSet)
                continue;
            now = Math.Max(now, at.Due);
            ring.Go();
            return true;
        }

        now = Math.Max(now, until);
        return false;
    }

    private void Set(Ring ring, TimeSpan after) => rings.Enqueue(ring, (now + after.Ticks, ++order));

    // One setting of a timer: another setting makes another.
    private sealed class Ring(Timer timer, TimeSpan period)
    {
        public bool IsSet => timer.Next == this;

        public void Go() => timer.Fire(period);
    }

    private sealed class Timer(SimulatedClock clock, TimerCallback callback, object? state) : ITimer
    {
        public Ring? Next { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Next = dueTime == Timeout.InfiniteTimeSpan ? null : new Ring(this, period);
            if (Next is not null)
                clock.Set(Next, dueTime);
            return true;
        }

        public void Fire(TimeSpan period)
        {
            Change(period <= TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period, period);
            callback(state);
        }

        public void Dispose() => Next = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
