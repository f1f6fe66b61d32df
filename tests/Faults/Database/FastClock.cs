using System.Diagnostics;

namespace SingleWindowBridge.Faults.Database;

/// <summary>A clock that goes many times as fast, so that a pause of a second before another try is not waited for.</summary>
internal sealed class FastClock : TimeProvider
{
    private const int Speed = 20;

    private readonly long began = Stopwatch.GetTimestamp();
    private readonly DateTimeOffset start = DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow() => start + (Stopwatch.GetElapsedTime(began) * Speed);

    public override long GetTimestamp() => (base.GetTimestamp() - began) * Speed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(base.CreateTimer(callback, state, Fast(dueTime), Fast(period)));

    private static TimeSpan Fast(TimeSpan time) => time <= TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds / Speed));

    private sealed class FastTimer(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Fast(dueTime), Fast(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
