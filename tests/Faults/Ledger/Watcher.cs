namespace SingleWindowBridge.Faults.Ledger;

/// <summary>Follows an authority's feed and remembers what came. It lets go now and then, and goes on where it was.</summary>
internal sealed class Watcher(SingleWindowClient client, Random random)
{
    private static readonly WatchOptions Options = new()
    {
        HeartbeatInterval = TimeSpan.FromSeconds(1), InitialBackoff = TimeSpan.FromMilliseconds(20), MaxBackoff = TimeSpan.FromMilliseconds(250),
    };

    private readonly List<Receipt> _seen = [];

    /// <summary>How many receipts came.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>What came, in the order in which it came; to be read when the watching has ended.</summary>
    public IReadOnlyList<Receipt> Seen => _seen;

    private int _count;

    /// <summary>Watches until it is enough.</summary>
    public async Task RunAsync(CancellationToken enough)
    {
        await Task.Yield();
        var from = ReceiptPosition.Beginning;
        while (!enough.IsCancellationRequested)
        {
            var most = random.Next(1, 60);
            try
            {
                await foreach (var message in client.Receipts.WatchAsync(from, Options, enough))
                {
                    if (message is not ReceiptMessage.Receipt { Value: var receipt })
                        continue;
                    _seen.Add(receipt);
                    Volatile.Write(ref _count, _seen.Count);
                    from = ReceiptPosition.After(receipt.Cursor);
                    if (--most == 0)
                        break;
                }
            }
            catch (OperationCanceledException) when (enough.IsCancellationRequested)
            {
                return;
            }
            catch (SingleWindowException failure) when (failure.IsRetryable)
            {
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }
}
