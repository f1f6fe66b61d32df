using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SingleWindowBridge.Server.Storage;

/// <summary>
/// Tells whether anything was committed to a SQLite file, by any connection of any process: PRAGMA data_version on a connection
/// that itself never writes. It looks at shared memory alone, about a microsecond.
/// </summary>
/// <param name="connectionString">The file, as its other connections open it.</param>
public sealed class SqliteCommits(string connectionString) : IDisposable
{
    private readonly Lock turn = new();
    private readonly SqliteConnection connection = new(connectionString + ";Pooling=False");
    private sqlite3_stmt? question;

    /// <summary>A number that differs from the last one given if there was a commit in between.</summary>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public long Mark()
    {
        lock (turn)
        {
            question ??= Open();
            var result = raw.sqlite3_step(question);
            var mark = result == raw.SQLITE_ROW ? raw.sqlite3_column_int64(question, 0) : 0;
            raw.sqlite3_reset(question);
            if (result != raw.SQLITE_ROW)
                SqliteException.ThrowExceptionForRC(result, connection.Handle);
            return mark;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        question?.Dispose();
        connection.Dispose();
    }

    private sqlite3_stmt Open()
    {
        connection.Open();
        raw.sqlite3_busy_timeout(connection.Handle, 1000);
        var result = raw.sqlite3_prepare_v2(connection.Handle, "PRAGMA data_version", out var statement);
        SqliteException.ThrowExceptionForRC(result, connection.Handle);
        return statement;
    }
}
