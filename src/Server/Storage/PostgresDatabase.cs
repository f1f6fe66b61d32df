using System.Data;
using System.Data.Common;
using Npgsql;

namespace SingleWindowBridge.Server.Storage;

/// <summary>
/// PostgreSQL: any number of servers on one database. A commit is on the primary's disk before it is answered. Whom a statement acts
/// for goes with it in one message, and row-level security holds it to that.
/// </summary>
public sealed class PostgresDatabase : IBridgeDatabase, IAsyncDisposable
{
    private const int Tries = 5;
    private const int MostWrites = 20;
    private const string IdleInTransaction = "25P03";

    // An open transaction that the server no longer speaks in, and a lock that is not given, end by themselves.
    private const string Timeouts = "-c lock_timeout=5s -c idle_in_transaction_session_timeout=60s";

    // Changes come few at a time. In a pool of their own they keep to a few sessions, which have their plans and pages at hand; the idle
    // ones of a pool take turns, so among many readers each change would come to a session that has been idle for long.
    private readonly NpgsqlDataSource writes;
    private readonly NpgsqlDataSource reads;
    private readonly string connectionString;
    private readonly string? ownerConnectionString;
    private readonly bool allowUnsafe;
    private readonly ILogger logger;
    private readonly PostgresAccounts accounts;
    private readonly PostgresNotifier notifier;
    private readonly Func<DbConnection, DbConnection>? between;

    /// <summary>Makes the two pools of connections, for calls that read and for changes; opens none yet.</summary>
    /// <param name="connectionString">As Npgsql takes it, with the server's own role: neither owner nor superuser.</param>
    /// <param name="ownerConnectionString">The same with the owner of the tables, to migrate at the start; null to find all in place.</param>
    /// <param name="allowUnsafe">Serve on a database that may lose a commit or whose fence does not hold for the role.</param>
    /// <param name="loggers">Where to tell what happens.</param>
    /// <param name="listenConnectionString">For the one connection that listens, past a pooler that lends sessions for a transaction; null for the first.</param>
    /// <param name="between">Puts something between the bridge and a connection not yet open, which may fail its calls; null for nothing.</param>
    public PostgresDatabase(
        string connectionString, string? ownerConnectionString, bool allowUnsafe, ILoggerFactory loggers, string? listenConnectionString = null,
        Func<DbConnection, DbConnection>? between = null)
    {
        this.between = between;
        this.connectionString = WithDefaults(connectionString);
        this.ownerConnectionString = ownerConnectionString;
        this.allowUnsafe = allowUnsafe;
        logger = loggers.CreateLogger<PostgresDatabase>();
        reads = NpgsqlDataSource.Create(this.connectionString);
        var forWrites = new NpgsqlConnectionStringBuilder(this.connectionString);
        forWrites.MaxPoolSize = Math.Min(forWrites.MaxPoolSize, MostWrites);
        writes = NpgsqlDataSource.Create(forWrites);
        Listener = new PostgresListener(WithDefaults(listenConnectionString ?? connectionString), ClearPools, loggers.CreateLogger<PostgresListener>());
        accounts = new PostgresAccounts(Listener);
        notifier = new PostgresNotifier(this.connectionString, loggers.CreateLogger<PostgresNotifier>());
    }

    /// <summary>Hears what the database notifies this server of; add channels before <see cref="PrepareAsync"/>.</summary>
    public PostgresListener Listener { get; }

    /// <summary>The role that a connection string names.</summary>
    public static string RoleOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Username ?? "";

    /// <inheritdoc/>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        using var carried = new CarriedCancellation(cancellationToken);
        var migrating = ownerConnectionString ?? (allowUnsafe ? connectionString : null);
        if (migrating is not null)
            await PostgresSetup.MigrateAsync(migrating, RoleOf(connectionString), carried.Token, between);

