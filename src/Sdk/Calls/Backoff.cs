namespace SingleWindowBridge;

/// <summary>How long to wait before the next attempt.</summary>
internal static class Backoff
{
    /// <summary>An exponential wait of which the later half is left to chance, so that many clients do not come at once; at
    /// least what the server asked for, and then up to a fifth longer.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="initial">The wait after the first attempt, before jitter.</param>
    /// <param name="longest">The longest wait, before jitter.</param>
    /// <param name="multiplier">By how much each is longer than the one before.</param>
    /// <param name="asked">What the server asked for, if anything.</param>
    public static TimeSpan Next(int attempt, TimeSpan initial, TimeSpan longest, double multiplier, TimeSpan? asked)
    {
        var full = Math.Min(initial.TotalMilliseconds * Math.Pow(multiplier, attempt - 1), longest.TotalMilliseconds);
        var wait = TimeSpan.FromMilliseconds(full * (0.5 + (Random.Shared.NextDouble() / 2)));
        return asked is { } least && least > wait ? least * (1 + (Random.Shared.NextDouble() / 5)) : wait;
    }
}
