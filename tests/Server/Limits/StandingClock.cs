namespace SingleWindowBridge.Server.Tests.Limits;

/// <summary>It stands still until it is moved, and rings once each time.</summary>
internal sealed class StandingClock : TimeProvider
{
    private long now;
    private TimerCallback? ring;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now;

    public void Advance(TimeSpan by)
    {
        now += by.Ticks;
        ring?.Invoke(null);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ring = callback;
        return new Timer(callback);
    }
}
