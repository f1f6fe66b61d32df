namespace SingleWindowBridge.Server.Limits;

/// <summary>Holds so many tokens and gets so many more a second; what is to happen takes one, or waits.</summary>
internal sealed class Bucket
{
    private readonly Lock gate = new();
    private readonly double perSecond;
    private readonly double most;
    private readonly TimeProvider clock;
    private double tokens;
    private long filledAt;

    /// <summary>A full one.</summary>
    /// <param name="perSecond">How many it gets a second; 0 for no limit.</param>
    /// <param name="most">How many it holds.</param>
    /// <param name="clock">The clock.</param>
    public Bucket(double perSecond, double most, TimeProvider clock)
    {
        (this.perSecond, this.most, this.clock, tokens) = (perSecond, most, clock, most);
        filledAt = clock.GetTimestamp();
    }

    /// <summary>Whether it has all the tokens that it holds: nothing is remembered of whom it is for.</summary>
    public bool IsFull
    {
        get
        {
            lock (gate)
            {
                Fill();
                return tokens >= most;
            }
        }
    }

    /// <summary>Whether not one is left.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (gate)
            {
                Fill();
                return perSecond > 0 && tokens < 1;
            }
        }
    }

    /// <summary>Takes tokens. Where there are too few none is taken.</summary>
    /// <param name="count">How many; more than it holds are taken when it is full.</param>
    /// <param name="wait">How long it takes until there are so many.</param>
    public bool TryTake(double count, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (perSecond <= 0)
            return true;

        lock (gate)
        {
            Fill();
            var needed = Math.Min(count, most);
            if (tokens >= needed)
            {
                tokens -= count;
                return true;
            }

            wait = TimeSpan.FromSeconds(Math.Min((needed - tokens) / perSecond, 3600));
            return false;
        }
    }

    /// <summary>Takes tokens that there are or not: whoever comes next waits the longer, but not for longer than a full one takes to fill.</summary>
    /// <param name="count">How many.</param>
    public void Charge(double count)
    {
        if (perSecond <= 0)
            return;

        lock (gate)
        {
            Fill();
            tokens = Math.Max(tokens - count, -most);
        }
    }

    private void Fill()
    {
        var now = clock.GetTimestamp();
        tokens = Math.Min(most, tokens + (clock.GetElapsedTime(filledAt, now).TotalSeconds * perSecond));
        filledAt = now;
    }
}
