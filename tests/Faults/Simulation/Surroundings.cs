using SingleWindowBridge.Interop.Messages;

namespace SingleWindow.Tests.Simulation;

/// <summary>What surrounds the servers of a seed: time, chance, weather, and the network with what is still on its way.</summary>
internal sealed class Surroundings(Random random, SimulatedClock clock)
{
    private readonly HashSet<string> atCustoms = [];

    /// <summary>All chance of the seed.</summary>
    public Random Random => random;

    /// <summary>The one clock.</summary>
    public SimulatedClock Clock => clock;

    /// <summary>How often what goes wrong.</summary>
    public Weather Weather { get; set; } = Weather.Fair;

    /// <summary>Copies of submissions that come to Customs once more.</summary>
    public Queue<Submission> LateSubmissions { get; } = [];

    /// <summary>Copies of what Customs said that come once more.</summary>
    public Queue<CustomsReceipt> LateReceipts { get; } = [];

    /// <summary>The message ids of the submissions that Customs has.</summary>
    public IReadOnlySet<string> AtCustoms => atCustoms;

    /// <summary>Notes that Customs has a submission.</summary>
    public void HasCome(Submission submission) => atCustoms.Add(submission.MessageId);

    /// <summary>Whether something happens that happens so often in 1,000 times.</summary>
    public bool Happens(int rate) => rate > 0 && random.Next(1000) < rate;

    /// <summary>The way from one to another: at once, after others that are ready, or after a while, which may be longer than a lease.</summary>
    public async Task WayAsync(CancellationToken cancellationToken)
    {
        if (Happens(Weather.Slow))
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20) == 0 ? random.Next(1, 45_000) : random.Next(1, 300)), clock, cancellationToken);
        else if (random.Next(3) == 0)
            await Task.Yield();
    }
}
