using SingleWindowBridge.Server.Limits;

namespace SingleWindowBridge.Server.Tests.Limits;

/// <summary>Whose call is worked on while there are more than can be.</summary>
public sealed class ServerTurnsTests : IDisposable
{
    private readonly StandingClock clock = new();
    private readonly ServerTurns turns;

    public ServerTurnsTests() => turns = new ServerTurns(new LimitSettings { ServerCalls = 10 }, clock);

    public void Dispose() => turns.Dispose();

    [Fact]
    public async Task So_many_are_at_work_as_many_stand_in_line_and_the_next_is_refused()
    {
        Assert.All(await Task.WhenAll(Ask(10)), Assert.True);
        var line = Ask(10);
        Assert.All(line, asked => Assert.False(asked.IsCompleted));
        Assert.True(turns.IsFull);
        Assert.False(await Ask(1)[0]);
        Assert.Equal((10, 10), (turns.AtWork, turns.Waiting));
    }

    [Fact]
    public async Task Turns_are_given_in_the_order_of_asking_and_all_are_given_back()
    {
        Ask(10);
        var line = Ask(3);
        turns.Give();
        Assert.True(await line[0]);
        Assert.False(line[1].IsCompleted);
        for (var count = 0; count < 2; count++)
            turns.Give();
        Assert.True(await line[1] && await line[2]);
        for (var count = 0; count < 10; count++)
            turns.Give();
        Assert.Equal((0, 0), (turns.AtWork, turns.Waiting));
    }

    [Fact]
    public async Task A_burst_is_waited_out()
    {
        Ask(10);
        var last = Ask(10)[^1];
        for (var count = 0; count < 10; count++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(9));
            turns.Give();
        }

        Assert.True(await last);
    }

    [Fact]
    public async Task In_a_line_that_stands_nobody_waits_for_longer_than_a_moment_and_it_gets_short()
    {
        // Three are served in ten milliseconds, and a hundred come.
        var asked = new List<Task<bool>>();
        for (var count = 0; count < 300; count++)
        {
            asked.AddRange(Ask(33));
            clock.Advance(TimeSpan.FromMilliseconds(3.3));
            if (turns.AtWork == 10)
                turns.Give();
        }

        Assert.InRange(turns.Waiting, 1, 3);
        var next = Ask(1)[0];
        clock.Advance(TimeSpan.FromMilliseconds(10.1));
        turns.Give();
        Assert.False(await next);
        var answered = await Task.WhenAll(asked.Where(task => task.IsCompleted));
        Assert.InRange(answered.Count(given => given), 290, 310);

        // When the others have gone there is a turn for everybody, and soon room for a burst.
        for (var count = turns.AtWork; count > 0; count--)
            turns.Give();
        for (var count = 0; count < 3; count++)
        {
            Assert.True(await Ask(1)[0]);
            turns.Give();
            clock.Advance(ServerTurns.Window);
        }

        Ask(10);
        Assert.All(Ask(10), waiting => Assert.False(waiting.IsCompleted));
    }

    [Fact]
    public async Task Where_no_turn_is_given_back_nobody_waits_for_ever()
    {
        Ask(10);
        var waiting = Ask(1)[0];
        clock.Advance(2 * ServerTurns.Window);
        Assert.False(await waiting);
    }

    private List<Task<bool>> Ask(int count) => [.. Enumerable.Range(0, count).Select(_ => turns.TakeAsync().AsTask())];

    // It stands still until it is moved, and rings once each time.
    private sealed class StandingClock : TimeProvider
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
}
