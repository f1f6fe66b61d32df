using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>A simulated Customs on a clock that stands still, with acts one second apart.</summary>
internal sealed class Sandbox : IDisposable
{
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    public Sandbox(string scenario = "straight_through")
    {
        Store = new MemoryStore();
        Options = new SandboxOptions { DefaultScenario = scenario, ActDelay = Delay };
        Channel = new SandboxChannel(Store, Options, Clock);
    }

    public MemoryStore Store { get; }

    public ManualClock Clock { get; } = new();

    public SandboxOptions Options { get; }

    public SandboxChannel Channel { get; private set; }

    public Task SendAsync(Submission submission) => Channel.SendAsync(submission, CancellationToken.None);

    /// <summary>What is given at once; nothing where a caller would have to wait.</summary>
    public async Task<IReadOnlyList<CustomsReceipt>> ReceiveNowAsync(int max = 100)
    {
        using var waiting = new CancellationTokenSource();
        var waits = Clock.NextWait;
        var receiving = Channel.ReceiveAsync(max, waiting.Token);
        await Task.WhenAny(receiving, waits);
        await waiting.CancelAsync();
        try
        {
            return await receiving;
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    public Task AcknowledgeAsync(CustomsReceipt receipt) => Channel.AcknowledgeAsync(receipt, CancellationToken.None);

    public Task<CustomsReceipt> PerformAsync(CustomsAct act, string? messageId = null, string caseNumber = Samples.CaseNumber) =>
        Channel.PerformAsync(caseNumber, messageId ?? Samples.MessageId(), act, CancellationToken.None);

    /// <summary>Lets the process die and start again.</summary>
    public void Restart()
    {
        Channel.Dispose();
        Channel = new SandboxChannel(Store, Options, Clock);
    }

    /// <summary>Takes in all that comes, advancing the clock as needed.</summary>
    public async Task<List<CustomsReceipt>> DrainAsync()
    {
        var all = new List<CustomsReceipt>();
        for (var round = 0; Store.Documents.Any(d => SandboxCase.FromJson(d).Planned.Count > 0); round++)
        {
            Assert.True(round < 100, "What is planned is never given.");
            Clock.Advance(Delay);
            foreach (var receipt in await ReceiveNowAsync())
            {
                all.Add(receipt);
                await AcknowledgeAsync(receipt);
            }
        }

        return all;
    }

    public void Dispose() => Channel.Dispose();
}
