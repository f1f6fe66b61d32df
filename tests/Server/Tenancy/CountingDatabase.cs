using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Tenancy;

/// <summary>The server's database, counting the statements that are sent to it.</summary>
internal sealed class CountingDatabase(IBridgeDatabase database, StatementCount count) : PassedOnDatabase(database)
{
    public override async Task<Sql> OpenAsync(Scope scope, CancellationToken cancellationToken) =>
        Counted(await base.OpenAsync(scope, cancellationToken));

    public override Task<T> WriteAsync<T>(Scope scope, Func<Sql, Task<T>> work, CancellationToken cancellationToken) =>
        base.WriteAsync(scope, sql => work(Counted(sql)), cancellationToken);

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
