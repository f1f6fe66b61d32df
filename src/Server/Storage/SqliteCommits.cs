using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SingleWindowBridge.Server.Storage;

/// <summary>
/// Tells whether anything was committed to a SQLite file. What this process commits is counted. What others commit is seen by PRAGMA
/// data_version on a connection that never writes, looked at once in a tick of the system's clock, which is some milliseconds: a look
/// at each call would cost more than all else that admits it.
/// </summary>
/// <param name="connectionString">The file, as its other connections open it.</param>
public sealed class SqliteCommits(string connectionString) : IDisposable
{
    private readonly Lock turn = new();
    private readonly SqliteConnection connection = new(connectionString + ";Pooling=False");
    private sqlite3_stmt? question;
    private long own;
    private long seen;
    private long lookedAt = -1;

    /// <summary>Counts a commit of this process.</summary>
    public void Count() => Interlocked.Increment(ref own);

    /// <summary>A number that differs from the last one given if there was a commit in between.</summary>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public long Mark()
    {
        var now = Environment.TickCount64;
        if (Volatile.Read(ref lookedAt) != now)
            Look(now);
        return (Volatile.Read(ref own) << 32) | (uint)Volatile.Read(ref seen);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        question?.Dispose();
        connection.Dispose();
    }

    private void Look(long now)
    {
        lock (turn)
        {
            if (lookedAt == now)
                return;

            question ??= Ask();
            var result = raw.sqlite3_step(question);
            if (result == raw.SQLITE_ROW)
                Volatile.Write(ref seen, raw.sqlite3_column_int64(question, 0));
            raw.sqlite3_reset(question);
            if (result != raw.SQLITE_ROW)
                SqliteException.ThrowExceptionForRC(result, connection.Handle);
            Volatile.Write(ref lookedAt, now);
        }
    }

    private sqlite3_stmt Ask()
    {
        connection.Open();
        raw.sqlite3_busy_timeout(connection.Handle, 1000);
        var result = raw.sqlite3_prepare_v2(connection.Handle, "PRAGMA data_version", out var statement);
        SqliteException.ThrowExceptionForRC(result, connection.Handle);
        return statement;
    }
}
