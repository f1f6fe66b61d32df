using System.Data.Common;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>
/// Hands what waits in the outbox to Customs: SENT when it has it, SEND_FAILED after the last attempt. Pauses between attempts
/// double, with jitter.
/// </summary>
public sealed class Delivery(
    IBridgeDatabase database, ICustomsChannel channel, OutboxSignal signal, FeedSignals feeds, DeliveryOptions options,
    TimeProvider clock, ILogger<Delivery> logger) : BackgroundService
{
    private const int Batch = 32;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await SendDueAsync(stoppingToken) < Batch)
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

    /// <summary>Tries everything that is due, and gives the number of submissions tried.</summary>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<OutboxItem> items;
        await using (var sql = await database.OpenAsync(Scope.Everyone, cancellationToken))
            items = await sql.ListDueAsync(clock.GetUtcNow(), Batch);
        foreach (var item in items)
            await SendAsync(item, cancellationToken);
        return items.Count;
    }

    private async Task SendAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        try
        {
            await channel.SendAsync(item.Submission, cancellationToken);
        }
        catch (CustomsUnavailableException failure)
        {
            logger.LogWarning(failure, "Submission {MessageId} was not handed over, attempt {Attempt}", item.Submission.MessageId,
                item.Attempts + 1);
            // Only a submission that the case waits for can fail for good: the authority sees it and can have it sent again.
            if (item.MovesCase && item.Attempts + 1 >= options.Attempts)
                await SettleAsync(item, CaseEvent.SendFailed, failure.Message, cancellationToken);
            else
                await database.WriteAsync(Scope.Of(item.Submission.AuthorityId), sql => PutOffAsync(sql, item), cancellationToken);
            return;
        }
        catch (Exception fault) when (fault is not OperationCanceledException
            && !(fault is DbException outage && database.IsOutage(outage)))
        {
            // A fault of ours is not for the authority to mend, and what waits behind this submission must not wait for it.
            logger.LogError(fault, "Submission {MessageId} could not be handed over for a fault of the bridge; it is put off",
                item.Submission.MessageId);
            await database.WriteAsync(Scope.Of(item.Submission.AuthorityId), sql => PutOffAsync(sql, item), cancellationToken);
            return;
        }

        await SettleAsync(item, CaseEvent.Sent, "", cancellationToken);
    }

    private async Task SettleAsync(OutboxItem item, CaseEvent what, string failureReason, CancellationToken cancellationToken)
    {
        var moved = await database.WriteAsync(
            Scope.Of(item.Submission.AuthorityId),
            async sql =>
            {
                await sql.LockFeedAsync(item.Submission.AuthorityId);
                if (!await sql.SettleAsync(item, what == CaseEvent.Sent))
                    return false;

                var row = await sql.GetCaseAsync(item.Submission.AuthorityId, item.CaseId);
                var change = new CaseChange
                {
                    Sql = sql,
                    Now = clock.GetUtcNow(),
                    Actor = Actor.Delivery,
                    Event = what,
                    Case = row,
                    Transition = Workflow.Decide(row.Position, Actor.Delivery, what),
                    FailureReason = failureReason,
                    MessageId = item.Submission.MessageId,
                };
                await CaseWriter.ApplyAsync(change, _ => Task.CompletedTask);
                return true;
            },
            cancellationToken);
        if (moved)
            feeds.Wake(item.Submission.AuthorityId);
    }

    private async Task<bool> PutOffAsync(Sql sql, OutboxItem item)
    {
        var pause = options.FirstPause * Math.Pow(2, Math.Min(item.Attempts, 20)) * (0.8 + (0.4 * Random.Shared.NextDouble()));
        await sql.PutOffAsync(item, clock.GetUtcNow() + (pause < options.LongestPause ? pause : options.LongestPause));
        return true;
    }

    private async Task<TimeSpan> PauseAsync(CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        var most = TimeSpan.FromSeconds(1);
        var due = await sql.NextDueAsync() - clock.GetUtcNow() ?? most;
        return TimeSpan.FromTicks(Math.Clamp(due.Ticks, 0, most.Ticks));
    }
}

/// <summary>How submissions are tried.</summary>
public sealed class DeliveryOptions
{
    /// <summary>How often a submission is tried before it is SEND_FAILED.</summary>
    public int Attempts { get; set; } = 5;

    /// <summary>The pause after the first failed attempt; it doubles with each.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromMinutes(5);
}
