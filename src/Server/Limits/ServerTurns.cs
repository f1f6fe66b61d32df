namespace SingleWindowBridge.Server.Limits;

/// <summary>
/// Whose call is worked on, of all authorities' calls with one answer: so many at once; a few more stand in line; the others are refused
/// before their message is read. The line is as long as its last one need not wait long for: by controlled delay (CoDel), where nobody got a
/// turn at once for a while, nobody waits for longer than the target until nobody has to be refused; and only so many are at work as do not
/// slow each other down (<see cref="GradientLimit"/>). Streams need no turn: they are few, and do little at a time.
/// </summary>
public sealed class ServerTurns : IDisposable
{
    // Where the least wait of a window is longer than the target, the line does not just even out a burst: there is too much to do. A call
    // waits no longer than the target then; else it may wait for a window.
    internal static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);
    internal static readonly TimeSpan Target = TimeSpan.FromMilliseconds(5);

    private readonly Lock gate = new();
    private readonly Queue<Waiter> line = [];
    private readonly int most;
    private readonly GradientLimit limit;
    private readonly TimeProvider clock;
    private readonly ITimer timer;
    private int atWork;
    private int room;
    private int waiting;
    private long windowEnd;
    private TimeSpan leastWait = TimeSpan.MaxValue;
    private int given;
    private long lastRefused;
    private bool tooMuch;

    /// <summary>Begins with nobody at work.</summary>
    public ServerTurns(LimitSettings settings, TimeProvider clock)
    {
        this.clock = clock;
        most = room = settings.ServerCalls;
        limit = new GradientLimit(most, clock);
        timer = clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        windowEnd = clock.GetTimestamp();
    }

    /// <summary>How many are at work.</summary>
    public int AtWork => Volatile.Read(ref atWork);

    /// <summary>How many stand in line.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Whether a call would be refused if it asked now.</summary>
    internal bool IsFull => most > 0 && Volatile.Read(ref waiting) >= Volatile.Read(ref room);

    /// <summary>The same of one that does ask.</summary>
    internal bool TurnsAway()
    {
        if (!IsFull)
            return false;

        Refuse();
        return true;
    }

    /// <summary>Waits for a turn, where there is hope of one soon; <see cref="Give"/> gives it back.</summary>
    /// <returns>When it was given, by the clock's timestamp; null where it was not.</returns>
    internal ValueTask<long?> TakeAsync()
    {
        var now = clock.GetTimestamp();
        if (most <= 0)
            return ValueTask.FromResult<long?>(now);

        lock (gate)
        {
            if (line.Count == 0 && atWork < limit.Now)
            {
                atWork++;
                Note(TimeSpan.Zero);
                return ValueTask.FromResult<long?>(now);
            }

            if (line.Count >= room)
            {
                Refuse();
                return ValueTask.FromResult<long?>(null);
            }

            if (line.Count == 0)
                timer.Change(Window, Window);
            var waiter = new Waiter(now);
            line.Enqueue(waiter);
            waiting = line.Count;
            return new ValueTask<long?>(waiter.Task);
        }
    }

    /// <summary>Gives a turn back: the next one in line has it.</summary>
    /// <param name="since">When it was given.</param>
    internal void Give(long since)
    {
        if (most <= 0)
            return;

        lock (gate)
        {
            atWork--;
            limit.Note(since);
            Dismiss();
            while (atWork < limit.Now && line.TryDequeue(out var next))
            {
                atWork++;
                waiting = line.Count;
                Note(clock.GetElapsedTime(next.Since));
                next.SetResult(clock.GetTimestamp());
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    // Where no turn is given back, nobody waits for ever all the same.
    private void Look()
    {
        lock (gate)
        {
            Dismiss();
            if (line.Count == 0)
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void Dismiss()
    {
        var patience = tooMuch ? Target : Window;
        while (line.TryPeek(out var first) && clock.GetElapsedTime(first.Since) > patience)
        {
            Refuse();
            line.Dequeue().SetResult(null);
        }

        waiting = line.Count;
    }

    private void Refuse() => Volatile.Write(ref lastRefused, clock.GetTimestamp());

    private void Note(TimeSpan wait)
    {
        leastWait = wait < leastWait ? wait : leastWait;
        given++;
        var now = clock.GetTimestamp();
        if (now < windowEnd)
            return;

        // As many may stand in line as were served in that time. Commits that are shared end together, so that now and then there is a turn
        // at once also where there is too much to do: that is over when nobody has to be refused.
        tooMuch = leastWait > Target || (tooMuch && clock.GetElapsedTime(Volatile.Read(ref lastRefused), now) <= Window);
        limit.Adapt(tooMuch);
        Volatile.Write(ref room, tooMuch ? Math.Clamp((int)(given * (Target / Window)), 1, most) : most);
        windowEnd = now + (long)(Window.TotalSeconds * clock.TimestampFrequency);
        (leastWait, given) = (TimeSpan.MaxValue, 0);
    }

    private sealed class Waiter(long since) : TaskCompletionSource<long?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Since => since;
    }
}
