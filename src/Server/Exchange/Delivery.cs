using System.Data.Common;
using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>
/// Hands what waits in the outbox to Customs: SENT when it has it, SEND_FAILED after the last attempt. Pauses between attempts
/// double, with jitter.
/// </summary>
public sealed class Delivery(
    IBridgeDatabase database, ICustomsChannel channel, OutboxSignal signal, Handover handover, ExchangeMetrics metrics,
    DeliveryOptions options, TimeProvider clock, ILogger<Delivery> logger) : BackgroundService
{
    // A database that does not answer must not keep the process: what is not given back runs out.
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    // What is due, but behind another submission of its case that is under way, is looked for no more often than this.
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LookBackEvery = TimeSpan.FromSeconds(5);

    // By how much the clocks of several servers may differ at the most.
    private static readonly TimeSpan Agreement = TimeSpan.FromMinutes(1);

    private readonly string me = Guid.NewGuid().ToString("N");
    private long broughtBack;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var underWay = new HashSet<Task>();
        var atOnce = Math.Max(1, options.AtOnce);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    // Where most are under way it is worth a moment until there is room for several: each taking is a commit.
                    if (underWay.Count > atOnce / 2)
                        await Task.WhenAny(Task.WhenAll(underWay), Task.Delay(LeastPause, clock, stoppingToken));
                    underWay.RemoveWhere(task => task.IsCompleted);
                    var room = atOnce - underWay.Count;
                    var taken = room > 0 ? await BeginAsync(room, stoppingToken) : [];
                    underWay.UnionWith(taken);
                    if (room == 0)
                        await Task.WhenAny(underWay).WaitAsync(stoppingToken);
                    else if (taken.Count < room)
                        await signal.WaitAsync(await PauseAsync(stoppingToken), stoppingToken);
                }
                catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception failure)
                {
                    logger.LogError(failure, "The outbox could not be worked on; going on in a second");
                    await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken).ConfigureAwait(
                        ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
        finally
        {
            await Task.WhenAll(underWay);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            using var patience = new CancellationTokenSource(LastWord, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            await database.WriteAsync(Scope.Everyone, sql => sql.ReleaseAsync(me), either.Token);
        }
        catch (Exception failure)
        {
            logger.LogWarning("What waits in the outbox could not be given back; others take it when its lease has run out: {Failure}",
                failure.Message);
        }
    }

    /// <summary>One turn: begins to hand over what is due, at most so many, and gives a task for each, which never fails.</summary>
    internal async Task<IReadOnlyList<Task>> BeginAsync(int most, CancellationToken cancellationToken)
    {
        var taken = await TakeDueAsync(most, cancellationToken);
        return [.. taken.Select(each => HandOneOverAsync(each.Item, each.LeasedUntil, cancellationToken))];
    }

    // What is due and no other server has, of each case the oldest: the next one is to be had when that is done with.
    private async Task<IReadOnlyList<(OutboxItem Item, DateTimeOffset LeasedUntil)>> TakeDueAsync(int most, CancellationToken cancellationToken)
    {
        await using (var sql = await database.OpenAsync(Scope.Everyone, cancellationToken))
        {
            if (!await sql.AnyDueAsync(clock.GetUtcNow()))
                return [];
        }

        var lease = NewLease();
        var items = await database.WriteAsync(Scope.Everyone, sql => sql.LeaseDueAsync(lease, most), cancellationToken);
        return [.. items.Select(item => (item, Times.FromMicroseconds(lease.Until)))];
    }

    // By itself, so that nothing waits for one whose answer is slow to come; the next one of its case may be due when it is done.
    private async Task HandOneOverAsync(OutboxItem item, DateTimeOffset leasedUntil, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Yield();
            await SendAsync(item, leasedUntil, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It is given back at the end.
        }
        catch (Exception failure)
        {
            logger.LogError(failure, "What became of submission {MessageId} could not be kept; it is tried again when its lease has run out",
                item.Submission.MessageId);
        }
        finally
        {
            signal.Wake();
        }
    }

    private OutboxLease NewLease()
    {
        var now = clock.GetUtcNow();
        return new OutboxLease(me, now.ToMicroseconds(), (now + options.LeaseTerm).ToMicroseconds());
    }

    private async Task SendAsync(OutboxItem item, DateTimeOffset leasedUntil, CancellationToken cancellationToken)
    {
        try
        {
            if (!await HandOverAsync(item, leasedUntil, cancellationToken))
            {
                logger.LogWarning("Submission {MessageId} is another server's by now; it is left to that", item.Submission.MessageId);
                return;
            }
        }
        catch (CustomsUnavailableException failure)
        {
            logger.LogWarning(failure, "Submission {MessageId} was not handed over, attempt {Attempt}", item.Submission.MessageId,
                item.Attempts + 1);
            await handover.RefusedAsync(item, me, failure.Message, cancellationToken);
            return;
        }
        catch (Exception fault) when (fault is not OperationCanceledException
            && !database.IsOutage(fault))
        {
            metrics.Tried("fault");
            // A fault of ours is not for the authority to mend, and what waits behind this submission must not wait for it.
            logger.LogError(fault, "Submission {MessageId} could not be handed over for a fault of the bridge; it is put off",
                item.Submission.MessageId);
            await handover.PutOffAsync(item, me, cancellationToken);
            return;
        }

        await handover.SentAsync(item, me, cancellationToken);
    }

    // Sends while the lease is held, and keeps it for as long as that takes. Gives false where it was lost: then the sending is broken off
    // before another server may begin, and Customs drops the repeat of the message id if it has the message all the same.
    private async Task<bool> HandOverAsync(OutboxItem item, DateTimeOffset leasedUntil, CancellationToken cancellationToken)
    {
        if (leasedUntil - clock.GetUtcNow() < options.LeaseTerm / 2)
        {
            var lease = NewLease();
            if (!await RenewAsync(item, lease, cancellationToken))
                return false;
            leasedUntil = Times.FromMicroseconds(lease.Until);
        }

        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = channel.SendAsync(item.Submission, held.Token);
        while (await Task.WhenAny(sending, Task.Delay(options.LeaseTerm / 3, clock, cancellationToken)) != sending)
        {
            var lease = NewLease();
            try
            {
                if (await RenewAsync(item, lease, cancellationToken).WaitAsync(options.LeaseTerm / 3, clock, cancellationToken))
                    leasedUntil = Times.FromMicroseconds(lease.Until);
                else
                    leasedUntil = DateTimeOffset.MinValue;
            }
            catch (Exception failure) when (failure is DbException or TimeoutException || database.IsOutage(failure))
            {
                logger.LogWarning("The lease of {MessageId} could not be renewed: {Failure}", item.Submission.MessageId, failure.Message);
            }

            if (leasedUntil - clock.GetUtcNow() < options.LeaseTerm / 3)
                break;
        }

        if (!sending.IsCompleted)
        {
            held.Cancel();
            await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellationToken.ThrowIfCancellationRequested();
            if (!sending.IsCompletedSuccessfully)
                return false;
        }

        await sending;
        return true;
    }

    private Task<bool> RenewAsync(OutboxItem item, OutboxLease lease, CancellationToken cancellationToken) =>
        database.WriteAsync(Scope.Of(item.Submission.AuthorityId), sql => sql.RenewAsync(item, lease), cancellationToken);

    // Where the clock was set back, what was put off or leased by it before would wait until it is there again.
    private async Task BringBackAsync(Sql sql, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (clock.GetElapsedTime(broughtBack) < LookBackEvery)
            return;

        broughtBack = clock.GetTimestamp();
        var beyond = now + options.LongestPause + options.LeaseTerm + Agreement;
        if (await sql.AnyBeyondAsync(beyond)
            && await database.WriteAsync(Scope.Everyone, it => it.BringBackAsync(now, beyond), cancellationToken) is var back and > 0)
        {
            logger.LogWarning("The clock was set back: {Count} submissions would have waited until it is where it was; they go now", back);
        }
    }

    private async Task<TimeSpan> PauseAsync(CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        var most = TimeSpan.FromSeconds(1);
        var now = clock.GetUtcNow();
        await BringBackAsync(sql, now, cancellationToken);
        var due = await sql.NextDueAsync(now) - now ?? most;
        return TimeSpan.FromTicks(Math.Clamp(due.Ticks, LeastPause.Ticks, most.Ticks));
    }
}

/// <summary>How submissions are tried.</summary>
public sealed class DeliveryOptions
{
    /// <summary>How often a submission is tried before it is SEND_FAILED.</summary>
    public int Attempts { get; set; } = 5;

    /// <summary>Of how many cases submissions are handed over at once, 1 at least.</summary>
    public int AtOnce { get; set; } = 16;

    /// <summary>The pause after the first failed attempt; it doubles with each.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a submission is one server's to hand over before it must renew that; after a server has died, so long at most until
    /// another takes what it had.
    /// </summary>
    public TimeSpan LeaseTerm { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromMinutes(5);
}
