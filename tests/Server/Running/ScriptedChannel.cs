using System.Collections.Concurrent;
using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>A link to Customs in the hand of the test: it takes submissions, refuses them or lets them wait, and says what it is told to.</summary>
public sealed class ScriptedChannel : ICustomsChannel
{
    private readonly Lock gate = new();
    private readonly List<CustomsReceipt> unacknowledged = [];
    private Func<Submission, Task> answer = _ => Task.CompletedTask;
    private TaskCompletionSource changed = New();

    /// <summary>Every attempt to hand something over, in order.</summary>
    public ConcurrentQueue<Submission> Offered { get; } = [];

    /// <summary>The message ids that the bridge has let go of, in order.</summary>
    public ConcurrentQueue<string> Acknowledged { get; } = [];

    /// <summary>The servers that were given something that Customs said, each by the token that ends its waiting.</summary>
    public ConcurrentDictionary<CancellationToken, bool> Hearers { get; } = [];

    /// <summary>Takes every submission from now on, the waiting ones too.</summary>
    public void Accept() => Answer(_ => Task.CompletedTask);

    /// <summary>Refuses every submission from now on, the waiting ones too.</summary>
    public void Refuse(string reason) => Answer(_ => throw new CustomsUnavailableException(reason));

    /// <summary>Refuses the next submission and takes those after it.</summary>
    public void RefuseOnce(string reason)
    {
        var attempts = 0;
        Answer(_ => Interlocked.Increment(ref attempts) == 1 ? throw new CustomsUnavailableException(reason) : Task.CompletedTask);
    }

    /// <summary>Fails at every submission of this case from now on in a way that nobody foresaw, and takes those of others.</summary>
    public void BreakFor(string caseNumber) => Answer(it => it.CaseNumber == caseNumber
        ? throw new InvalidOperationException("The link is not what it should be.")
        : Task.CompletedTask);

    /// <summary>Lets submissions wait until told otherwise.</summary>
    public void Hold() => Answer(null);

    /// <summary>Lets the submissions of this case wait until the answer is set, and takes those of others.</summary>
    public TaskCompletionSource HoldFor(string caseNumber)
    {
        var late = New();
        Answer(it => it.CaseNumber == caseNumber ? late.Task : Task.CompletedTask);
        return late;
    }

    /// <summary>Has Customs say something; it is said again and again until it is acknowledged.</summary>
    public void Say(params CustomsReceipt[] receipts)
    {
        lock (gate)
        {
            unacknowledged.AddRange(receipts);
            Change();
        }
    }

    public async Task SendAsync(Submission submission, CancellationToken cancellationToken)
    {
        Offered.Enqueue(submission);
        while (true)
        {
            Func<Submission, Task> now;
            Task next;
            lock (gate)
                (now, next) = (answer, changed.Task);
            if (now != Waiting)
            {
                await now(submission);
                return;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    public async Task<IReadOnlyList<CustomsReceipt>> ReceiveAsync(int max, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (unacknowledged.Count > 0)
                {
                    Hearers[cancellationToken] = true;
                    return [.. unacknowledged.Take(max)];
                }

                next = changed.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    public Task AcknowledgeAsync(CustomsReceipt receipt, CancellationToken cancellationToken)
    {
        Acknowledged.Enqueue(receipt.MessageId);
        lock (gate)
            unacknowledged.Remove(receipt);
        return Task.CompletedTask;
    }

    private static Task Waiting(Submission submission) => Task.CompletedTask;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Answer(Func<Submission, Task>? given)
    {
        lock (gate)
        {
            answer = given ?? Waiting;
            Change();
        }
    }

    private void Change()
    {
        changed.SetResult();
        changed = New();
    }
}
