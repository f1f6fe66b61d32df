namespace SingleWindowBridge.Faults.Ledger;

/// <summary>What a comparison found.</summary>
internal sealed class Findings
{
    /// <summary>What was acknowledged, said or sent, and is not where it should be.</summary>
    public List<string> Lost { get; } = [];

    /// <summary>What is there twice, or was never asked for.</summary>
    public List<string> Doubled { get; } = [];

    /// <summary>What is in another order than it happened in.</summary>
    public List<string> Reordered { get; } = [];

    /// <summary>What the bridge refused although it was right, or put aside.</summary>
    public List<string> Unexpected { get; } = [];

    /// <summary>How many changes were acknowledged.</summary>
    public int Changes { get; set; }

    /// <summary>How many of them had no answer at first.</summary>
    public int Unknown { get; set; }

    /// <summary>How many receipts there are.</summary>
    public int Receipts { get; set; }

    /// <summary>How many submissions Customs has.</summary>
    public int Submissions { get; set; }

    /// <summary>Takes in what another comparison found.</summary>
    public void Add(Findings other)
    {
        Lost.AddRange(other.Lost);
        Doubled.AddRange(other.Doubled);
        Reordered.AddRange(other.Reordered);
        Unexpected.AddRange(other.Unexpected);
        (Changes, Unknown, Receipts, Submissions) =
            (Changes + other.Changes, Unknown + other.Unknown, Receipts + other.Receipts, Submissions + other.Submissions);
    }

    /// <summary>Keeps the tally, and fails where anything is wrong.</summary>
    /// <param name="of">How many things were tried to be lost.</param>
    public void Settle(long of)
    {
        Assert.True(Changes > 0 && Receipts > 0, $"Nothing was done: {this}");
        var wrong = Lost.Concat(Doubled).Concat(Reordered).Concat(Unexpected).Take(20).ToList();
        new Tally(Lost.Count + Unexpected.Count, Doubled.Count, Reordered.Count, of).Settle(string.Join('\n', wrong));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Changes} changes, {Unknown} of them unknown at first, {Receipts} receipts, {Submissions} submissions; "
        + $"lost {Lost.Count}, doubled {Doubled.Count}, reordered {Reordered.Count}, unexpected {Unexpected.Count}";
}
