namespace SingleWindowBridge.Server.Limits;

/// <summary>
/// Whose call is worked on, of all authorities' calls with one answer: so many at once; a few more stand in line; the others are refused
/// before their message is read. The line is as long as its last one need not wait long for: by controlled delay (CoDel), where nobody got a
/// turn at once for a while, nobody waits for longer than a moment. Streams need no turn: they are few, and do little at a time.
/// </summary>
public sealed class ServerTurns : IDisposable
{
    // Where the least wait of a window is longer than the target, the line does not just even out a burst: there is too much to do.
    internal static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);
    internal static readonly TimeSpan Target = TimeSpan.FromMilliseconds(5);

    // So long a call waits then; else it may wait for a window.
    private static readonly TimeSpan Moment = 2 * Target;

    private readonly Lock gate = new();
    private readonly Queue<Waiter> line = [];
    private readonly int most;
    private readonly TimeProvider clock;
    private readonly ITimer timer;
    private int atWork;
    private int room;
    private int waiting;
    private long windowEnd;
    private TimeSpan leastWait = TimeSpan.MaxValue;
    private int given;
    private bool tooMuch;

    /// <summary>Begins with nobody at work.</summary>
    public ServerTurns(LimitSettings settings, TimeProvider clock)
    {
        this.clock = clock;
        most = room = settings.ServerCalls;
        timer = clock.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        windowEnd = clock.GetTimestamp();
    }

    /// <summary>How many are at work.</summary>
    public int AtWork => Volatile.Read(ref atWork);

    /// <summary>How many stand in line.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Whether a call would be refused if it asked now.</summary>
    internal bool IsFull => most > 0 && Volatile.Read(ref waiting) >= Volatile.Read(ref room);

    /// <summary>Waits for a turn, where there is hope of one soon; <see cref="Give"/> gives it back.</summary>
    /// <returns>Whether it was given.</returns>
    internal ValueTask<bool> TakeAsync()
    {
        if (most <= 0)
            return ValueTask.FromResult(true);

        lock (gate)
        {
            if (atWork < most)
            {
                atWork++;
                Note(TimeSpan.Zero);
                return ValueTask.FromResult(true);
            }

            if (line.Count >= room)
                return ValueTask.FromResult(false);
            if (line.Count == 0)
                timer.Change(Window, Window);
            var waiter = new Waiter(clock.GetTimestamp());
            line.Enqueue(waiter);
            waiting = line.Count;
            return new ValueTask<bool>(waiter.Task);
        }
    }

    /// <summary>Gives a turn back: the next one in line has it.</summary>
    internal void Give()
    {
        if (most <= 0)
            return;

        lock (gate)
        {
            Dismiss();
            if (!line.TryDequeue(out var next))
            {
                atWork--;
                return;
            }

            waiting = line.Count;
            Note(clock.GetElapsedTime(next.Since));
            next.SetResult(true);
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
        var patience = tooMuch ? Moment : Window;
        while (line.TryPeek(out var first) && clock.GetElapsedTime(first.Since) > patience)
            line.Dequeue().SetResult(false);
        waiting = line.Count;
    }

    private void Note(TimeSpan wait)
    {
        leastWait = wait < leastWait ? wait : leastWait;
        given++;
        var now = clock.GetTimestamp();
        if (now < windowEnd)
            return;

        // As many may stand in line as were served in a moment.
        tooMuch = leastWait > Target;
        Volatile.Write(ref room, tooMuch ? Math.Clamp((int)(given * (Moment / Window)), 1, most) : most);
        windowEnd = now + (long)(Window.TotalSeconds * clock.TimestampFrequency);
        (leastWait, given) = (TimeSpan.MaxValue, 0);
    }

    private sealed class Waiter(long since) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Since => since;
    }
}
