using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Server.Storage;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>
/// Whether a service can do its work. The database and the channel to Customs are looked at once an interval for all that ask; what
/// authorities call depends on the database alone, for submissions wait in it while Customs is out of reach.
/// </summary>
public sealed class ServiceHealth(
    ServedServices services, IBridgeDatabase database, ICustomsLink link, Drain drain, WireLimits limits, TimeProvider clock,
    ILogger<ServiceHealth> logger) : BackgroundService
{
    /// <summary>The name under which the channel to Customs is asked for.</summary>
    public const string Customs = "singlewindow.customs";

    /// <summary>Another name for the same: the exchange by the channel that the settings choose.</summary>
    public const string Exchange = "singlewindow.exchange";

    private readonly TaskCompletionSource firstLook = NewSignal();
    private volatile State state = new(Database: false, Customs: false, NewSignal());

    /// <summary>
    /// The status of a service by its full name, of the channel by <see cref="Customs"/>, of the server as a whole for the empty
    /// name; with what ends when it may have changed.
    /// </summary>
    public async Task<(ServingStatus Status, Task Change)> StatusOfAsync(string service, CancellationToken cancellationToken)
    {
        await firstLook.Task.WaitAsync(cancellationToken);
        var now = state;
        return (StatusOf(service, now), now.Changed.Task);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = drain.Begun.Register(() => Become(state.Database, state.Customs));
        while (!stoppingToken.IsCancellationRequested)
        {
            Become(await LookAsync("database", LookAtDatabaseAsync), await LookAsync("channel to Customs", link.IsReachableAsync));
            firstLook.TrySetResult();
            await Task.Delay(limits.HealthInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServingStatus StatusOf(string service, State now)
    {
        var works = service switch
        {
            "" => now.Database,
            Customs or Exchange => now.Customs,
            _ when services.Descriptors.All(descriptor => descriptor.FullName != service) => (bool?)null,
            _ => service.StartsWith("grpc.", StringComparison.Ordinal) || now.Database,
        };
        return works switch
        {
            null => ServingStatus.ServiceUnknown,
            true when !drain.Begun.IsCancellationRequested => ServingStatus.Serving,
            _ => ServingStatus.NotServing,
        };
    }

    private void Become(bool databaseWorks, bool customsWorks)
    {
        lock (firstLook)
        {
            var before = state;
            if ((before.Database, before.Customs) == (databaseWorks, customsWorks) && !drain.Begun.IsCancellationRequested)
                return;

            state = new State(databaseWorks, customsWorks, NewSignal());
            before.Changed.TrySetResult();
        }
    }

    private async Task<bool> LookAsync(string what, Func<CancellationToken, Task<bool>> look)
    {
        using var patience = new CancellationTokenSource(limits.HealthPatience, clock);
        try
        {
            return await look(patience.Token).WaitAsync(patience.Token);
        }
        catch (Exception failure)
        {
            logger.LogWarning("The {What} is out of reach: {Failure}", what, failure.Message);
            return false;
        }
    }

    private async Task<bool> LookAtDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, cancellationToken);
        return await sql.GetAsync<long>("SELECT COUNT(*) FROM migrations") > 0;
    }

    private sealed record State(bool Database, bool Customs, TaskCompletionSource Changed);
}
