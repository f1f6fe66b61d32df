using SingleWindowBridge.Server.Limits;

namespace SingleWindowBridge.Server.Tests.Limits;

/// <summary>How many calls are worked on at once while there is too much to do.</summary>
public sealed class GradientLimitTests
{
    private const int Most = 40;
    private readonly StandingClock clock = new();
    private readonly GradientLimit limit;

    public GradientLimitTests() => limit = new GradientLimit(Most, clock);

    [Fact]
    public void Where_calls_slow_each_other_down_only_so_many_are_worked_on_as_hardly_do()
    {
        // One alone takes 20 ms; past four, each one more makes all of them slower by 5 ms.
        Assert.Equal(Most, limit.Now);
        Work(80, atOnce => Math.Max(20, 5 * atOnce));
        Assert.InRange(limit.Now, 7, 10);
    }

    [Fact]
    public void Where_more_at_once_get_more_done_as_many_are_worked_on_as_may_be()
    {
        Work(80, _ => 20);
        Assert.Equal(Most, limit.Now);
    }

    [Fact]
    public void Not_less_than_an_eighth_is_worked_on_however_slow_it_gets()
    {
        Work(80, atOnce => atOnce * atOnce / 8.0);
        Assert.Equal(Most / 8, limit.Now);
    }

    [Fact]
    public void When_it_is_over_all_may_be_at_work_again_within_a_second()
    {
        Work(80, atOnce => atOnce * atOnce / 8.0);
        for (var windows = 0; windows < 10; windows++)
            limit.Adapt(tooMuch: false);
        Assert.Equal(Most, limit.Now);
    }

    [Fact]
    public void How_quick_a_call_is_is_measured_anew()
    {
        Work(80, atOnce => Math.Max(20, 5 * atOnce));

        // The database has got slower for everyone: nothing is won by fewer at once.
        Work(500, _ => 100);
        Assert.Equal(Most, limit.Now);
    }

    [Fact]
    public void Where_calls_take_too_long_to_be_measured_as_many_are_worked_on_as_may_be()
    {
        Work(80, atOnce => Math.Max(20, 5 * atOnce));
        clock.Advance(GradientLimit.Kept);
        limit.Adapt(tooMuch: true);
        Assert.Equal(GradientLimit.Few, limit.Now);
        for (var windows = 0; windows < 100; windows++)
        {
            clock.Advance(ServerTurns.Window);
            if (windows % 20 == 0)
                limit.Note(clock.GetTimestamp() - TimeSpan.FromSeconds(1).Ticks);
            limit.Adapt(tooMuch: true);
        }

        Assert.Equal(Most, limit.Now);
    }

    // A window lets as many calls end as can in its time, each of which took so many milliseconds.
    private void Work(int windows, Func<int, double> times)
    {
        for (; windows > 0; windows--)
        {
            clock.Advance(ServerTurns.Window);
            var time = TimeSpan.FromMilliseconds(times(limit.Now));
            for (var ended = (int)(limit.Now * ServerTurns.Window / time); ended > 0; ended--)
                limit.Note(clock.GetTimestamp() - time.Ticks);
            limit.Adapt(tooMuch: true);
        }
    }
}
