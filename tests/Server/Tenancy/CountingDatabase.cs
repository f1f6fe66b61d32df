using System.Data.Common;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Tests.Tenancy;

/// <summary>The server's database, counting the statements that are sent to it.</summary>
internal sealed class CountingDatabase(IBridgeDatabase database, StatementCount count) : IBridgeDatabase, IAsyncDisposable
{
    public Task PrepareAsync(CancellationToken cancellationToken) => database.PrepareAsync(cancellationToken);

    public async Task<Sql> OpenAsync(Scope scope, CancellationToken cancellationToken) =>
        Counted(await database.OpenAsync(scope, cancellationToken));

    public Task<T> WriteAsync<T>(Scope scope, Func<Sql, Task<T>> work, CancellationToken cancellationToken) =>
        database.WriteAsync(scope, sql => work(Counted(sql)), cancellationToken);

    public long AccountsMark() => database.AccountsMark();

    public void Tell(string channel, string word) => database.Tell(channel, word);

    public void Hear(string channel, Action<string> heard, Action deaf) => database.Hear(channel, heard, deaf);

    public bool IsOutage(Exception failure) => database.IsOutage(failure);

    public bool IsOfText(DbException failure) => database.IsOfText(failure);

    public async ValueTask DisposeAsync()
    {
        if (database is IAsyncDisposable closing)
            await closing.DisposeAsync();
        (database as IDisposable)?.Dispose();
    }

    private Sql Counted(Sql sql)
    {
        count.Add(sql);
        return sql;
    }
}

/// <summary>How many statements were sent.</summary>
internal sealed class StatementCount
{
    private readonly List<Sql> used = [];

    /// <summary>Counts what goes over this connection.</summary>
    public void Add(Sql sql)
    {
        lock (used)
            used.Add(sql);
    }

    /// <summary>How many since this was last asked.</summary>
    public int Take()
    {
        lock (used)
        {
            var sum = used.Sum(sql => sql.StatementsSent);
            used.Clear();
            return sum;
        }
    }
}
