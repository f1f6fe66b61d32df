namespace SingleWindow.Tests.Simulation;

/// <summary>What was broken.</summary>
internal enum BreachKind
{
    /// <summary>Something that was acknowledged is not there, or something came to a stop.</summary>
    Lost,

    /// <summary>Something had its effect twice.</summary>
    Doubled,

    /// <summary>Something happened out of order, or where the workflow does not allow it.</summary>
    Reordered,
}

/// <summary>An invariant does not hold.</summary>
internal sealed class BreachException(BreachKind kind, string message) : Exception($"{kind}: {message}")
{
    /// <summary>What was broken.</summary>
    public BreachKind Kind => kind;
}

/// <summary>How a seed went.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Breach">What was broken; null for nothing.</param>
/// <param name="Hash">A hash of the trace: the same whenever the seed is run.</param>
/// <param name="Trace">What happened, a line each.</param>
/// <param name="Counts">What happened how often.</param>
internal sealed record SeedRun(int Seed, BreachException? Breach, string Hash, IReadOnlyList<string> Trace, SeedCounts Counts);

/// <summary>What happened how often.</summary>
internal sealed class SeedCounts
{
    /// <summary>Steps, each followed by a look at everything that was committed.</summary>
    public long Steps { get; set; }

    /// <summary>Changes of cases.</summary>
    public long Changes { get; set; }

    /// <summary>Calls of clients that changed something.</summary>
    public long Accepted { get; set; }

    /// <summary>Calls of clients that were refused.</summary>
    public long Refused { get; set; }

    /// <summary>Calls asked again with the same request id.</summary>
    public long AskedAgain { get; set; }

    /// <summary>Servers that died.</summary>
    public long Crashes { get; set; }

    /// <summary>Submissions that Customs has.</summary>
    public long Submissions { get; set; }

    /// <summary>How often each row of the workflow was gone, by kind of case, stage, status and event.</summary>
    public Dictionary<string, long> Rows { get; } = [];

    /// <summary>Adds those of another.</summary>
    public void Add(SeedCounts other)
    {
        Steps += other.Steps;
        Changes += other.Changes;
        Accepted += other.Accepted;
        Refused += other.Refused;
        AskedAgain += other.AskedAgain;
        Crashes += other.Crashes;
        Submissions += other.Submissions;
        foreach (var (row, count) in other.Rows)
            Rows[row] = Rows.GetValueOrDefault(row) + count;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Steps} steps, {Changes} changes of cases, {Accepted} calls accepted, {Refused} refused, {AskedAgain} asked again, "
        + $"{Submissions} submissions, {Crashes} crashes, {Rows.Count} rows of the workflow";
}
