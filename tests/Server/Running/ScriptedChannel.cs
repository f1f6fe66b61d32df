using System.Collections.Concurrent;
using System.Threading.Channels;
using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>A link to Customs in the hand of the test: it takes submissions, refuses them or lets them wait, and says what it is told to.</summary>
public sealed class ScriptedChannel : ICustomsChannel
{
    private readonly Lock gate = new();
    private readonly Channel<CustomsReceipt> receipts = System.Threading.Channels.Channel.CreateUnbounded<CustomsReceipt>();
    private Func<Task> answer = () => Task.CompletedTask;
    private TaskCompletionSource changed = New();

    /// <summary>Every attempt to hand something over, in order.</summary>
    public ConcurrentQueue<Submission> Offered { get; } = [];

    /// <summary>The message ids that the bridge has let go of, in order.</summary>
    public ConcurrentQueue<string> Acknowledged { get; } = [];

    /// <summary>Takes every submission from now on, the waiting ones too.</summary>
    public void Accept() => Answer(() => Task.CompletedTask);

    /// <summary>Refuses every submission from now on, the waiting ones too.</summary>
    public void Refuse(string reason) => Answer(() => throw new CustomsUnavailableException(reason));

    /// <summary>Lets submissions wait until told otherwise.</summary>
    public void Hold() => Answer(null);

    /// <summary>Has Customs say something.</summary>
    public void Say(CustomsReceipt receipt) => Assert.True(receipts.Writer.TryWrite(receipt));

    public async Task SendAsync(Submission submission, CancellationToken cancellationToken)
    {
        Offered.Enqueue(submission);
        while (true)
        {
            Func<Task>? now;
            Task next;
            lock (gate)
                (now, next) = (answer, changed.Task);
            if (now != Waiting)
            {
                await now();
                return;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    public async Task<IReadOnlyList<CustomsReceipt>> ReceiveAsync(int max, CancellationToken cancellationToken)
    {
        await receipts.Reader.WaitToReadAsync(cancellationToken);
        var batch = new List<CustomsReceipt>();
        while (batch.Count < max && receipts.Reader.TryRead(out var receipt))
            batch.Add(receipt);
        return batch;
    }

    public Task AcknowledgeAsync(CustomsReceipt receipt, CancellationToken cancellationToken)
    {
        Acknowledged.Enqueue(receipt.MessageId);
        return Task.CompletedTask;
    }

    private static Task Waiting() => Task.CompletedTask;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Answer(Func<Task>? given)
    {
        lock (gate)
        {
            answer = given ?? Waiting;
            changed.SetResult();
            changed = New();
        }
    }
}
