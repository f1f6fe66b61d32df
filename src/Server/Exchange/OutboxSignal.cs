namespace SingleWindowBridge.Server.Exchange;

/// <summary>Tells the delivery that something waits. A hint only: the table is the truth.</summary>
public sealed class OutboxSignal : IDisposable
{
    private readonly SemaphoreSlim signal = new(0, 1);

    /// <summary>Says that something waits.</summary>
    public void Wake()
    {
        if (signal.CurrentCount > 0)
            return;

        try
        {
            signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else said so at the same moment.
        }
    }

    /// <summary>Waits until something is said to wait, or the time is up.</summary>
    public Task WaitAsync(TimeSpan most, CancellationToken cancellationToken) => signal.WaitAsync(most, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => signal.Dispose();
}
