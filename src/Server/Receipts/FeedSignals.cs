using System.Collections.Concurrent;

namespace SingleWindowBridge.Server.Receipts;

/// <summary>Wakes the followers of an authority's feed. A hint only: the table is the truth, and followers look there by themselves too.</summary>
public sealed class FeedSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiting = new();
    private TaskCompletionSource? any;

    /// <summary>A task that ends at the authority's next change. Take it before reading, so that no change slips between.</summary>
    public Task Next(string authorityId) => waiting.GetOrAdd(authorityId, _ => New()).Task;

    /// <summary>A task that ends at the next change of any authority.</summary>
    public Task NextOfAny()
    {
        var mine = New();
        return (Interlocked.CompareExchange(ref any, mine, null) ?? mine).Task;
    }

    /// <summary>Says that an authority's feed has changed.</summary>
    public void Wake(string authorityId)
    {
        if (waiting.TryRemove(authorityId, out var signal))
            signal.SetResult();
        Interlocked.Exchange(ref any, null)?.SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
