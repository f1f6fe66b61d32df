namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>A test of what only PostgreSQL has; it runs in the pass of the suite on that engine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (!TestDatabase.IsPostgres)
            Skip = "Runs in the pass on PostgreSQL.";
    }
}
