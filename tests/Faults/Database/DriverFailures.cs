using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace SingleWindowBridge.Faults.Database;

/// <summary>How calls of an engine fail: with what its driver throws, and the connection as it is then.</summary>
internal abstract class DriverFailures
{
    /// <summary>The ways to fail before the effect.</summary>
    public abstract int Kinds { get; }

    /// <summary>Fails the opening of a connection.</summary>
    public abstract Exception OfOpening(int kind);

    /// <summary>Fails a statement; always throws.</summary>
    /// <param name="driver">The connection.</param>
    /// <param name="inTransaction">Whether a transaction is open there that was not committed.</param>
    /// <param name="moment">Whether it had its effect.</param>
    /// <param name="kind">The way.</param>
    public abstract Task FailAsync(DbConnection driver, bool inTransaction, Moment moment, int kind);
}

/// <summary>SQLite: busy, an input or output error, upon which the engine undoes the transaction by itself, a full disk.</summary>
internal sealed class SqliteFailures : DriverFailures
{
    private static readonly (int Code, string Text)[] Ways =
    [
        (raw.SQLITE_BUSY, "database is locked"), (raw.SQLITE_IOERR, "disk I/O error"), (raw.SQLITE_FULL, "database or disk is full"),
    ];

    public override int Kinds => Ways.Length;

    public static SqliteException Of(int way) => new($"SQLite Error {Ways[way].Code}: '{Ways[way].Text}' (made by the test).", Ways[way].Code);

    public override Exception OfOpening(int kind) =>
        new SqliteException("SQLite Error 14: 'unable to open database file' (made by the test).", raw.SQLITE_CANTOPEN);

    public override Task FailAsync(DbConnection driver, bool inTransaction, Moment moment, int kind)
    {
        var way = moment == Moment.After ? 1 : kind % Ways.Length;
        if (inTransaction && way == 1)
            raw.sqlite3_exec(((SqliteConnection)driver).Handle!, "ROLLBACK");
        return Task.FromException(Of(way));
    }
}

/// <summary>
/// PostgreSQL: the server itself reports a conflict, and the transaction is no more; or it ends the session, and the connection breaks.
/// </summary>
internal sealed class PostgresFailures : DriverFailures
{
    public override int Kinds => 2;

    public override Exception OfOpening(int kind) => kind % 2 == 0
        ? new NpgsqlException("Failed to connect (made by the test)", new SocketException((int)SocketError.ConnectionRefused))
        : new PostgresException("sorry, too many clients already (made by the test)", "FATAL", "FATAL", PostgresErrorCodes.TooManyConnections);

    public override async Task FailAsync(DbConnection driver, bool inTransaction, Moment moment, int kind)
    {
        await using var command = driver.CreateCommand();
        command.CommandText = moment == Moment.Before && kind % 2 == 0
            ? "DO $$ BEGIN RAISE EXCEPTION 'made by the test' USING ERRCODE = '40001'; END $$"
            : "SELECT pg_terminate_backend(pg_backend_pid())";

        // The session may end just after it has answered.
        for (var turn = 0; turn < 3; turn++)
            await command.ExecuteNonQueryAsync();
        throw new InvalidOperationException("The statement that was to fail did not.");
    }
}
