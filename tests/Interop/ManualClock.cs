namespace SingleWindowBridge.Interop.Tests;

/// <summary>A clock that stands still until it is advanced; its timers ring in order of their time.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private DateTimeOffset _now = new(2025, 11, 20, 1, 0, 0, TimeSpan.Zero);

    private TaskCompletionSource _armed = NewSignal();

    /// <summary>Ends when somebody begins to wait by this clock. Take it before the call that may.</summary>
    public Task NextWait
    {
        get
        {
            lock (_gate) return _armed.Task;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        lock (_gate)
        {
            _armed.SetResult();
            _armed = NewSignal();
        }

        return alarm;
    }

    public void Advance(TimeSpan by)
    {
        DateTimeOffset until;
        lock (_gate) until = _now + by;
        while (true)
        {
            Alarm? next;
            lock (_gate)
            {
                next = _alarms.Where(a => a.RingsAt <= until).MinBy(a => a.RingsAt);
                _now = next is null ? until : next.RingsAt > _now ? next.RingsAt : _now;
                if (next is not null) _alarms.Remove(next);
            }

            if (next is null) return;
            next.Ring();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Alarm(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset RingsAt { get; private set; }

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._alarms.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                RingsAt = clock._now + dueTime;
                clock._alarms.Add(this);
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
