using Npgsql;

namespace SingleWindowBridge.Server.Storage;

/// <summary>
/// Tells whether an account or a key was changed, by any server: at once by the notice that the change itself gives, from others by
/// their notification, and by a counter where that was missed. While nothing can be heard every call is told that there may be a change.
/// </summary>
public sealed class PostgresAccounts
{
    /// <summary>The channel of the notification, and the text of the notice.</summary>
    public const string Channel = "bridge_accounts";

    private readonly PostgresListener listener;
    private long mark;
    private long counter = -1;

    /// <summary>Hears of changes by a listener that is yet to start.</summary>
    public PostgresAccounts(PostgresListener listener)
    {
        this.listener = listener;
        listener.Add(Channel, _ => Changed(), LookAsync);
    }

    /// <summary>Counts a change.</summary>
    public void Changed() => Interlocked.Increment(ref mark);

    /// <summary>A number that differs from the last one given if there was a change in between.</summary>
    public long Mark() => listener.Listening ? Volatile.Read(ref mark) : Interlocked.Increment(ref mark);

    private async Task LookAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT value FROM counters WHERE name = 'accounts'", connection);
        var now = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (Interlocked.Exchange(ref counter, now) != now)
            Changed();
    }
}
