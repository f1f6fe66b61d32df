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
        Assert.All(await Task.WhenAll(Ask(10)), given => Assert.NotNull(given));
        var line = Ask(10);
        Assert.All(line, asked => Assert.False(asked.IsCompleted));
        Assert.True(turns.IsFull);
        Assert.Null(await Ask(1)[0]);
        Assert.Equal((10, 10), (turns.AtWork, turns.Waiting));
    }

    [Fact]
    public async Task Turns_are_given_in_the_order_of_asking_and_all_are_given_back()
    {
        Ask(10);
        var line = Ask(3);
        Give(1);
        Assert.NotNull(await line[0]);
        Assert.False(line[1].IsCompleted);
        Give(2);
        Assert.All(await Task.WhenAll(line), given => Assert.NotNull(given));
        Give(10);
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
            Give(1);
        }

        Assert.NotNull(await last);
    }

    [Fact]
    public async Task In_a_line_that_stands_nobody_waits_for_longer_than_the_target_and_it_gets_short()
    {
        // Three are served in ten milliseconds, and a hundred come.
        var asked = new List<Task<long?>>();
        for (var count = 0; count < 300; count++)
        {
            asked.AddRange(Ask(33));
            clock.Advance(TimeSpan.FromMilliseconds(3.3));
            Give(1);
        }

        Assert.InRange(turns.Waiting, 0, 2);
        var next = Ask(1)[0];
        clock.Advance(TimeSpan.FromMilliseconds(10.1));
        Give(1);
        Assert.Null(await next);
        var answered = await Task.WhenAll(asked.Where(task => task.IsCompleted));
        Assert.InRange(answered.Count(given => given is not null), 280, 310);

        // When the others have gone there is a turn for everybody, and room for a burst.
        Give(turns.AtWork);
        clock.Advance(2 * ServerTurns.Window);
        Assert.NotNull(await Ask(1)[0]);
        Ask(9);
        Assert.All(Ask(10), waiting => Assert.False(waiting.IsCompleted));
    }

    [Fact]
    public void A_line_stays_short_where_all_who_are_at_work_end_together_until_nobody_has_to_be_refused()
    {
        // As commits that are shared do: ten every 33 ms, and then turns are free for a moment, though a hundred come.
        for (var count = 0; count < 600; count++)
        {
            turns.TurnsAway();
            Ask(33);
            if (count > 100)
                Assert.InRange(turns.Waiting, 0, 4);
            clock.Advance(TimeSpan.FromMilliseconds(3.3));
            if (count % 10 == 9)
                Give(turns.AtWork);
        }

        for (var count = 0; count < 300; count++)
        {
            Ask(1);
            clock.Advance(TimeSpan.FromMilliseconds(10));
            Give(turns.AtWork);
        }

        Ask(20);
        Assert.Equal((10, 10), (turns.AtWork, turns.Waiting));
    }

    [Fact]
    public async Task Where_no_turn_is_given_back_nobody_waits_for_ever()
    {
        Ask(10);
        var waiting = Ask(1)[0];
        clock.Advance(2 * ServerTurns.Window);
        Assert.Null(await waiting);
    }

    // Each took 33 ms.
    private void Give(int count)
    {
        for (; count > 0; count--)
            turns.Give(clock.GetTimestamp() - TimeSpan.FromMilliseconds(33).Ticks);
    }

    private List<Task<long?>> Ask(int count) => [.. Enumerable.Range(0, count).Select(_ => turns.TakeAsync().AsTask())];
}
