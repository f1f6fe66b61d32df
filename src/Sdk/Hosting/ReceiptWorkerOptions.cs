namespace SingleWindowBridge;

/// <summary>How a <see cref="ReceiptWorker"/> works.</summary>
public sealed class ReceiptWorkerOptions
{
    /// <summary>Gives the checkpoint that keeps the worker's place. Required. It is made once, and disposed with the worker if it
    /// can be.</summary>
    public Func<IServiceProvider, IReceiptCheckpoint>? Checkpoint { get; set; }

    /// <summary>How the feed is watched.</summary>
    public WatchOptions Watch { get; set; } = new();

    /// <summary>The pause after a receipt could not be handled, before jitter; it doubles with every failure of the same receipt. By
    /// default 1 s.</summary>
    public TimeSpan InitialBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such pause, before jitter; by default 1 minute.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromMinutes(1);

    internal void Validate()
    {
        if (Checkpoint is null)
            throw new ArgumentException("Checkpoint must be set.", nameof(Checkpoint));
        ArgumentNullException.ThrowIfNull(Watch);
        ArgumentOutOfRangeException.ThrowIfLessThan(InitialBackoff, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBackoff, InitialBackoff);
    }
}
