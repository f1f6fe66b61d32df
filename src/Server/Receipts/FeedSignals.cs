using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Receipts;

/// <summary>
/// Says that an authority's feed has changed, after the commit: to this server's followers, and to the other servers. A hint only: the
/// table is the truth.
/// </summary>
public sealed class FeedSignals(IBridgeDatabase database, FollowedFeeds followed)
{
    private TaskCompletionSource? any;

    /// <summary>A task that ends at the next change of any authority that this server makes.</summary>
    public Task NextOfAny()
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref any, mine, null) ?? mine).Task;
    }

    /// <summary>Says so.</summary>
    public void Wake(string authorityId)
    {
        followed.Changed(authorityId);
        database.Tell(FollowedFeeds.Channel, authorityId);
        Interlocked.Exchange(ref any, null)?.SetResult();
    }
}
