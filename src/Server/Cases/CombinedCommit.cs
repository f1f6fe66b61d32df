using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Cases;

/// <summary>Some changes in one transaction.</summary>
internal sealed class CombinedCommit : IDisposable
{
    private readonly CancellationTokenSource nobodyWaits = new();
    private readonly IReadOnlyList<CombinedChange> changes;
    private readonly HashSet<CombinedChange> left = [];
    private readonly List<CombinedChange> kept = [];
    private bool begun;

    /// <summary>Takes the changes.</summary>
    public CombinedCommit(IReadOnlyList<CombinedChange> changes)
    {
        this.changes = changes;
        CancellationToken = nobodyWaits.Token;
        foreach (var change in changes)
            change.Join(this);
    }

    /// <summary>Cancelled when no caller waits any more.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Whether anything was written, or the commit begun.</summary>
    public bool HasWritten => begun || changes.Any(change => change.Part?.HasWritten == true);

    /// <summary>The authorities whose changes were kept.</summary>
    public IEnumerable<string> Changed => kept.Select(change => change.AuthorityId).Distinct();

    /// <summary>Whom the changes act for, together; what they post is held to that.</summary>
    public Scope Scope => Scope.Of(changes.Select(change => change.Scope).Distinct());

    /// <summary>A caller no longer waits.</summary>
    public void Leave(CombinedChange change)
    {
        lock (left)
        {
            if (!left.Add(change) || left.Count < changes.Count)
                return;
        }

        try
        {
            nobodyWaits.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>
    /// Runs every change, and keeps what those that did not fail have posted. May be run again, in a new transaction, where another
    /// transaction broke this one.
    /// </summary>
    /// <exception cref="InvalidOperationException">A change that is not to be kept has written more than it posted.</exception>
    public async Task<bool> RunAsync(Sql sql)
    {
        kept.Clear();
        begun = false;
        foreach (var change in changes)
            change.TryAgain();
        var shared = new SharedTransaction(sql);
        var authorities = changes.Select(change => change.AuthorityId).ToHashSet();
        var opening = shared.NewPart(sql.Scope, CancellationToken);

        // The feeds are locked in the round trip of the first questions, before them.
        var seen = sql.Attached<SeenRequests>();
        await shared.RunAsync(
        [
            () => Task.WhenAll(opening.LockFeedsAsync(authorities), seen.AskAsync(opening, changes.Select(change => change.RequestId).OfType<string>())),
            .. changes.Select(Run(shared)),
        ]);
        if (changes is [{ Failure: { } failure }])
            throw failure;

        foreach (var change in changes)
        {
            var part = change.Part!;
            if (change.Failure is null && !part.Undo && change.TryBeginCommit())
                kept.Add(change);
            else if (part.HasWritten)
                Undo(sql);
        }

        shared.Keep([.. kept.Select(change => change.Part!)]);
        sql.Undo |= sql.Waiting.Count == 0 && !HasWritten;
        begun = !sql.Undo;
        return begun;
    }

    /// <summary>Gives every caller its answer, or the reason why its own change was refused.</summary>
    public void Succeed()
    {
        foreach (var change in changes.Where(change => !change.IsToBeRunLater))
        {
            if (change.Failure is { } failure)
                change.Fail(failure);
            else
                change.Succeed();
        }
    }

    /// <summary>Gives every caller the failure.</summary>
    public void Fail(Exception failure)
    {
        foreach (var change in changes)
            change.Fail(failure);
    }

    /// <inheritdoc/>
    public void Dispose() => nobodyWaits.Dispose();

    private static Func<CombinedChange, Func<Task>> Run(SharedTransaction shared) => change => () => change.RunAsync(shared);

    private void Undo(Sql sql)
    {
        if (changes.Count > 1)
            throw new InvalidOperationException("One of several changes has to be undone, and with it the transaction");
        sql.Undo = true;
    }
}
