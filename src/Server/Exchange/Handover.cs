using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Audit;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>What becomes of a case when its submission was handed over, or could not be.</summary>
public sealed class Handover(
    IBridgeDatabase database, CaseWriter writer, FeedSignals feeds, ExchangeMetrics metrics, DeliveryOptions options, Random jitter,
    TimeProvider clock)
{
    /// <summary>Customs has it for good.</summary>
    /// <param name="item">The submission.</param>
    /// <param name="owner">Who has leased it.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <param name="by">The call that says so, for the audit; null where the bridge's own delivery does, here as below.</param>
    public Task SentAsync(OutboxItem item, string owner, CancellationToken cancellationToken, Origin? by = null)
    {
        metrics.Tried("sent");
        return SettleAsync(item, owner, CaseEvent.Sent, "", cancellationToken, by);
    }

    /// <summary>Customs did not take it: it is tried again after a pause, or SEND_FAILED after the last attempt.</summary>
    /// <param name="item">The submission.</param>
    /// <param name="owner">Who has leased it.</param>
    /// <param name="reason">Why it was not taken, for the authority.</param>
    /// <param name="cancellationToken">Gives up before the commit.</param>
    /// <param name="by">The call that says so.</param>
    public Task RefusedAsync(OutboxItem item, string owner, string reason, CancellationToken cancellationToken, Origin? by = null)
    {
        metrics.Tried("refused");
        // Only a submission that the case waits for can fail for good: the authority sees it and can have it sent again.
        return item.MovesCase && item.Attempts + 1 >= options.Attempts
            ? SettleAsync(item, owner, CaseEvent.SendFailed, reason, cancellationToken, by)
            : PutOffAsync(item, owner, cancellationToken);
    }

    /// <summary>Customs has not taken it for so long that the authority is told: SEND_FAILED, whatever attempts are left.</summary>
    public Task GiveUpAsync(OutboxItem item, string owner, string reason, CancellationToken cancellationToken)
    {
        metrics.Tried("forgotten");
        return SettleAsync(item, owner, CaseEvent.SendFailed, reason, cancellationToken);
    }

    /// <summary>The next attempt is made after a pause, which doubles with each, with jitter.</summary>
    public Task PutOffAsync(OutboxItem item, string owner, CancellationToken cancellationToken)
    {
        var pause = options.FirstPause * Math.Pow(2, Math.Min(item.Attempts, 20)) * (0.8 + (0.4 * jitter.NextDouble()));
        var due = clock.GetUtcNow() + (pause < options.LongestPause ? pause : options.LongestPause);
        return database.WriteAsync(
            Scope.Of(item.Submission.AuthorityId),
            async sql =>
            {
                await sql.PutOffAsync(item, owner, due);
                return true;
            },
            cancellationToken);
    }

    private async Task SettleAsync(
        OutboxItem item, string owner, CaseEvent what, string failureReason, CancellationToken cancellationToken, Origin? by = null)
    {
        by ??= Origin.OfDelivery(owner, WireNames.Of(what), item.Submission.MessageId);
        var moved = await database.WriteAsync(
            Scope.Of(item.Submission.AuthorityId),
            async sql =>
            {
                await sql.LockFeedAsync(item.Submission.AuthorityId);
                if (await sql.SettleAsync(item, owner, what == CaseEvent.Sent) is not { } moves)
                    return false;
                if (!moves)
                {
                    await sql.AuditAsync(item.Submission.AuthorityId, by, item.CaseId, WireNames.Of(what), clock.GetUtcNow());
                    return false;
                }

                var row = await sql.GetCaseAsync(item.Submission.AuthorityId, item.CaseId);
                var change = new CaseChange
                {
                    Sql = sql,
                    Now = clock.GetUtcNow(),
                    Actor = Actor.Delivery,
                    Event = what,
                    Origin = by,
                    Case = row,
                    Transition = Workflow.Decide(row.Position, Actor.Delivery, what),
                    FailureReason = failureReason,
                    MessageId = item.Submission.MessageId,
                };
                await writer.ApplyAsync(change, _ => Task.CompletedTask);
                return true;
            },
            cancellationToken);
        if (moved)
            feeds.Wake(item.Submission.AuthorityId);
    }
}
