using System.Data.Common;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Faults.Database;

/// <summary>The server's database: its one call that goes over no connection, the look whether accounts have changed, may fail too.</summary>
internal sealed class FaultedDatabase(IBridgeDatabase database, FaultPlan plan) : IBridgeDatabase, IAsyncDisposable
{
    public Task PrepareAsync(CancellationToken cancellationToken) => database.PrepareAsync(cancellationToken);

    public Task<Sql> OpenAsync(Scope scope, CancellationToken cancellationToken) => database.OpenAsync(scope, cancellationToken);

    public Task<T> WriteAsync<T>(Scope scope, Func<Sql, Task<T>> work, CancellationToken cancellationToken) =>
        database.WriteAsync(scope, work, cancellationToken);

    // On PostgreSQL no look is taken: the server is told.
    public long AccountsMark()
    {
        var alone = "";
        return !TestDatabase.IsPostgres && plan.Meet("PRAGMA data_version", ref alone) is not null
            ? throw SqliteFailures.Of(plan.Kind % 2)
            : database.AccountsMark();
    }

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
}
