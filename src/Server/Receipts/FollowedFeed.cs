using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Receipts;

/// <summary>
/// A feed with its followers on this server. Its newest receipts are kept for all of them together: a follower takes what it lacks
/// from there, and holds nothing but its place. One that has fallen behind them reads the table by itself.
/// </summary>
internal sealed class FollowedFeed
{
    /// <summary>How many of the newest receipts are kept.</summary>
    public const int Kept = 256;

    private readonly Lock gate = new();
    private readonly List<Follower> followers = [];
    private readonly Receipt[] newest = new Receipt[Kept];
    private readonly IBridgeDatabase database;
    private readonly TaskScheduler workplace;
    private readonly ILogger logger;
    private readonly FeedState state;
    private long head;
    private long start;
    private Exception? end;
    private bool reading;
    private bool again;

    /// <summary>Begins at the head of a feed as it was just read.</summary>
    public FollowedFeed(IBridgeDatabase database, FeedState state, TaskScheduler workplace, ILogger logger)
    {
        (this.database, this.state, this.workplace, this.logger) = (database, state, workplace, logger);
        head = start = state.Head;
    }

    /// <summary>Whose feed it is.</summary>
    public string AuthorityId => state.AuthorityId;

    /// <summary>Whether its followers were told that it cannot go on.</summary>
    public bool HasEnded
    {
        get
        {
            lock (gate)
                return end is not null;
        }
    }

    /// <summary>The number of the newest receipt known here.</summary>
    public long Head
    {
        get
        {
            lock (gate)
                return head;
        }
    }

    /// <summary>How many follow.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return followers.Count;
        }
    }

    /// <summary>Adds a follower.</summary>
    public void Add(Follower follower)
    {
        lock (gate)
            followers.Add(follower);
    }

    /// <summary>Takes a follower away and gives how many are left.</summary>
    public int Remove(Follower follower)
    {
        lock (gate)
        {
            followers.Remove(follower);
            return followers.Count;
        }
    }

    /// <summary>At most so many receipts after a number, oldest first, of those that are kept.</summary>
    /// <param name="after">The number of the last receipt that the follower has.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="behind">Whether there are receipts after it that are no longer kept.</param>
    public IReadOnlyList<Receipt> After(long after, int most, out bool behind)
    {
        lock (gate)
        {
            if (end is not null)
                throw end;

            behind = after < start && after < head;
            if (behind || after >= head)
                return [];

            var receipts = new Receipt[Math.Min(most, head - after)];
            for (var index = 0; index < receipts.Length; index++)
                receipts[index] = newest[(after + 1 + index) % Kept];
            return receipts;
        }
    }

    /// <summary>Compares with the feed as it was read elsewhere: has what is missing here read.</summary>
    /// <param name="read">The feed.</param>
    /// <param name="known">The head known here before it was read.</param>
    public void Compare(FeedState read, long known)
    {
        // Another copy of the feed, or an older one after a fail-over: whoever follows must ask again with its cursor.
        if (read.Epoch != state.Epoch)
            End(new BridgeException(ErrorReason.CursorInvalid, ("field", "after_cursor")));
        else if (read.Head < known)
            End(FeedState.Ahead(known, read.Head));
        else if (read.Head > Head)
            ReadSoon();
    }

    /// <summary>Reads what is new, once for however many ask.</summary>
    public void ReadSoon()
    {
        lock (gate)
        {
            again = true;
            if (reading || end is not null)
                return;
            reading = true;
        }

        _ = Task.Factory.StartNew(ReadAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, workplace);
    }

    /// <summary>Wakes the followers for whom nothing has happened for as long as they will wait.</summary>
    public void WakeTheQuiet()
    {
        lock (gate)
            followers.ForEach(follower => follower.WakeIfQuiet());
    }

    /// <summary>Tells every follower that this server cannot go on.</summary>
    public void End(Exception failure)
    {
        lock (gate)
            EndAll(failure);
    }

    private void EndAll(Exception failure)
    {
        end ??= failure;
        followers.ForEach(follower => follower.Wake());
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                lock (gate)
                    again = false;
                int count;
                await using (var sql = await database.OpenAsync(Scope.Of(AuthorityId), CancellationToken.None))
                    count = Keep(await sql.ListReceiptsAsync(state, head, ReceiptEndpoints.PageSize));
                lock (gate)
                {
                    if (again || count == ReceiptEndpoints.PageSize)
                        continue;
                    reading = false;
                    return;
                }
            }
        }
        catch (Exception failure)
        {
            // The next sweep finds the feed ahead and has it read again.
            logger.LogWarning("The feed of {AuthorityId} could not be read: {Failure}", AuthorityId, failure.Message);
            lock (gate)
            {
                reading = false;
                if (failure is InvalidOperationException && !database.IsOutage(failure))
                    EndAll(failure);
            }
        }
    }

    private int Keep(IReadOnlyList<Receipt> receipts)
    {
        lock (gate)
        {
            foreach (var receipt in receipts)
                newest[receipt.Number % Kept] = receipt;
            if (receipts.Count > 0)
            {
                head = receipts[^1].Number;
                start = Math.Max(start, head - Kept);
                followers.ForEach(follower => follower.Wake());
            }

            return receipts.Count;
        }
    }
}
