using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Storage;

/// <summary>What a server does with its PostgreSQL database before it serves.</summary>
public sealed class PostgresSetupTests
{
    [PostgresFact]
    public async Task Servers_that_start_at_once_on_an_empty_database_make_its_tables_once()
    {
        var name = await PostgresCluster.CreateAsync();
        var servers = Enumerable.Range(0, 4).Select(_ => Database(name)).ToList();
        await Task.WhenAll(servers.Select(server => server.PrepareAsync(CancellationToken.None)));
        foreach (var server in servers)
        {
            await using (var sql = await server.OpenAsync(Scope.Everyone, CancellationToken.None))
                Assert.Equal(Migrations.Names("postgres"), await sql.ListAsync<string>("SELECT name FROM migrations ORDER BY name"));
            await server.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task A_database_that_is_not_up_to_date_is_refused_where_no_owner_is_given()
    {
        var name = await PostgresCluster.CreateAsync();
        Assert.Contains("ConnectionStrings:BridgeOwner", await RefusalAsync(name, PostgresCluster.AsServer(name)), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_database_that_may_lose_a_commit_is_refused_by_the_settings_name()
    {
        var name = await MigratedAsync();
        await using (var owner = new NpgsqlConnection(PostgresCluster.AsOwner(name)))
            await owner.ExecuteAsync($"ALTER DATABASE {name} SET synchronous_commit = off");
        var refusal = await RefusalAsync(name, PostgresCluster.AsServer(name));
        Assert.Contains("synchronous_commit = on", refusal, StringComparison.Ordinal);
        Assert.Contains("Bridge:AllowUnsafeDatabase", refusal, StringComparison.Ordinal);

        await using var unsafely = new PostgresDatabase(PostgresCluster.AsServer(name), PostgresCluster.AsOwner(name), true, NullLoggerFactory.Instance);
        await unsafely.PrepareAsync(CancellationToken.None);
    }

    [PostgresFact]
    public async Task A_role_that_the_fence_does_not_hold_is_refused()
    {
        var name = await MigratedAsync();
        Assert.Contains("owns the tables", await RefusalAsync(name, PostgresCluster.AsOwner(name)), StringComparison.Ordinal);
        var superuser = new NpgsqlConnectionStringBuilder(PostgresCluster.AsServer(name)) { Username = "postgres" }.ToString();
        Assert.Contains("superuser", await RefusalAsync(name, superuser), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task The_owner_may_serve_where_unsafe_is_allowed_and_migrates_again_without_harm()
    {
        var name = await PostgresCluster.CreateAsync();
        for (var start = 0; start < 2; start++)
        {
            await using var database = new PostgresDatabase(PostgresCluster.AsOwner(name), null, true, NullLoggerFactory.Instance);
            await database.PrepareAsync(CancellationToken.None);
        }
    }

    [PostgresFact]
    public async Task What_listens_may_go_past_a_pooler_by_a_connection_string_of_its_own()
    {
        var name = await MigratedAsync();
        var direct = new NpgsqlConnectionStringBuilder(PostgresCluster.AsServer(name)) { ApplicationName = "listens" }.ToString();
        await using var database = new PostgresDatabase(PostgresCluster.AsServer(name), null, false, NullLoggerFactory.Instance, direct);
        database.Hear("told", _ => { }, () => { });
        await database.PrepareAsync(CancellationToken.None);
        await using var owner = new NpgsqlConnection(PostgresCluster.AsOwner(name));
        await Wait.ForAsync(() => Task.FromResult(database.Listener.Listening), listens => listens);
        Assert.Equal(1, await owner.QuerySingleAsync<int>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = @name AND application_name = 'listens'", new { name }));
    }

    private static PostgresDatabase Database(string name) =>
        new(PostgresCluster.AsServer(name), PostgresCluster.AsOwner(name), allowUnsafe: false, NullLoggerFactory.Instance);

    private static async Task<string> MigratedAsync()
    {
        var name = await PostgresCluster.CreateAsync();
        await PostgresSetup.MigrateAsync(PostgresCluster.AsOwner(name), PostgresCluster.ServerRole, CancellationToken.None);
        return name;
    }

    private static async Task<string> RefusalAsync(string name, string connectionString)
    {
        await using var database = new PostgresDatabase(connectionString, null, allowUnsafe: false, NullLoggerFactory.Instance);
        return (await Assert.ThrowsAsync<InvalidOperationException>(() => database.PrepareAsync(CancellationToken.None))).Message;
    }
}
