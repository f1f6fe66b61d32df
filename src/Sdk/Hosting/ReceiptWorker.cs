using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SingleWindowBridge;

/// <summary>
/// Gives every receipt to a handler, in order, for as long as the host runs: from the checkpoint on, over cuts and restarts. Each
/// receipt is handled in a scope of its own, so the handler may take scoped services such as a database context. Add it with
/// <see cref="ReceiptWorkerServiceCollectionExtensions.AddReceiptWorker{THandler}"/>.
/// </summary>
/// <remarks>What going on cannot mend, such as a revoked key or a checkpoint of another feed, ends the worker with that exception;
/// the host then stops, unless its BackgroundServiceExceptionBehavior says otherwise.</remarks>
public sealed class ReceiptWorker : BackgroundService
{
    private readonly ISingleWindowClient _client;
    private readonly IServiceScopeFactory _scopes;
    private readonly IReceiptCheckpoint _checkpoint;
    private readonly Func<IServiceProvider, IReceiptHandler> _handler;
    private readonly ReceiptWorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    internal ReceiptWorker(IServiceProvider services, Func<IServiceProvider, IReceiptHandler> handler, ReceiptWorkerOptions options)
    {
        options.Validate();
        _client = services.GetRequiredService<ISingleWindowClient>();
        _scopes = services.GetRequiredService<IServiceScopeFactory>();
        _checkpoint = options.Checkpoint?.Invoke(services) ?? new ConsumerCheckpoint(_client.Receipts.Consumers, options.Consumer!);
        _handler = handler;
        _options = options;
        _time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        _log = services.GetService<ILoggerFactory>()?.CreateLogger<ReceiptWorker>() ?? NullLogger<ReceiptWorker>.Instance;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        (_checkpoint as IDisposable)?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var message in _client.Receipts.WatchAsync(_checkpoint, _options.Watch, stoppingToken).ConfigureAwait(false))
            {
                switch (message)
                {
                    case ReceiptMessage.Receipt receipt:
                        await HandleAsync(receipt.Value, stoppingToken).ConfigureAwait(false);
                        break;
                    case ReceiptMessage.CaughtUp caughtUp:
                        _log.LogInformation("Caught up with the receipts at number {Number}", caughtUp.Number);
                        break;
                    default:
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task HandleAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                var scope = _scopes.CreateAsyncScope();
                await using (scope.ConfigureAwait(false))
                    await _handler(scope.ServiceProvider).HandleAsync(receipt, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                var wait = Backoff.Next(failures, _options.InitialBackoff, _options.MaxBackoff, 2, null);
                _log.LogError(
                    exception, "Receipt {Number} of case {CaseId} could not be handled, failure {Failures}; again in {Wait}",
                    receipt.Number, receipt.CaseId, failures, wait);
                await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
