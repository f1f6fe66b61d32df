using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>Many callers at once, on the real clock.</summary>
public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Many_cases_get_every_act_once_and_in_order()
    {
        const int Cases = 200;
        var store = new MemoryStore();
        var options = new SandboxOptions { ActDelay = TimeSpan.FromMilliseconds(1) };
        using var channel = new SandboxChannel(store, options, TimeProvider.System);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var taken = new Dictionary<string, List<string>>();
        var left = Cases * 4;

        // Two receivers may be given the same receipt; as in the server, the message id decides whether it was taken in before, and nobody
        // acknowledges it while another is taking it in.
        var seen = new HashSet<string>();
        var receivers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                foreach (var receipt in await channel.ReceiveAsync(16, stop.Token))
                {
                    lock (seen)
                    {
                        if (seen.Add(receipt.MessageId))
                        {
                            if (!taken.TryGetValue(receipt.CaseNumber, out var acts)) taken[receipt.CaseNumber] = acts = [];
                            acts.Add(receipt.Act.GetType().Name);
                            left--;
                        }
                    }

                    if (left == 0) await stop.CancelAsync();
                    await channel.AcknowledgeAsync(receipt, CancellationToken.None);
                }
            }
        })).ToList();

        await Parallel.ForAsync(0, Cases, async (n, token) =>
        {
            var submission = Samples.Submission(caseNumber: $"C{n}");
            await Task.WhenAll(channel.SendAsync(submission, token), channel.SendAsync(submission, token));
        });
        foreach (var receiver in receivers)
        {
            try
            {
                await receiver;
            }
            catch (OperationCanceledException)
            {
                // The receiver was waiting for more when the last one had come.
            }
        }

        Assert.Equal(0, left);
        Assert.Equal(Cases, taken.Count);
        Assert.All(taken.Values, acts => Assert.Equal(["Received", "Accept", "Approve", "OpenQuestionnaire"], acts));
    }
}
