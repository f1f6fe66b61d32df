namespace SingleWindowBridge.Server.Limits;

/// <summary>
/// How many calls are worked on at once where there is too much to do: as many as leave each about as quick as when few are, by the
/// gradient of the two times (as Envoy's adaptive concurrency has it). More at once would get no more done, and each would take longer.
/// Not safe for use by several threads at once.
/// </summary>
internal sealed class GradientLimit(int most, TimeProvider clock)
{
    // So few that none waits for another, and so many of them, to know how quick a call is.
    internal const int Few = 3;
    internal const int Measured = 50;

    // A measure takes a moment in which little else is done; what is known holds for so long.
    internal static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestMeasure = TimeSpan.FromMilliseconds(500);

    // Fewer say little.
    private const int FewestTimes = 10;

    // So many times as long as among few a call may take before fewer are worked on; but not fewer than this part of the most.
    private const double Slack = 1.25;
    private const int Part = 8;

    private readonly List<TimeSpan> times = [];
    private double limit = most;
    private TimeSpan? quick;
    private long? measuredSince;
    private long? lastMeasure;

    /// <summary>How many may be at work now.</summary>
    public int Now => Math.Min(most, measuredSince is null ? (int)limit : Few);

    /// <summary>Notes a call that was worked on.</summary>
    /// <param name="since">The clock's timestamp when it began.</param>
    public void Note(long since)
    {
        if (since < measuredSince)
            return;

        times.Add(clock.GetElapsedTime(since));
        if (measuredSince is not null && times.Count >= Measured)
            EndMeasure();
    }

    /// <summary>Decides anew; to be called every 100 ms or so.</summary>
    /// <param name="tooMuch">Whether there is more to do than gets done.</param>
    public void Adapt(bool tooMuch)
    {
        if (measuredSince is { } since)
        {
            if (clock.GetElapsedTime(since) > LongestMeasure)
                EndMeasure();
            return;
        }

        if (!tooMuch)
            limit = Math.Min(most, limit + Math.Sqrt(limit));
        else if (lastMeasure is not { } last || clock.GetElapsedTime(last) > Kept)
            (measuredSince, lastMeasure) = (clock.GetTimestamp(), clock.GetTimestamp());
        else if (times.Count < FewestTimes)
            return;
        else if (quick is { } alone)
            limit = Math.Clamp((limit * Math.Clamp(Slack * alone / Median(), 0.5, 1)) + Math.Sqrt(limit), Math.Max(most / Part, 1), most);
        times.Clear();
    }

    // Where a call takes so long that few came, nobody is held back for it.
    private void EndMeasure()
    {
        quick = times.Count >= FewestTimes ? Median() : null;
        limit = quick is null ? most : limit;
        measuredSince = null;
        times.Clear();
    }

    private TimeSpan Median()
    {
        times.Sort();
        return times[times.Count / 2];
    }
}
