using SingleWindowBridge.Interop.Channels;

namespace SingleWindowBridge.Server.Exchange;

/// <summary>Gets what Customs says from the channel. A message is let go of only when its effect is committed.</summary>
public sealed class Reception(ICustomsChannel channel, Inbox inbox, TimeProvider clock, ILogger<Reception> logger) : BackgroundService
{
    private const int Batch = 32;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TakeInNextAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                logger.LogError(failure, "What Customs says could not be taken in; going on in a second");
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One turn: waits for what Customs says next, takes it in and lets go of it.</summary>
    internal async Task TakeInNextAsync(CancellationToken cancellationToken)
    {
        foreach (var receipt in await channel.ReceiveAsync(Batch, cancellationToken))
        {
            await inbox.TakeInAsync(receipt, cancellationToken);
            await channel.AcknowledgeAsync(receipt, cancellationToken);
        }
    }
}
