using System.Data;
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
    private readonly Func<DbConnection, DbConnection>? between;

    /// <summary>Opens the file, and makes it where there is none.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="between">Puts something between the bridge and a connection not yet open, which may fail its calls; null for nothing.</param>
    public SqliteDatabase(string path, Func<DbConnection, DbConnection>? between = null)
    {
        this.between = between;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true }.ToString();
        commits = new SqliteCommits(connectionString);
    }

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var (_, connection) = await ConnectAsync(cancellationToken);
        await using (connection)
            await connection.ExecuteAsync("PRAGMA journal_mode = WAL");

        await WriteAsync(Scope.Everyone, sql => Migrations.ApplyAsync(sql, "sqlite"), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Sql> OpenAsync(Scope scope, CancellationToken cancellationToken)
    {
        var (driver, connection) = await ConnectAsync(cancellationToken);
        return new Sql(SqlDialect.Sqlite, scope, connection, null, Interruption(driver, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Scope scope, Func<Sql, Task<T>> work, CancellationToken cancellationToken)
    {
        await writer.WaitAsync(cancellationToken);
        try
        {
            var (driver, connection) = await ConnectAsync(cancellationToken);
            await using var closing = connection;
            await using var transaction = Begin(driver, connection, cancellationToken);
            var interruption = Interruption(driver, cancellationToken);
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
    public bool IsOutage(Exception failure) => failure is SqliteException
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
    private static DbTransaction Begin(SqliteConnection driver, DbConnection connection, CancellationToken cancellationToken)
    {
        for (var turn = 1; ; turn++)
        {
            try
            {
                driver.DefaultTimeout = 1;
                return connection.BeginTransaction(IsolationLevel.Serializable);
            }
            catch (SqliteException busy) when (busy.SqliteErrorCode == raw.SQLITE_BUSY && turn < BusySeconds)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
            finally
            {
                driver.DefaultTimeout = BusySeconds;
            }
        }
    }

    private static CancellationTokenRegistration Interruption(SqliteConnection connection, CancellationToken cancellationToken) =>
        cancellationToken.Register(() => raw.sqlite3_interrupt(connection.Handle));

    private async Task<(SqliteConnection Driver, DbConnection Connection)> ConnectAsync(CancellationToken cancellationToken)
    {
        var driver = new SqliteConnection(connectionString) { DefaultTimeout = BusySeconds };
        var connection = between?.Invoke(driver) ?? driver;
        try
        {
            await connection.OpenAsync(cancellationToken);
            await connection.ExecuteAsync("PRAGMA synchronous = FULL");
            return (driver, connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