        await using (var connection = (await ConnectAsync(reads, carried.Token)).Connection)
            await PostgresSetup.CheckAsync(connection, allowUnsafe, logger, carried.Token);
        Listener.Start();
    }

    /// <inheritdoc/>
    public async Task<Sql> OpenAsync(Scope scope, CancellationToken cancellationToken)
    {
        var carried = new CarriedCancellation(cancellationToken);
        try
        {
            return new Sql(SqlDialect.Postgres, scope, (await ConnectAsync(reads, carried.Token)).Connection, null, carried, carried.Token);
        }
        catch
        {
            carried.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Scope scope, Func<Sql, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var turn = 1; ; turn++)
        {
            try
            {
                return await TryAsync(scope, work, cancellationToken);
            }
            catch (PostgresException conflict) when (turn < Tries && GaveWay(conflict))
            {
                logger.LogInformation("A change gave way to another's and is made again: {Reason}", conflict.MessageText);
            }
        }
    }

    /// <inheritdoc/>
    public long AccountsMark() => accounts.Mark();

    /// <inheritdoc/>
    public void Tell(string channel, string word) => notifier.Tell(channel, word);

    /// <inheritdoc/>
    public void Hear(string channel, Action<string> heard, Action deaf) => Listener.Add(
        channel,
        told => notifier.Read(told, heard),
        (_, _) =>
        {
            if (!Listener.Listening)
                deaf();
            return Task.CompletedTask;
        });

    /// <inheritdoc/>
    public bool IsOutage(Exception failure) => failure switch
    {
        // So Dapper passes on what went wrong while it read a column; a large row's come as they are read.
        DataException { InnerException: { } reading } => IsOutage(reading),

        // So the driver fails now and then where a connection breaks that it is about to use.
        ObjectDisposedException gone => gone.StackTrace?.Contains("at Npgsql.", StringComparison.Ordinal) == true,
        PostgresException told => told.SqlState[..2] is "08" or "53" or "57" || told.SqlState is
            PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.ObjectNotInPrerequisiteState
            or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.IoError or IdleInTransaction,
        NpgsqlException lost => lost.IsTransient || lost.InnerException is IOException or TimeoutException or System.Net.Sockets.SocketException,
        _ => false,
    };

    /// <inheritdoc/>
    public bool IsOfText(DbException failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Listener.DisposeAsync();
        await notifier.DisposeAsync();
        await writes.DisposeAsync();
        await reads.DisposeAsync();
    }

    // Of sessions that may have ended unnoticed, so that no call comes to one.
    private void ClearPools()
    {
        reads.Clear();
        writes.Clear();
    }

    private static string WithDefaults(string connectionString)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { NoResetOnClose = true };
        if (!given.ShouldSerialize("Application Name"))
            settings.ApplicationName = "singlewindow-bridge";
        if (!given.ShouldSerialize("Max Auto Prepare"))
            (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (200, 3);
        if (!given.ShouldSerialize("Options"))
            settings.Options = Timeouts;
        return settings.ToString();
    }

    // Another transaction went first: it held what this one waited for, or made the row that this one was about to make. The next try
    // finds it.
    private static bool GaveWay(PostgresException conflict) => conflict.SqlState is
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.UniqueViolation;

    private async Task<T> TryAsync<T>(Scope scope, Func<Sql, Task<T>> work, CancellationToken cancellationToken)
    {
        using var carried = new CarriedCancellation(cancellationToken);
        var (driver, connection) = await ConnectAsync(writes, carried.Token);
        await using var closing = connection;
        var touched = false;
        void Hear(object sender, NpgsqlNoticeEventArgs told) => touched |= told.Notice.MessageText == PostgresAccounts.Channel;
        driver.Notice += Hear;
        try
        {
            await using var transaction = await driver.BeginTransactionAsync(IsolationLevel.ReadCommitted, carried.Token);
            await using var sql = new Sql(SqlDialect.Postgres, scope, connection, transaction, null, carried.Token);
            var answer = await work(sql);
            if (!sql.Undo)
                await sql.CommitAsync(() => { });
            return answer;
        }
        finally
        {
            driver.Notice -= Hear;
            if (touched)
                accounts.Changed();
        }
    }

    private async Task<(NpgsqlConnection Driver, DbConnection Connection)> ConnectAsync(
        NpgsqlDataSource pool, CancellationToken cancellationToken)
    {
        var driver = pool.CreateConnection();
        var connection = between?.Invoke(driver) ?? driver;
        try
        {
            await connection.OpenAsync(cancellationToken);
            return (driver, connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
