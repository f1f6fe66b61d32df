using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Cases;

/// <summary>A change that waits for its commit.</summary>
internal abstract class CombinedChange
{
    private const int Waiting = 0;
    private const int Committing = 1;
    private const int Gone = 2;

    private readonly CancellationToken cancellationToken;
    private CombinedCommit? commit;
    private int state;

    /// <summary>Takes the change of a caller who waits.</summary>
    protected CombinedChange(string authorityId, Scope scope, string? requestId, CancellationToken cancellationToken)
    {
        AuthorityId = authorityId;
        RequestId = requestId;
        Scope = scope;
        this.cancellationToken = cancellationToken;
    }

    /// <summary>Whose it is.</summary>
    public string AuthorityId { get; }

    /// <summary>Whom it acts for.</summary>
    public Scope Scope { get; }

    /// <summary>The request that asks for it; null where there is none.</summary>
    public string? RequestId { get; }

    /// <summary>Its part of the transaction.</summary>
    public Sql? Part { get; private set; }

    /// <summary>Why it failed, where it did.</summary>
    public Exception? Failure { get; protected set; }

    /// <summary>Whether its caller gave it up in time.</summary>
    public bool IsGone => Volatile.Read(ref state) == Gone;

    /// <summary>Whether it must wait for a later transaction, since another of this one has taken what it needs.</summary>
    public bool IsToBeRunLater => Failure is TakenException && !IsGone;

    /// <summary>Gives it to a transaction; false if its caller has gone.</summary>
    public void Join(CombinedCommit joined)
    {
        Volatile.Write(ref commit, joined);
        if (cancellationToken.IsCancellationRequested)
            joined.Leave(this);
    }

    /// <summary>Does the work in a part of the transaction; never throws.</summary>
    public Task RunAsync(SharedTransaction shared)
    {
        Failure = null;
        Part = shared.NewPart(Scope, cancellationToken);
        return IsGone ? Task.CompletedTask : RunAsync(Part);
    }

    /// <summary>Says that from now on it is too late to give it up; false if it was given up before.</summary>
    public bool TryBeginCommit() => Interlocked.CompareExchange(ref state, Committing, Waiting) == Waiting;

    /// <summary>Says that the commit failed and that it may be given up again; false if its caller wants that.</summary>
    public bool TryAgain()
    {
        Interlocked.CompareExchange(ref state, Waiting, Committing);
        if (cancellationToken.IsCancellationRequested)
            GiveUp();
        return !IsGone;
    }

    /// <summary>Gives the caller the answer.</summary>
    public abstract void Succeed();

    /// <summary>Gives the caller the failure.</summary>
    public abstract void Fail(Exception failure);

    /// <summary>Does the work; never throws.</summary>
    protected abstract Task RunAsync(Sql part);

    /// <summary>Tells the caller that it was given up.</summary>
    protected abstract void Cancel(CancellationToken token);

    /// <summary>The caller no longer waits.</summary>
    protected void GiveUp()
    {
        if (Interlocked.CompareExchange(ref state, Gone, Waiting) == Waiting)
            Cancel(cancellationToken);
        Volatile.Read(ref commit)?.Leave(this);
    }
}

/// <summary>A change with an answer.</summary>
internal sealed class CombinedChange<T> : CombinedChange
{
    // Whoever waits goes on elsewhere: the transaction's thread has others to serve.
    private readonly TaskCompletionSource<T> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<Sql, Task<T>> work;
    private readonly CancellationTokenRegistration registration;
    private T? answer;

    /// <summary>Takes the work of a caller.</summary>
    public CombinedChange(
        string authorityId, Scope scope, string? requestId, Func<Sql, Task<T>> work, CancellationToken cancellationToken)
        : base(authorityId, scope, requestId, cancellationToken)
    {
        this.work = work;
        registration = cancellationToken.UnsafeRegister(static self => ((CombinedChange<T>)self!).GiveUp(), this);
    }

    /// <summary>The answer, after the commit.</summary>
    public Task<T> Outcome => outcome.Task;

    /// <inheritdoc/>
    public override void Succeed() => End(outcome.TrySetResult(answer!));

    /// <inheritdoc/>
    public override void Fail(Exception failure) => End(outcome.TrySetException(failure));

    /// <inheritdoc/>
    protected override void Cancel(CancellationToken token) => outcome.TrySetCanceled(token);

    /// <inheritdoc/>
    protected override async Task RunAsync(Sql part)
    {
        try
        {
            answer = await work(part);
        }
        catch (Exception failure)
        {
            Failure = failure;
        }
    }

    private void End(bool ended) => registration.Unregister();
}
