namespace SingleWindowBridge;

/// <summary>How a <see cref="ReceiptWorker"/> works.</summary>
public sealed class ReceiptWorkerOptions
{
    /// <summary>Gives the checkpoint that keeps the worker's place. This or <see cref="Consumer"/> is required. It is made once, and
    /// disposed with the worker if it can be.</summary>
    public Func<IServiceProvider, IReceiptCheckpoint>? Checkpoint { get; set; }

    /// <summary>The name of the consumer under which the bridge keeps the worker's place, where no <see cref="Checkpoint"/> does: 1 to 64
    /// of the characters a-z, 0-9, ".", "_" and "-", a letter or digit first.</summary>
    public string? Consumer { get; set; }

    /// <summary>How the feed is watched.</summary>
    public WatchOptions Watch { get; set; } = new();

    /// <summary>The pause after a receipt could not be handled, before jitter; it doubles with every failure of the same receipt. By
    /// default 1 s.</summary>
    public TimeSpan InitialBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such pause, before jitter; by default 1 minute.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromMinutes(1);

    internal void Validate()
    {
        if (Checkpoint is null == string.IsNullOrEmpty(Consumer))
            throw new ArgumentException("Either Checkpoint or Consumer must be set.", nameof(Checkpoint));
        ArgumentNullException.ThrowIfNull(Watch);
        ArgumentOutOfRangeException.ThrowIfLessThan(InitialBackoff, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBackoff, InitialBackoff);
    }
}
