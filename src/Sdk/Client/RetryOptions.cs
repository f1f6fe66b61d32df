namespace SingleWindowBridge;

/// <summary>How calls are repeated that found no server or a busy one (UNAVAILABLE), or that a limit stopped before they had any effect
/// (RESOURCE_EXHAUSTED with a google.rpc.RetryInfo). A download is taken up again after any
/// cut. Nothing else is repeated.</summary>
public sealed record RetryOptions
{
    /// <summary>How many attempts in all, at least 1; 1 repeats nothing. By default 5.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>The wait before the second attempt, before jitter; by default 200 ms. A server that names a longer one
    /// (google.rpc.RetryInfo) is obeyed.</summary>
    public TimeSpan InitialBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait, before jitter; by default 10 s.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>By how much every wait is longer than the one before; by default 2.</summary>
    public double Multiplier { get; init; } = 2;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxAttempts, 1, "Retry.MaxAttempts");
        ArgumentOutOfRangeException.ThrowIfLessThan(InitialBackoff, TimeSpan.Zero, "Retry.InitialBackoff");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBackoff, InitialBackoff, "Retry.MaxBackoff");
        ArgumentOutOfRangeException.ThrowIfLessThan(Multiplier, 1, "Retry.Multiplier");
    }
}
