using SingleWindowBridge.Server.Receipts;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>
/// Tries messages of Customs again that wait, after every change of their case, whoever made it and on whichever server; gives up those
/// that waited for too long. What waits, and what was tried, stands in the table, so it goes on after a restart.
/// </summary>
public sealed class WaitingMessages(
    IBridgeDatabase database, Inbox inbox, InboxSignal signal, FeedSignals feeds, ExchangeMetrics metrics, InboxOptions options,
    TimeProvider clock, ILogger<WaitingMessages> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // A change of a case is listened to only while something waits.
                var changed = Task.WhenAny(signal.Next(), metrics.Waiting > 0 ? feeds.NextOfAny() : signal.Next());
                var waited = metrics.Waiting > 0;
                await LookAsync(stoppingToken);
                if (!waited && metrics.Waiting > 0)
                    continue;
                await Task.WhenAny(changed, Task.Delay(options.LookInterval, clock, stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                logger.LogError(failure, "Messages of Customs that wait could not be tried; going on in a second");
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One turn: tries what waits on cases that have changed since, and gives up what has waited for too long.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> ripe;
        await using (var sql = await database.OpenAsync(Scope.Everyone, cancellationToken))
        {
            await metrics.LookAsync(sql, clock.GetUtcNow());
            ripe = metrics.Waiting > 0 ? await sql.ListRipeAsync() : [];
        }

        foreach (var caseNumber in ripe)
            await inbox.SettleWaitingAsync(caseNumber, cancellationToken);
        if (metrics.Waiting > 0)
            await inbox.GiveUpOverdueAsync(cancellationToken);
    }
}
