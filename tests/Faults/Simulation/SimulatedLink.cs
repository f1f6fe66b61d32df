using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindow.Tests.Simulation;

/// <summary>The network between a server and Customs, which is the sandbox's: messages are lost, late, doubled and overtake each other.</summary>
internal sealed class SimulatedLink(SandboxChannel customs, Surroundings around) : ICustomsChannel
{
    public async Task SendAsync(Submission submission, CancellationToken cancellationToken)
    {
        await around.WayAsync(cancellationToken);
        if (around.Happens(around.Weather.BrokenLink))
            throw new Injected("simulated: the link is not what it should be");
        if (around.Happens(around.Weather.LostSubmission))
            throw new CustomsUnavailableException("simulated: lost on the way to Customs");

        await customs.SendAsync(submission, CancellationToken.None);
        around.HasCome(submission);
        if (around.Happens(around.Weather.Doubled))
        {
            if (around.Random.Next(2) == 0)
                await customs.SendAsync(submission, CancellationToken.None);
            else
                around.LateSubmissions.Enqueue(submission);
        }

        // Customs has it: the sender learns it, or does not.
        await around.WayAsync(cancellationToken);
        if (around.Happens(around.Weather.LostTaking))
            throw new CustomsUnavailableException("simulated: Customs took it, and its word was lost");
    }

    /// <summary>Gives what is due and has come, which may be nothing: the simulation asks again.</summary>
    public async Task<IReadOnlyList<CustomsReceipt>> ReceiveAsync(int max, CancellationToken cancellationToken)
    {
        await around.WayAsync(cancellationToken);
        if (around.Happens(around.Weather.BrokenLink))
            throw new Injected("simulated: the link is not what it should be");

        var come = new List<CustomsReceipt>();
        foreach (var receipt in (await customs.TakeDueAsync(max, cancellationToken)).Given)
        {
            if (around.Happens(around.Weather.LostReceipt))
                continue;
            come.Add(receipt);
            if (!around.Happens(around.Weather.Doubled))
                continue;
            if (around.Random.Next(2) == 0)
                come.Add(receipt);
            else
                around.LateReceipts.Enqueue(receipt);
        }

        while (around.LateReceipts.Count > 0 && (around.Weather == Weather.Fair || around.Random.Next(3) == 0))
            come.Add(around.LateReceipts.Dequeue());
        var inAnyOrder = come.ToArray();
        around.Random.Shuffle(inAnyOrder);
        await around.WayAsync(cancellationToken);
        return inAnyOrder;
    }

    public async Task AcknowledgeAsync(CustomsReceipt receipt, CancellationToken cancellationToken)
    {
        await around.WayAsync(cancellationToken);
        if (around.Happens(around.Weather.LostAcknowledgement))
        {
            if (around.Random.Next(2) == 0)
                await customs.AcknowledgeAsync(receipt, CancellationToken.None);
            throw new Injected("simulated: the acknowledgement, or the word that it came, was lost");
        }

        await customs.AcknowledgeAsync(receipt, CancellationToken.None);
    }

    /// <summary>Brings a copy of a submission to Customs that was long on its way.</summary>
    public async Task BringLateAsync()
    {
        if (!around.LateSubmissions.TryDequeue(out var submission))
            return;
        try
        {
            await customs.SendAsync(submission, CancellationToken.None);
        }
        catch (CustomsUnavailableException)
        {
            // Nobody listens to the answer to a copy.
        }
    }
}
