using System.Data;
using System.Data.Common;
using Dapper;

namespace SingleWindowBridge.Server.Storage;

/// <summary>
/// A connection in use, inside a transaction or not; every statement carries the caller's token. In a transaction a write whose
/// result nobody needs is posted: it goes out with the commit, or before the next statement that could see it.
/// </summary>
public sealed class Sql : IAsyncDisposable
{
    private readonly Scope scope;
    private readonly DbConnection connection;
    private readonly DbTransaction? transaction;
    private readonly IDisposable? interruption;
    private readonly SharedTransaction? shared;
    private readonly List<Posted> posted = [];
    private readonly List<Posted> closing = [];
    private readonly Dictionary<Type, object> attached = [];
    private readonly SentStatements sent = new();
    private bool fenced;

    static Sql() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>Takes a connection over.</summary>
    /// <param name="dialect">The engine's own words.</param>
    /// <param name="scope">Whom the statements act for.</param>
    /// <param name="connection">The connection, disposed with this.</param>
    /// <param name="transaction">The transaction, if there is one.</param>
    /// <param name="interruption">What carries a cancellation to the engine, disposed with this; null where the connection does.</param>
    /// <param name="cancellationToken">Cancelled when the caller no longer waits; for PostgreSQL carried by a <see cref="CarriedCancellation"/>.</param>
    public Sql(
        SqlDialect dialect, Scope scope, DbConnection connection, DbTransaction? transaction, IDisposable? interruption,
        CancellationToken cancellationToken)
    {
        Dialect = dialect;
        this.scope = scope;
        this.connection = connection;
        this.transaction = transaction;
        this.interruption = interruption;
        CancellationToken = cancellationToken;
    }

    // A part of a transaction that several share.
    internal Sql(SharedTransaction shared, Sql whole, Scope scope, CancellationToken cancellationToken)
    {
        this.shared = shared;
        this.scope = scope;
        Dialect = whole.Dialect;
        connection = whole.connection;
        transaction = whole.transaction;
        attached = whole.attached;
        closing = whole.closing;
        sent = whole.sent;
        CancellationToken = cancellationToken;
    }

    /// <summary>The engine's own words.</summary>
    public SqlDialect Dialect { get; }

    /// <summary>Whether the transaction is to be undone at its end, though nothing failed.</summary>
    public bool Undo { get; set; }

    /// <summary>Cancelled when the caller no longer waits.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Whom the statements act for.</summary>
    internal Scope Scope => scope;

    /// <summary>Whether something was written that only the end of the whole transaction can undo.</summary>
    internal bool HasWritten { get; private set; }

    /// <summary>How many statements were sent so far, by all that share the transaction. For those who want to know what a call costs.</summary>
    internal int StatementsSent => sent.Count;

    /// <summary>What was posted and has not been sent.</summary>
    internal List<Posted> Waiting => posted;

    /// <summary>Runs a statement and gives the number of rows that it touched.</summary>
    public async Task<int> ExecuteAsync(string sql, object? parameters = null)
    {
        if (await TurnsAsync(sql) is { } turns)
            return await turns.ExecuteAsync(sql, parameters);
        return await connection.ExecuteAsync(Command(sql, parameters));
    }

    /// <summary>Gives the rows of a query.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters = null)
    {
        if (await TurnsAsync(sql) is { } turns)
            return await turns.ListAsync<T>(sql, parameters);
        return (await connection.QueryAsync<T>(Command(sql, parameters))).AsList();
    }

