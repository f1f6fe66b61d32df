namespace SingleWindowBridge.Server.Audit;

/// <summary>
/// Goes through the rows of the audit, chain by chain in the order of their numbers, and finds every one that was changed, removed,
/// reordered, inserted or cut off. What is there is held against itself, and against heads from outside: of a chain that was written
/// anew from some row to its end only these can tell.
/// </summary>
/// <param name="heads">Rows that must be there as they were: from signed heads, and where the chains ended before they were read.</param>
public sealed class AuditVerifier(IEnumerable<ChainHead> heads)
{
    private readonly Dictionary<(string AuthorityId, long Number), List<ChainHead>> unmet =
        heads.Where(head => head.Number > 0).GroupBy(head => (head.AuthorityId, head.Number)).ToDictionary(group => group.Key, group => group.ToList());

    private readonly Dictionary<string, ChainHead> ends = [];
    private readonly List<AuditFault> faults = [];
    private ChainHead last = new("", 0, []);

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<AuditFault> Faults => faults;

    /// <summary>How many rows were taken.</summary>
    public long Count { get; private set; }

    /// <summary>Takes the next row.</summary>
    public void Take(AuditRow row)
    {
        Count++;
        if (row.AuthorityId != last.AuthorityId)
            Turn(row);
        if (row.Number <= last.Number)
            Find(row, $"stands after row {last.Number}: it is there twice, or was moved");
        else if (row.Number > last.Number + 1)
            Find(row, $"follows row {last.Number}: what was between them is gone, or was moved");
        if (!row.PreviousHash.AsSpan().SequenceEqual(last.Hash))
            Find(row, $"does not continue row {last.Number} as it is there: one of them was changed, removed or put in");
        if (!row.Hash.AsSpan().SequenceEqual(row.ComputeHash()))
            Find(row, "was changed: its content does not give its hash");
        if (unmet.Remove((row.AuthorityId, row.Number), out var expected) && expected.Find(head => !row.Hash.AsSpan().SequenceEqual(head.Hash)) is { } other)
            Find(row, $"is not the one that {other.Source} names: it, or a row before it, was written anew");
        last = ends[row.AuthorityId] = new ChainHead(row.AuthorityId, row.Number, row.Hash);
    }

    /// <summary>Ends: all rows have been taken.</summary>
    /// <param name="now">Where the chains end as the server keeps it, read after the rows.</param>
    public void End(IEnumerable<ChainHead> now)
    {
        foreach (var head in unmet.Values.Select(expected => expected[0]).OrderBy(head => head.AuthorityId, StringComparer.Ordinal).ThenBy(head => head.Number))
            faults.Add(new AuditFault(head.AuthorityId, head.Number, $"is gone, and {head.Source} names it: the chain was cut off, or the row removed"));

        var known = now.ToDictionary(head => head.AuthorityId);
        foreach (var end in ends.Values)
        {
            if (!known.TryGetValue(end.AuthorityId, out var head) || end.Number > head.Number)
                faults.Add(new AuditFault(end.AuthorityId, end.Number, $"was added, not by a server: the chain ends with row {head?.Number ?? 0}"));
            else if (end.Number == head.Number && !end.Hash.AsSpan().SequenceEqual(head.Hash))
                faults.Add(new AuditFault(end.AuthorityId, end.Number, $"is not the one that {head.Source} names: it, or a row before it, was written anew"));
        }
    }

    // The next chain begins.
    private void Turn(AuditRow row)
    {
        if (ends.ContainsKey(row.AuthorityId) || string.CompareOrdinal(row.AuthorityId, last.AuthorityId) < 0)
            Find(row, $"stands after the chain of {last.AuthorityId}: it was moved");
        last = ends.GetValueOrDefault(row.AuthorityId) ?? new ChainHead(row.AuthorityId, 0, []);
    }

    private void Find(AuditRow row, string what) => faults.Add(new AuditFault(row.AuthorityId, row.Number, what));
}

/// <summary>Where a chain ended at some time.</summary>
/// <param name="AuthorityId">Whose chain it is; * for the server's own.</param>
/// <param name="Number">The last row's number; 0 for none.</param>
/// <param name="Hash">The last row's hash.</param>
/// <param name="Source">What says so, for messages.</param>
public sealed record ChainHead(string AuthorityId, long Number, byte[] Hash, string Source = "the server");

/// <summary>Something that is wrong with the audit.</summary>
/// <param name="AuthorityId">Whose chain it is in.</param>
/// <param name="Number">The row's number.</param>
/// <param name="What">What is wrong, after "row N of chain C".</param>
public sealed record AuditFault(string AuthorityId, long Number, string What)
{
    /// <summary>Names the row and what is wrong with it.</summary>
    public override string ToString() => FormattableString.Invariant($"row {Number} of chain {AuthorityId} {What}");
}
