using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace SingleWindowBridge;

/// <summary>Adds receipt workers to a host's services.</summary>
public static class ReceiptWorkerServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="ReceiptWorker"/> that gives every receipt to a handler, beside
    /// <see cref="SingleWindowServiceCollectionExtensions.AddSingleWindow(IServiceCollection, Action{SingleWindowClientOptions})"/>.
    /// Several workers may be added; each needs a checkpoint of its own.</summary>
    /// <typeparam name="THandler">The handler: a scoped service, so made anew for each receipt unless it is registered otherwise.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configure">Fills the options in.</param>
    public static IServiceCollection AddReceiptWorker<THandler>(
        this IServiceCollection services, Action<ReceiptWorkerOptions> configure)
        where THandler : class, IReceiptHandler
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.TryAddScoped<THandler>();
        return services.AddSingleton<IHostedService>(provider =>
        {
            var options = new ReceiptWorkerOptions();
            configure(options);
            return new ReceiptWorker(provider, scope => scope.GetRequiredService<THandler>(), options);
        });
    }
}
