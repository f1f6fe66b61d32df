using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SingleWindowBridge;

/// <summary>Adds the client to a host's services.</summary>
public static class SingleWindowServiceCollectionExtensions
{
    /// <summary>Adds one <see cref="ISingleWindowClient"/> for the whole process. It logs to the host's loggers and goes by the
    /// host's <see cref="TimeProvider"/>, where the options name no others. The options are checked when the client is first
    /// asked for.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Fills the options in.</param>
    public static IServiceCollection AddSingleWindow(
        this IServiceCollection services, Action<SingleWindowClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddSingleWindow((options, _) => configure(options));
    }

    /// <summary>Adds one <see cref="ISingleWindowClient"/>, as the other overload does, with options that depend on other
    /// services.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Fills the options in.</param>
    public static IServiceCollection AddSingleWindow(
        this IServiceCollection services, Action<SingleWindowClientOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<SingleWindowClientOptions>().Configure<IServiceProvider>((options, provider) =>
        {
            options.LoggerFactory = provider.GetService<ILoggerFactory>();
            options.TimeProvider = provider.GetService<TimeProvider>() ?? TimeProvider.System;
            configure(options, provider);
        });
        services.TryAddSingleton<ISingleWindowClient>(provider =>
            new SingleWindowClient(provider.GetRequiredService<IOptions<SingleWindowClientOptions>>().Value));
        return services;
    }
}
