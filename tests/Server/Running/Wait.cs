namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>Waits for what comes by itself, and fails with what was there instead.</summary>
public static class Wait
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Looks again and again until what is there is as it should be.</summary>
    public static async Task<T> ForAsync<T>(Func<Task<T>> look, Func<T, bool> right, Func<T, string>? tell = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var seen = await look();
            if (right(seen))
                return seen;
            if (patience.IsCancellationRequested)
                Assert.Fail($"After {Patience} there is still: {(tell is null ? seen : tell(seen))}");
            await Task.Delay(5);
        }
    }
}