    /// <summary>Gives the only row of a query, or the default where there is none.</summary>
    public async Task<T?> FindAsync<T>(string sql, object? parameters = null)
    {
        if (await TurnsAsync(sql) is { } turns)
            return (await turns.ListAsync<T>(sql, parameters)).SingleOrDefault();
        return await connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters));
    }

    /// <summary>Gives the only row of a query that has one.</summary>
    public async Task<T> GetAsync<T>(string sql, object? parameters = null)
    {
        if (await TurnsAsync(sql) is { } turns)
            return (await turns.ListAsync<T>(sql, parameters)).Single();
        return await connection.QuerySingleAsync<T>(Command(sql, parameters));
    }

    /// <summary>Opens a query whose columns are read in order, large ones as streams. Not for a transaction that several share.</summary>
    public async Task<DbDataReader> ReadAsync(string sql, object parameters)
    {
        if (await TurnsAsync(sql) is not null)
            throw new InvalidOperationException("A reader would keep the others of this transaction waiting");
        return await connection.ExecuteReaderAsync(Command(sql, parameters), CommandBehavior.SequentialAccess);
    }

    /// <summary>
    /// Has a write sent with the commit, in the order of posting. The parameters' values are taken when it is sent; its failure is that
    /// of the commit. Where there is no transaction it is sent at once.
    /// </summary>
    public async Task PostAsync(string sql, object parameters)
    {
        if (transaction is null)
            await ExecuteAsync(sql, parameters);
        else
            posted.Add(new Posted(sql, parameters, this));
    }

    /// <summary>Has a write that no later statement of this transaction needs to see sent with the commit, and tells whether it was.</summary>
    internal Posted PostUnseen(string sql, object parameters)
    {
        var statement = new Posted(sql, parameters, this, Unseen: true);
        posted.Add(statement);
        return statement;
    }

    /// <summary>Has a write sent at the very end, once, however often it is asked for.</summary>
    internal void PostLast(string sql, object parameters)
    {
        if (!closing.Exists(statement => ReferenceEquals(statement.Parameters, parameters)))
            closing.Add(new Posted(sql, parameters, this));
    }

    /// <summary>What belongs to this transaction, one of each type, the same for all that share it.</summary>
    internal T Attached<T>()
        where T : class, new()
    {
        if (!attached.TryGetValue(typeof(T), out var value))
            attached[typeof(T)] = value = new T();
        return (T)value;
    }

    /// <summary>Takes a thing that no two may touch in one transaction.</summary>
    /// <exception cref="TakenException">Another part of this transaction has taken it; it must go into a later one.</exception>
    internal void Claim(string thing) => shared?.Claim(thing, this);

    /// <summary>Sends what was posted, and commits. On PostgreSQL both are one round trip.</summary>
    /// <param name="commit">Commits where the engine has no batches; called when everything was sent.</param>
    internal async Task CommitAsync(Action commit)
    {
        sent.Count += posted.Count + closing.Count;
        if (connection.CanCreateBatch)
        {
            await BatchAsync([.. posted, .. closing], Posted.Commit);
            return;
        }

        await SendAsync([.. posted, .. closing]);
        commit();
    }

    /// <summary>An empty batch of this transaction.</summary>
    internal DbBatch NewBatch()
    {
        var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        return batch;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        interruption?.Dispose();
        return shared is null ? connection.DisposeAsync() : ValueTask.CompletedTask;
    }

    // Before a statement that cannot wait: what it might see is sent. Gives the turns that it has to take, if it has to.
    private async ValueTask<SharedTransaction.Turn?> TurnsAsync(string sql)
    {
        var before = posted.Exists(statement => !statement.Unseen) || !IsQuery(sql) ? posted.ToArray() : [];
        if (before.Length > 0)
            posted.Clear();
        HasWritten |= before.Length > 0 || !IsQuery(sql);
        sent.Count += before.Length + 1;
        if (shared is not null && connection.CanCreateBatch)
            return new SharedTransaction.Turn(shared, scope, before);

        if (before.Length > 0)
            await SendAsync(before);
        return null;
    }

    private static bool IsQuery(string sql) => sql.AsSpan().TrimStart().StartsWith("SELECT", StringComparison.OrdinalIgnoreCase);

    private async Task SendAsync(IReadOnlyList<Posted> statements)
    {
        if (connection.CanCreateBatch)
        {
            await BatchAsync(statements, null);
            return;
        }

        // As in a batch, all know that their time has come before the first is written.
        foreach (var statement in statements)
            statement.Send();
        foreach (var statement in statements)
            await connection.ExecuteAsync(Command(statement.Text, statement.Parameters));
    }

    private async Task BatchAsync(IReadOnlyList<Posted> statements, Posted? last)
    {
        await using var batch = NewBatch();
        if (Dialect.Fence is not null && !fenced)
            Statements.AddFence(batch, Dialect, scope);
        fenced = true;
        Statements.Add(batch, statements);
        if (last is not null)
            Statements.Add(batch, [last]);
        await batch.ExecuteNonQueryAsync(CancellationToken);
    }

    private CommandDefinition Command(string sql, object? parameters)
    {
        // The fence holds to the end of the transaction, else for the one statement that goes in the same message.
        if (Dialect.Fence is not null && !fenced)
        {
            fenced = transaction is not null;
            var all = new DynamicParameters(parameters);
            all.Add("bridge_scope", scope.Value, DbType.String);
            (sql, parameters) = ($"{Dialect.Fence};\n{sql}", all);
        }

        return new CommandDefinition(sql, parameters, transaction, cancellationToken: CancellationToken);
    }

    private sealed class SentStatements
    {
        public int Count { get; set; }
    }
}
