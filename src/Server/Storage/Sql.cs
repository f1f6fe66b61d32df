using System.Data;
using System.Data.Common;
using Dapper;

namespace SingleWindowBridge.Server.Storage;

/// <summary>A connection in use, inside a transaction or not; every statement carries the caller's token.</summary>
/// <param name="dialect">The engine's own words.</param>
/// <param name="scope">Whom the statements act for.</param>
/// <param name="connection">The connection, disposed with this.</param>
/// <param name="transaction">The transaction, if there is one.</param>
/// <param name="interruption">What carries a cancellation to the engine, disposed with this; null where the connection does.</param>
/// <param name="cancellationToken">Cancelled when the caller no longer waits.</param>
public sealed class Sql(
    SqlDialect dialect, Scope scope, DbConnection connection, DbTransaction? transaction, IDisposable? interruption,
    CancellationToken cancellationToken) : IAsyncDisposable
{
    private bool fenced;

    static Sql() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>The engine's own words.</summary>
    public SqlDialect Dialect => dialect;

    /// <summary>Whether the transaction is to be undone at its end, though nothing failed.</summary>
    public bool Undo { get; set; }

    /// <summary>Cancelled when the caller no longer waits.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Runs a statement and gives the number of rows that it touched.</summary>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) => connection.ExecuteAsync(Command(sql, parameters));

    /// <summary>Gives the rows of a query.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters = null) =>
        (await connection.QueryAsync<T>(Command(sql, parameters))).AsList();

    /// <summary>Gives the only row of a query, or the default where there is none.</summary>
    public Task<T?> FindAsync<T>(string sql, object? parameters = null) =>
        connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters));

    /// <summary>Gives the only row of a query that has one.</summary>
    public Task<T> GetAsync<T>(string sql, object? parameters = null) => connection.QuerySingleAsync<T>(Command(sql, parameters));

    /// <summary>Opens a query whose columns are read in order, large ones as streams.</summary>
    public Task<DbDataReader> ReadAsync(string sql, object parameters) =>
        connection.ExecuteReaderAsync(Command(sql, parameters), CommandBehavior.SequentialAccess);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        interruption?.Dispose();
        return connection.DisposeAsync();
    }

    private CommandDefinition Command(string sql, object? parameters)
    {
        // The fence holds to the end of the transaction, else for the one statement that goes in the same message.
        if (dialect.Fence is not null && !fenced)
        {
            fenced = transaction is not null;
            var all = new DynamicParameters(parameters);
            all.Add("bridge_scope", scope.Value, DbType.String);
            (sql, parameters) = (dialect.Fence + sql, all);
        }

        return new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken);
    }
}
