namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>The cases that have acts planned, in the order in which their next acts are given. Not for several threads.</summary>
internal sealed class OpenCases
{
    private readonly Dictionary<string, Entry> _byNumber = new(StringComparer.Ordinal);
    private readonly SortedSet<Entry> _waiting = new(Comparer<Entry>.Create((a, b) =>
        (a.DueAt, a.Order).CompareTo((b.DueAt, b.Order))));
    private readonly SortedSet<Entry> _given = new(Comparer<Entry>.Create((a, b) => a.Given.CompareTo(b.Given)));
    private long _order;
    private long _givenSoFar;

    /// <summary>The case as it stands, or null if nothing is planned for it.</summary>
    public SandboxCase? Find(string caseNumber) => _byNumber.GetValueOrDefault(caseNumber)?.State;

    /// <summary>Takes in the case as it now stands; forgets it if nothing is planned.</summary>
    public void Put(SandboxCase state)
    {
        if (_byNumber.TryGetValue(state.CaseNumber, out var entry))
        {
            // The next act is the same: only what comes after it has changed, and it keeps its place.
            if (state.Planned.Count > 0 && state.Planned[0] is var next && next.MessageId == entry.State.Planned[0].MessageId
                && next.DueAt == entry.DueAt && state.StoppedAt == entry.State.StoppedAt)
            {
                entry.State = state;
                return;
            }

            Remove(entry);
        }

        if (state.Planned.Count == 0) return;
        entry = new Entry { State = state, DueAt = state.Planned[0].DueAt, Order = ++_order };
        _byNumber.Add(state.CaseNumber, entry);
        // While the clock stands still, what is due later is not waited for.
        entry.Stands = state.StoppedAt is { } stopped && entry.DueAt > stopped;
        if (!entry.Stands) _waiting.Add(entry);
    }

    /// <summary>
    /// At most <paramref name="max"/> cases whose next act is due, by due time. New ones go before those given earlier and not
    /// acknowledged, so that one which nobody acknowledges holds nothing up.
    /// </summary>
    public List<SandboxCase> Give(int max, DateTimeOffset now)
    {
        var batch = new List<Entry>();
        while (batch.Count < max && _waiting.Min is { } entry && entry.DueAt <= now) Move(entry, _waiting, batch);
        while (batch.Count < max && _given.Min is { } entry) Move(entry, _given, batch);
        foreach (var entry in batch)
        {
            entry.Given = ++_givenSoFar;
            _given.Add(entry);
        }

        return batch.OrderBy(e => e.DueAt).ThenBy(e => e.Order).Select(e => e.State).ToList();
    }

    /// <summary>When the next act that was never given is due; null if there is none.</summary>
    public DateTimeOffset? NextDue => _waiting.Min?.DueAt;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _byNumber.Clear();
        _waiting.Clear();
        _given.Clear();
    }

    private static void Move(Entry entry, SortedSet<Entry> from, List<Entry> to)
    {
        from.Remove(entry);
        to.Add(entry);
    }

    private void Remove(Entry entry)
    {
        _byNumber.Remove(entry.State.CaseNumber);
        if (!entry.Stands) (entry.Given > 0 ? _given : _waiting).Remove(entry);
    }

    private sealed class Entry
    {
        public required SandboxCase State { get; set; }

        public required DateTimeOffset DueAt { get; init; }

        public required long Order { get; init; }

        /// <summary>Whether it does not come before the clock goes again or is advanced.</summary>
        public bool Stands { get; set; }

        /// <summary>0 until it was given; then which giving it was, counted over all cases.</summary>
        public long Given { get; set; }
    }
}
