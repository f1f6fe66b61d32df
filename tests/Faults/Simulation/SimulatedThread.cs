namespace SingleWindow.Tests.Simulation;

/// <summary>
/// The one thread on which everything runs. Of what could go on next the seed chooses, so that tasks overtake each other as they would on
/// many threads, and in the same way again for the same seed.
/// </summary>
internal sealed class SimulatedThread(Random random)
{
    private readonly int home = Environment.CurrentManagedThreadId;
    private readonly List<(SimulatedProcess Process, SendOrPostCallback What, object? State)> ready = [];
    private volatile string? astray;

    /// <summary>Has something run later.</summary>
    public void Add(SimulatedProcess process, SendOrPostCallback what, object? state)
    {
        if (Environment.CurrentManagedThreadId != home)
            astray = Environment.StackTrace;
        else if (!process.IsDead)
            ready.Add((process, what, state));
    }

    /// <summary>Runs one of the things that are ready.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="InvalidOperationException">Something has left the thread: what follows would not come again with the same seed.</exception>
    public bool RunOne()
    {
        if (astray is not null)
            throw new InvalidOperationException($"Something ran on another thread:\n{astray}");

        while (ready.Count > 0)
        {
            var index = random.Next(ready.Count);
            var (process, what, state) = ready[index];
            ready[index] = ready[^1];
            ready.RemoveAt(ready.Count - 1);
            if (process.IsDead)
                continue;

            process.Run(what, state);
            return true;
        }

        return false;
    }
}

/// <summary>What runs in one process: when that is killed, nothing of it ever goes on.</summary>
internal sealed class SimulatedProcess(SimulatedThread thread) : SynchronizationContext
{
    private TaskScheduler? scheduler;

    /// <summary>Whether it was killed.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Its tasks.</summary>
    public TaskScheduler Scheduler => scheduler ??= Within(TaskScheduler.FromCurrentSynchronizationContext);

    /// <summary>Kills it.</summary>
    public void Kill() => IsDead = true;

    /// <inheritdoc/>
    public override void Post(SendOrPostCallback d, object? state) => thread.Add(this, d, state);

    /// <inheritdoc/>
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing of ours waits for another.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Does something in it.</summary>
    public void Run(SendOrPostCallback what, object? state) => Within(() =>
    {
        what(state);
        return true;
    });

    /// <summary>Does something in it.</summary>
    public T Within<T>(Func<T> what)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            return what();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }
}
