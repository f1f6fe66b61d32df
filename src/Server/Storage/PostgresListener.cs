using Npgsql;

namespace SingleWindowBridge.Server.Storage;

/// <summary>
/// One connection of its own that hears what other servers notify. A notification is a hint: it may be lost. So the connection is
/// checked every second, made again when it is gone, and at each check every channel looks at the database itself.
/// </summary>
/// <remarks>
/// LISTEN belongs to a session: through a pooler that lends sessions for a transaction it hears nothing, and the looks alone are left.
/// </remarks>
public sealed class PostgresListener : IAsyncDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly List<Listened> channels = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly string connectionString;
    private readonly Action lost;
    private readonly ILogger logger;
    private Task listening = Task.CompletedTask;
    private volatile bool listens;

    /// <summary>Makes a listener that does nothing yet.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="lost">Called when the connection is lost: others to the same database may be too.</param>
    /// <param name="logger">Where to tell of a lost connection.</param>
    public PostgresListener(string connectionString, Action lost, ILogger logger)
    {
        this.lost = lost;
        this.connectionString = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, MaxAutoPrepare = 0 }.ToString();
        this.logger = logger;
    }

    /// <summary>Whether the connection stood at the last check.</summary>
    public bool Listening => listens;

    /// <summary>Adds a channel; before <see cref="Start"/>.</summary>
    /// <param name="channel">Its name: letters, digits and underscores.</param>
    /// <param name="heard">Takes the payload of each notification, quickly.</param>
    /// <param name="look">Finds in the database what a notification may have failed to tell: when the connection stands anew and at every check.</param>
    public void Add(string channel, Action<string> heard, Func<NpgsqlConnection, CancellationToken, Task> look) =>
        channels.Add(new Listened(channel, heard, look));

    /// <summary>Begins to listen, and goes on until disposed.</summary>
    public void Start() => listening = Task.Run(() => RunAsync(stopping.Token));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await listening;
        stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                listens = false;
                lost();
                logger.LogWarning("The connection that listens is lost and is made again: {Failure}", failure.Message);
                await Task.Delay(CheckInterval, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        using var carried = new CarriedCancellation(cancellationToken);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(carried.Token);
        connection.Notification += (_, told) =>
        {
            foreach (var channel in channels.Where(channel => channel.Name == told.Channel))
                channel.Heard(told.Payload);
        };
        await using (var listen = new NpgsqlCommand(string.Concat(channels.Select(channel => $"LISTEN {channel.Name};")), connection))
            await listen.ExecuteNonQueryAsync(carried.Token);
        await LookAsync(connection, cancellationToken);
        listens = true;

        var looked = Environment.TickCount64;
        while (true)
        {
            var left = CheckInterval - TimeSpan.FromMilliseconds(Environment.TickCount64 - looked);
            if (left > TimeSpan.Zero && await connection.WaitAsync(left, carried.Token))
                continue;

            await LookAsync(connection, cancellationToken);
            looked = Environment.TickCount64;
        }
    }

    private async Task LookAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var carried = new CarriedCancellation(patience.Token);
        foreach (var channel in channels)
            await channel.Look(connection, carried.Token);
    }

    private sealed record Listened(string Name, Action<string> Heard, Func<NpgsqlConnection, CancellationToken, Task> Look);
}
