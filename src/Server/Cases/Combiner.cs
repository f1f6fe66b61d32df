using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Cases;

/// <summary>
/// Commits changes together: what came while the last transaction ran goes into the next, so that many share the wait for the disk.
/// A change that fails takes nobody with it, and each gets its own answer, after the commit. An authority's changes are in one
/// transaction at a time, since each locks its feed.
/// </summary>
/// <param name="database">Where they are committed.</param>
/// <param name="signals">Told of every feed that has changed.</param>
/// <param name="workplace">Where the transactions run, whoever asks for them.</param>
public sealed class Combiner(IBridgeDatabase database, FeedSignals signals, TaskScheduler workplace)
{
    private const int Workers = 2;
    private const int MostTogether = 64;
    private const int MostAlone = 4;

    private readonly Lock gate = new();
    private readonly LinkedList<CombinedChange> waiting = [];
    private readonly HashSet<string> busy = [];
    private int workers;

    /// <summary>Makes a change in a transaction that has locked the authority's feed.</summary>
    /// <param name="authorityId">Whose feed and cases are changed.</param>
    /// <param name="scope">Whom the change acts for.</param>
    /// <param name="requestId">The request that asks for it; null where there is none.</param>
    /// <param name="work">The change. It may be run again, if something outside it broke the transaction.</param>
    /// <param name="cancellationToken">Gives up this change before the commit.</param>
    public Task<T> RunAsync<T>(
        string authorityId, Scope scope, string? requestId, Func<Sql, Task<T>> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var change = new CombinedChange<T>(authorityId, scope, requestId, work, cancellationToken);
        lock (gate)
        {
            waiting.AddLast(change);
            if (!busy.Contains(authorityId))
                StartWorker();
        }

        return change.Outcome;
    }

    private void StartWorker()
    {
        if (workers == Workers)
            return;

        workers++;

        // In nobody's name: a worker serves many callers.
        var flow = ExecutionContext.IsFlowSuppressed() ? (AsyncFlowControl?)null : ExecutionContext.SuppressFlow();
        _ = Task.Factory.StartNew(
            static self => _ = ((Combiner)self!).WorkAsync(), this, CancellationToken.None,
            TaskCreationOptions.DenyChildAttach | TaskCreationOptions.PreferFairness, workplace);
        flow?.Undo();
    }

    private async Task WorkAsync()
    {
        while (Take() is { } changes)
        {
            await CommitAsync(changes);
            Release(changes);
        }
    }

    private List<CombinedChange>? Take()
    {
        lock (gate)
        {
            var taken = new List<CombinedChange>();
            var authorities = new HashSet<string>();
            for (var node = waiting.First; node is not null && taken.Count < MostTogether;)
            {
                var (change, next) = (node.Value, node.Next);
                if (change.IsGone)
                {
                    waiting.Remove(node);
                }
                else if (authorities.Contains(change.AuthorityId) || busy.Add(change.AuthorityId))
                {
                    waiting.Remove(node);
                    authorities.Add(change.AuthorityId);
                    taken.Add(change);
                }

                node = next;
            }

            if (taken.Count == 0)
            {
                workers--;
                return null;
            }

            if (waiting.Count > 0)
                StartWorker();
            return taken;
        }
    }

    private void Release(List<CombinedChange> changes)
    {
        lock (gate)
        {
            foreach (var change in changes)
                busy.Remove(change.AuthorityId);
            for (var index = changes.Count - 1; index >= 0; index--)
            {
                if (changes[index].IsToBeRunLater)
                    waiting.AddFirst(changes[index]);
            }
        }
    }

    private async Task CommitAsync(List<CombinedChange> changes)
    {
        if (await TryCommitAsync(changes) is { } alone)
        {
            await Parallel.ForEachAsync(
                alone, new ParallelOptions { MaxDegreeOfParallelism = MostAlone, TaskScheduler = workplace },
                async (change, _) => await TryCommitAsync([change]));
        }
    }

    // Gives the changes that are to be tried again, each alone.
    private async Task<List<CombinedChange>?> TryCommitAsync(List<CombinedChange> changes)
    {
        using var commit = new CombinedCommit(changes);
        try
        {
            await database.WriteAsync(commit.Scope, commit.RunAsync, commit.CancellationToken);
            foreach (var authorityId in commit.Changed)
                signals.Wake(authorityId);
            commit.Succeed();
            return null;
        }
        catch (Exception failure)
        {
            // What fails before anybody has written is nobody's doing: nobody would fare better alone.
            if (changes.Count == 1 || commit.CancellationToken.IsCancellationRequested
                || (!commit.HasWritten && database.IsOutage(failure)))
            {
                commit.Fail(failure);
                return null;
            }

            return [.. changes.Where(change => change.TryAgain())];
        }
    }
}
