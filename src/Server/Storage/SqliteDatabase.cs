using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SingleWindowBridge.Server.Storage;

/// <summary>
/// The embedded default: one SQLite file, write-ahead log, synchronous FULL, so that a commit is on disk before it is answered.
/// One writer at a time, any number of readers beside it.
/// </summary>
public sealed class SqliteDatabase : IBridgeDatabase, IDisposable
{
    private const int BusySeconds = 5;

    private readonly string connectionString;
    private readonly SemaphoreSlim writer = new(1, 1);
    private readonly SqliteCommits commits;

    /// <summary>Opens the file, and makes it where there is none.</summary>
    /// <param name="path">The file's path.</param>
    public SqliteDatabase(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true }.ToString();
        commits = new SqliteCommits(connectionString);
    }

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using (var connection = await ConnectAsync(cancellationToken))
            await connection.ExecuteAsync("PRAGMA journal_mode = WAL");

        await WriteAsync(Scope.Everyone, sql => Migrations.ApplyAsync(sql, "sqlite"), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Sql> OpenAsync(Scope scope, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken);
        return new Sql(SqlDialect.Sqlite, scope, connection, null, Interruption(connection, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Scope scope, Func<Sql, Task<T>> work, CancellationToken cancellationToken)
    {
        await writer.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await ConnectAsync(cancellationToken);
            await using var transaction = Begin(connection, cancellationToken);
            var interruption = Interruption(connection, cancellationToken);
            await using var sql = new Sql(SqlDialect.Sqlite, scope, connection, transaction, interruption, cancellationToken);
            var answer = await work(sql);
            if (sql.Undo)
                return answer;

            await sql.CommitAsync(() =>
            {
                // From here on a cancellation comes too late: the caller is told what was committed.
                interruption.Dispose();
                cancellationToken.ThrowIfCancellationRequested();
                transaction.Commit();
                commits.Count();
            });
            return answer;
        }
        finally
        {
            writer.Release();
        }
    }

    /// <inheritdoc/>
    public long AccountsMark() => commits.Mark();

    /// <summary>Does nothing: another process on the same file finds out when it looks.</summary>
    public void Tell(string channel, string word)
    {
    }

    /// <summary>Does nothing: nobody tells.</summary>
    public void Hear(string channel, Action<string> heard, Action deaf)
    {
    }

    /// <inheritdoc/>
    public bool IsOutage(DbException failure) => failure is SqliteException
    {
        SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN,
    };

    /// <inheritdoc/>
    public bool IsOfText(DbException failure) => false;

    /// <inheritdoc/>
    public void Dispose()
    {
        writer.Dispose();
        commits.Dispose();

        // Connections that are kept would keep the file, too.
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }

    // Another process, such as a backup, may hold the lock. The engine waits for it deaf to interruption, so it waits in short turns.
    private static SqliteTransaction Begin(SqliteConnection connection, CancellationToken cancellationToken)
    {
        for (var turn = 1; ; turn++)
        {
            try
            {
                connection.DefaultTimeout = 1;
                return connection.BeginTransaction(deferred: false);
            }
            catch (SqliteException busy) when (busy.SqliteErrorCode == raw.SQLITE_BUSY && turn < BusySeconds)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
            finally
            {
                connection.DefaultTimeout = BusySeconds;
            }
        }
    }

    private static CancellationTokenRegistration Interruption(SqliteConnection connection, CancellationToken cancellationToken) =>
        cancellationToken.Register(() => raw.sqlite3_interrupt(connection.Handle));

    private async Task<SqliteConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(connectionString) { DefaultTimeout = BusySeconds };
        try
        {
            await connection.OpenAsync(cancellationToken);
            await connection.ExecuteAsync("PRAGMA synchronous = FULL");
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
