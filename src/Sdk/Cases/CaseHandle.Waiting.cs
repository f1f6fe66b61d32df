namespace SingleWindowBridge;

// Waiting for Customs.
public sealed partial class CaseHandle
{
    // A timer takes no more than some 49 days.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private static readonly WatchOptions Watching = new();

    private TimeProvider Time => (_client as SingleWindowClient)?.Time ?? TimeProvider.System;

    /// <summary>Waits until the case is in a stage and status.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="status">The status.</param>
    /// <param name="timeout">How long at most; null for as long as it takes.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <inheritdoc cref="WaitForAsync(Func{Case, bool}, TimeSpan?, CancellationToken)" path="/exception"/>
    public Task<Case> WaitForAsync(
        Stage stage, Status status, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        WaitForAsync(c => c.Stage == stage && c.Status == status, timeout, cancellationToken);

    /// <summary>
    /// Waits until something is true of the case. It looks at the case now and after every receipt of it, so states that are
    /// passed quickly may not be seen: ask for "at least", not "exactly", where that matters. A server that cannot be reached for a
    /// while does not end the waiting. Customs may take weeks: a process that must bear restarts better watches the receipts with a
    /// checkpoint.
    /// </summary>
    /// <param name="predicate">What must be true.</param>
    /// <param name="timeout">How long at most; null for as long as it takes.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <returns>The case as it was when it was true.</returns>
    /// <exception cref="CaseEndedException">The case has ended, and it is not true.</exception>
    /// <exception cref="DeadlineExceededException">The time passed.</exception>
    /// <exception cref="CaseNotFoundException">The account has no such case.</exception>
    /// <exception cref="ServerNotTrustedException">The server's certificate is not one to be trusted.</exception>
    public async Task<Case> WaitForAsync(
        Func<Case, bool> predicate, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        _ = Existing;
        for (var left = timeout; ; left -= LongestTimer)
        {
            using var timer = left is { } time
                ? new CancellationTokenSource(time < LongestTimer ? time : LongestTimer, Time)
                : new CancellationTokenSource();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
            try
            {
                return await LookAsync(predicate, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (timer.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (left <= LongestTimer)
                    throw TooLong(timeout, exception);
            }
        }
    }

    private async Task<Case> LookAsync(Func<Case, bool> predicate, CancellationToken cancellationToken)
    {
        // First a place in the feed, then a look: what happens after the look is then sure to bring a receipt.
        string? id = null;
        var messages = _client.Receipts.WatchAsync(ReceiptPosition.Now, Watching, cancellationToken);
        await foreach (var message in messages.ConfigureAwait(false))
        {
            if (!Concerns(message, id))
                continue;
            var found = await FindAsync(cancellationToken).ConfigureAwait(false);
            if (predicate(found))
                return found;
            if (found.HasEnded)
                throw Ended(found);
            id = found.Id;
        }

        throw new OperationCanceledException("The feed of receipts ended.");
    }

    // A server that is away, or slow, ends no waiting.
    private async Task<Case> FindAsync(CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            TimeSpan wait;
            try
            {
                return (await GetAsync(cancellationToken).ConfigureAwait(false)).Case;
            }
            catch (SingleWindowException exception) when (exception.IsRetryable)
            {
                wait = Backoff.Next(failures, Watching.InitialBackoff, Watching.MaxBackoff, 2, exception.Error.RetryAfter);
            }

            await Task.Delay(wait, Time, cancellationToken).ConfigureAwait(false);
        }
    }

    // Where the stream cannot be had there is no place in the feed, and a look at every attempt.
    private static bool Concerns(ReceiptMessage message, string? id) => message switch
    {
        ReceiptMessage.CaughtUp or ReceiptMessage.Reconnecting => true,
        ReceiptMessage.Receipt receipt => id is null || receipt.Value.CaseId == id,
        _ => false,
    };

    private DeadlineExceededException TooLong(TimeSpan? timeout, Exception inner) => new(
        new SingleWindowError
        {
            StatusCode = RpcStatusCode.DeadlineExceeded,
            MessageZh = $"等待 {timeout} 后，申请 {Id} 仍未达到所等待的状态。",
            MessageEn = $"Case {Id} has not come to what was waited for within {timeout}.",
        },
        inner);

    private static CaseEndedException Ended(Case ended) => new(
        new SingleWindowError
        {
            StatusCode = RpcStatusCode.FailedPrecondition,
            MessageZh = $"申请 {ended.Id} 已结束：{ended.Stage.Name().Zh}，{ended.Status.Name().Zh}。",
            MessageEn = $"Case {ended.Id} has ended: {ended.Stage.Name().En}, {ended.Status.Name().En}.",
        },
        ended);
}
