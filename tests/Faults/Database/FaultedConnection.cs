using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace SingleWindowBridge.Faults.Database;

/// <summary>A connection whose calls are counted, and one of which fails.</summary>
internal class FaultedConnection(DbConnection driver, FaultPlan plan) : DbConnection
{
    private string made = "";

    [AllowNull]
    public override string ConnectionString
    {
        get => driver.ConnectionString;
        set => driver.ConnectionString = value;
    }

    public override string Database => driver.Database;

    public override string DataSource => driver.DataSource;

    public override string ServerVersion => driver.ServerVersion;

    public override ConnectionState State => driver.State;

    public override bool CanCreateBatch => driver.CanCreateBatch;

    /// <summary>Makes a call that may fail.</summary>
    /// <param name="call">What it is counted as.</param>
    /// <param name="inTransaction">Whether it is in a transaction that it does not end.</param>
    /// <param name="make">Makes it.</param>
    /// <param name="drop">Drops an answer that nobody gets.</param>
    public async Task<T> CallAsync<T>(string call, bool inTransaction, Func<Task<T>> make, Func<T, ValueTask>? drop = null)
    {
        var moment = plan.Meet(call, ref made);
        if (moment == Moment.Before)
            await plan.Failures.FailAsync(driver, inTransaction, Moment.Before, plan.Kind);
        var answer = await make();
        if (moment == Moment.After)
        {
            if (drop is not null)
                await drop(answer);
            await plan.Failures.FailAsync(driver, inTransaction, Moment.After, plan.Kind);
        }

        return answer;
    }

    /// <summary>The same for a call that blocks.</summary>
    public T Call<T>(string call, bool inTransaction, Func<T> make) =>
        CallAsync(call, inTransaction, () => Task.FromResult(make())).GetAwaiter().GetResult();

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        var moment = plan.Meet("open", ref made);
        if (moment == Moment.Before)
            throw plan.Failures.OfOpening(plan.Kind);
        await driver.OpenAsync(cancellationToken);
        if (moment == Moment.After)
        {
            await driver.CloseAsync();
            throw plan.Failures.OfOpening(plan.Kind);
        }
    }

    public override void Open() => throw new NotSupportedException("Nobody waits for a connection on a thread.");

    public override void Close() => driver.Close();

    public override Task CloseAsync() => driver.CloseAsync();

    public override void ChangeDatabase(string databaseName) => driver.ChangeDatabase(databaseName);

    public override async ValueTask DisposeAsync()
    {
        await driver.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => Call(
        "BEGIN", inTransaction: false, () => new FaultedTransaction(this, driver.BeginTransaction(isolationLevel)));

    protected override DbCommand CreateDbCommand() => new FaultedCommand(this, driver.CreateCommand());

    protected override DbBatch CreateDbBatch() => new FaultedBatch(this, driver.CreateBatch());

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            driver.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Dapper knows by this name that arrays go as they are.</summary>
internal sealed class NpgsqlConnection(DbConnection driver, FaultPlan plan) : FaultedConnection(driver, plan);

/// <summary>A transaction whose commit may fail. Its undoing may not: where that fails the engine undoes it all the same.</summary>
internal sealed class FaultedTransaction(FaultedConnection connection, DbTransaction driver) : DbTransaction
{
    public DbTransaction Driver => driver;

    public override IsolationLevel IsolationLevel => driver.IsolationLevel;

    protected override DbConnection DbConnection => connection;

    public override void Commit() => connection.Call("COMMIT", inTransaction: false, () =>
    {
        driver.Commit();
        return true;
    });

    public override void Rollback() => driver.Rollback();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            driver.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A statement that may fail.</summary>
internal sealed class FaultedCommand(FaultedConnection connection, DbCommand driver) : DbCommand
{
    [AllowNull]
    public override string CommandText
    {
        get => driver.CommandText;
        set => driver.CommandText = value;
    }

    public override int CommandTimeout
    {
        get => driver.CommandTimeout;
        set => driver.CommandTimeout = value;
    }

    public override CommandType CommandType
    {
        get => driver.CommandType;
        set => driver.CommandType = value;
    }

    public override bool DesignTimeVisible
    {
        get => driver.DesignTimeVisible;
        set => driver.DesignTimeVisible = value;
    }

    public override UpdateRowSource UpdatedRowSource
    {
        get => driver.UpdatedRowSource;
        set => driver.UpdatedRowSource = value;
    }

    protected override DbConnection? DbConnection
    {
        get => connection;
        set => throw new NotSupportedException("A statement stays with its connection.");
    }

    protected override DbParameterCollection DbParameterCollection => driver.Parameters;

    protected override DbTransaction? DbTransaction
    {
        get => driver.Transaction;
        set => driver.Transaction = value is FaultedTransaction faulted ? faulted.Driver : value;
    }

    public override void Cancel() => driver.Cancel();

    public override int ExecuteNonQuery() => throw new NotSupportedException("Nobody waits for a statement on a thread.");

    public override object? ExecuteScalar() => throw new NotSupportedException("Nobody waits for a statement on a thread.");

    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) =>
        connection.CallAsync(CommandText, driver.Transaction is not null, () => driver.ExecuteNonQueryAsync(cancellationToken));

    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) =>
        connection.CallAsync(CommandText, driver.Transaction is not null, () => driver.ExecuteScalarAsync(cancellationToken));

    public override void Prepare() => driver.Prepare();

    protected override DbParameter CreateDbParameter() => driver.CreateParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        throw new NotSupportedException("Nobody waits for a statement on a thread.");

    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        connection.CallAsync(
            CommandText, driver.Transaction is not null, () => driver.ExecuteReaderAsync(behavior, cancellationToken), reader => reader.DisposeAsync());

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            driver.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Statements in one message that may fail together; the last may be the commit.</summary>
internal sealed class FaultedBatch(FaultedConnection connection, DbBatch driver) : DbBatch
{
    public override int Timeout
    {
        get => driver.Timeout;
        set => driver.Timeout = value;
    }

    protected override DbBatchCommandCollection DbBatchCommands => driver.BatchCommands;

    protected override DbConnection? DbConnection
    {
        get => connection;
        set => throw new NotSupportedException("A batch stays with its connection.");
    }

    protected override DbTransaction? DbTransaction
    {
        get => driver.Transaction;
        set => driver.Transaction = value;
    }

    public override void Cancel() => driver.Cancel();

    public override int ExecuteNonQuery() => throw new NotSupportedException("Nobody waits for a batch on a thread.");

    public override object? ExecuteScalar() => throw new NotSupportedException("Nobody waits for a batch on a thread.");

    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken = default) =>
        connection.CallAsync(Text(), true, () => driver.ExecuteNonQueryAsync(cancellationToken));

    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken = default) =>
        connection.CallAsync(Text(), true, () => driver.ExecuteScalarAsync(cancellationToken));

    public override void Prepare() => driver.Prepare();

    public override Task PrepareAsync(CancellationToken cancellationToken = default) => driver.PrepareAsync(cancellationToken);

    public override void Dispose()
    {
        driver.Dispose();
        base.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        await driver.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override DbBatchCommand CreateDbBatchCommand() => driver.CreateBatchCommand();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
        throw new NotSupportedException("Nobody waits for a batch on a thread.");

    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        connection.CallAsync(Text(), true, () => driver.ExecuteReaderAsync(behavior, cancellationToken), reader => reader.DisposeAsync());

    private string Text() => string.Join(" | ", driver.BatchCommands.Select(command => command.CommandText).Distinct());
}
