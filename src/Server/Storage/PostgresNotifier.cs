using System.Text;
using Npgsql;

namespace SingleWindowBridge.Server.Storage;

/// <summary>
/// Notifies the other servers over one connection of its own, outside of every transaction that changes data: a NOTIFY inside would
/// have all commits wait for each other. What is told while a notification is under way goes together in the next.
/// </summary>
/// <param name="connectionString">The database, as its other connections open it.</param>
/// <param name="logger">Where to tell of a lost connection.</param>
public sealed class PostgresNotifier(string connectionString, ILogger<PostgresNotifier> logger) : IAsyncDisposable
{
    // The engine takes less than 8,000 bytes.
    private const int MostBytes = 7_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Who hears itself has known it before.
    private readonly string own = Guid.NewGuid().ToString("N");
    private readonly Lock gate = new();
    private readonly HashSet<(string Channel, string Word)> waiting = [];
    private readonly CancellationTokenSource stopping = new();
    private Task sending = Task.CompletedTask;
    private bool awake;
    private NpgsqlConnection? connection;

    /// <summary>Tells a word on a channel, soon.</summary>
    public void Tell(string channel, string word)
    {
        lock (gate)
        {
            if (!waiting.Add((channel, word)) || awake || stopping.IsCancellationRequested)
                return;
            awake = true;
            sending = Task.Run(SendAsync);
        }
    }

    /// <summary>Reads a notification: gives each word that another server told.</summary>
    public void Read(string told, Action<string> heard)
    {
        var lines = told.Split('\n');
        if (lines[0] == own)
            return;

        foreach (var word in lines.Skip(1))
            heard(word);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (gate)
        {
            stopping.Cancel();
            last = sending;
        }

        await last;
        if (connection is not null)
            await connection.DisposeAsync();
        stopping.Dispose();
    }

    private async Task SendAsync()
    {
        while (true)
        {
            List<(string Channel, string Word)> told;
            lock (gate)
            {
                told = [.. waiting];
                waiting.Clear();
                awake = told.Count > 0 && !stopping.IsCancellationRequested;
                if (!awake)
                    return;
            }

            try
            {
                using var carried = new CarriedCancellation(stopping.Token);
                await SendAsync(told, carried.Token);
            }
            catch (Exception failure)
            {
                // What was to be told is found by the others when they look.
                if (!stopping.IsCancellationRequested)
                    logger.LogWarning("Other servers could not be notified: {Failure}", failure.Message);
                if (connection is { } broken)
                    await broken.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                connection = null;
                await Task.Delay(Pause, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task SendAsync(List<(string Channel, string Word)> told, CancellationToken cancellationToken)
    {
        if (connection is null)
        {
            connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = 30 }.ToString());
            await connection.OpenAsync(cancellationToken);
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var channel in told.GroupBy(each => each.Channel, each => each.Word))
        {
            foreach (var payload in Payloads(channel))
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_notify($1, $2)")
                {
                    Parameters = { new() { Value = channel.Key }, new() { Value = payload } },
                });
            }
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private IEnumerable<string> Payloads(IEnumerable<string> words)
    {
        var payload = new StringBuilder(own);
        var bytes = own.Length;
        foreach (var word in words)
        {
            var more = 1 + Encoding.UTF8.GetByteCount(word);
            if (bytes + more > MostBytes)
            {
                yield return payload.ToString();
                (payload, bytes) = (new StringBuilder(own), own.Length);
            }

            payload.Append('\n').Append(word);
            bytes += more;
        }

        yield return payload.ToString();
    }
}
