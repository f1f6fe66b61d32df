using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.CustomsExchange;

/// <summary>
/// Tells authorities of submissions that the far end does not fetch: over the grpc channel nobody tries, so nobody fails. Those that it took
/// and never acknowledged are among them when their lease has run out.
/// </summary>
public sealed class ForgottenSubmissions(
    IBridgeDatabase database, Handover handover, ExchangeOptions exchange, DeliveryOptions options, TimeProvider clock,
    ILogger<ForgottenSubmissions> logger) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly string me = Guid.NewGuid().ToString("N");

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = exchange.Grpc.GiveUpAfter / 4;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await GiveUpAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(failure, "Submissions that the far end does not fetch could not be looked for; going on later");
            }

            await Task.Delay(pause < LongestPause ? pause : LongestPause, clock, stoppingToken).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task GiveUpAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var lease = new OutboxLease(me, now.ToMicroseconds(), (now + options.LeaseTerm).ToMicroseconds());
        var before = now - exchange.Grpc.GiveUpAfter;
        var items = await database.WriteAsync(Scope.Everyone, sql => sql.LeaseForgottenAsync(lease, before), cancellationToken);
        foreach (var item in items)
        {
            logger.LogWarning("Submission {MessageId} was not fetched by the far end; the authority is told", item.Submission.MessageId);
            await handover.GiveUpAsync(
                item, me, "海关数据交换端长时间未领取报文。 The exchange of Customs has not fetched the message for long.", cancellationToken);
        }
    }
}
