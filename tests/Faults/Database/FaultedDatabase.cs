using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Faults.Database;

/// <summary>The server's database: its one call that goes over no connection, the look whether accounts have changed, may fail too.</summary>
internal sealed class FaultedDatabase(IBridgeDatabase database, FaultPlan plan) : PassedOnDatabase(database)
{
    // On PostgreSQL no look is taken: the server is told.
    public override long AccountsMark()
    {
        var alone = "";
        return !TestDatabase.IsPostgres && plan.Meet("PRAGMA data_version", ref alone) is not null
            ? throw SqliteFailures.Of(plan.Kind % 2)
            : base.AccountsMark();
    }
}
