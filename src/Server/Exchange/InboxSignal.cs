namespace SingleWindowBridge.Server.Exchange;

/// <summary>Tells that a message of Customs waits, or that its turn may have come. A hint only: the table is the truth.</summary>
public sealed class InboxSignal
{
    private TaskCompletionSource next = New();

    /// <summary>A task that ends at the next word. Take it before looking, so that none slips between.</summary>
    public Task Next() => Volatile.Read(ref next).Task;

    /// <summary>Says it.</summary>
    public void Wake() => Interlocked.Exchange(ref next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
