using System.Data.Common;
using Dapper;
using Npgsql;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Storage;

/// <summary>Row-level security: what a query without a WHERE can see and touch.</summary>
public sealed class FenceTests : IAsyncLifetime
{
    // What tells of no authority; everybody may read it.
    private static readonly string[] Common = ["migrations", "counters", "opened_templates"];

    private readonly BridgeServer server = new();

    public Task InitializeAsync() => TestDatabase.IsPostgres ? server.InitializeAsync() : Task.CompletedTask;

    public Task DisposeAsync() => TestDatabase.IsPostgres ? server.DisposeAsync() : Task.CompletedTask;

    [PostgresFact]
    public void Every_table_is_behind_the_fence()
    {
        using var owner = server.Connect();
        var open = owner.Query<string>(
            """
            SELECT c.relname FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
              AND NOT (c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
            """);
        Assert.Empty(open);
        var leaky = owner.Query<string>(
            """
            SELECT tablename || '.' || policyname FROM pg_policies
            WHERE schemaname = 'public' AND tablename <> ALL (@Common) AND cmd <> 'INSERT' AND qual NOT LIKE '%bridge.authority%'
            """,
            new { Common });
        Assert.Empty(leaky);
    }

    [PostgresFact]
    public async Task A_query_without_a_where_shows_own_rows_alone()
    {
        await FillAsync();
        using var owner = server.Connect();
        await using var sql = await server.Database.Open().OpenAsync(Scope.Of("first"), CancellationToken.None);
        foreach (var (table, column) in Owned(owner))
        {
            var own = column == "authority_id" ? "authority_id = 'first'" : "case_id IN (SELECT case_id FROM cases WHERE authority_id = 'first')";
            var there = owner.QuerySingle<(long All, long Own)>($"SELECT COUNT(*), COUNT(*) FILTER (WHERE {own}) FROM {table}");
            Assert.Equal((table, there.Own), (table, await sql.GetAsync<long>($"SELECT COUNT(*) FROM {table}")));
            Assert.Equal((table, 0), (table, await sql.GetAsync<long>($"SELECT COUNT(*) FROM {table} WHERE NOT ({own})")));
        }

        // The test would show nothing if the other authority had nothing.
        foreach (var table in new[] { "cases", "timeline", "applications", "files", "receipts", "requests", "outbox", "api_keys" })
            Assert.True(owner.QuerySingle<long>($"SELECT COUNT(*) FROM {table}") > await sql.GetAsync<long>($"SELECT COUNT(*) FROM {table}"), table);
        Assert.Equal(1, await sql.GetAsync<long>("SELECT COUNT(*) FROM blobs"));
        Assert.Equal(2, owner.QuerySingle<long>("SELECT COUNT(*) FROM blobs"));
    }

    [PostgresFact]
    public async Task Who_says_nothing_of_whom_it_acts_for_sees_nothing()
    {
        await FillAsync();
        using var owner = server.Connect();
        await using var connection = new NpgsqlConnection(server.Database.Settings["ConnectionStrings:Bridge"] + ";Maximum Pool Size=1");
        var scoped = new Sql(SqlDialect.Postgres, Scope.Everyone, connection, null, null, CancellationToken.None);
        await connection.OpenAsync();
        Assert.NotEqual(0, await scoped.GetAsync<long>("SELECT COUNT(*) FROM cases"));

        // The connection was used for another before: nothing of that is left.
        foreach (var table in Tables(owner).Except(Common))
            Assert.Equal((table, 0), (table, await connection.QuerySingleAsync<long>($"SELECT COUNT(*) FROM {table}")));
    }

    [PostgresFact]
    public async Task What_is_anothers_cannot_be_written()
    {
        await FillAsync();
        using var owner = server.Connect();
        var theirs = owner.QuerySingle<string>("SELECT case_id FROM cases WHERE authority_id = 'second'");
        Assert.Equal(0, await WriteAsync("UPDATE cases SET summary = 'x' WHERE case_id = @theirs", theirs));
        Assert.Equal(0, await WriteAsync("DELETE FROM timeline WHERE case_id = @theirs", theirs));
        foreach (var statement in new[]
        {
            "UPDATE cases SET authority_id = 'second' WHERE authority_id = 'first'",
            "INSERT INTO applications (case_id, form) SELECT @theirs, ''::bytea",
            "INSERT INTO receipts (authority_id, number, case_id, content) VALUES ('second', 99, @theirs, ''::bytea)",
            "INSERT INTO api_keys (key_hash, authority_id, created_at) VALUES ('k', 'second', 0)",
            "INSERT INTO leases (name, owner, leased_until) VALUES ('any', 'me', 1)",
            "INSERT INTO migrations (name) VALUES ('any')",
        })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => WriteAsync(statement, theirs));
            Assert.Equal((statement, PostgresErrorCodes.InsufficientPrivilege), (statement, refused.SqlState));
        }
    }

    private static IEnumerable<string> Tables(DbConnection owner) =>
        owner.Query<string>("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");

    private static IEnumerable<(string Table, string Column)> Owned(DbConnection owner) => owner.Query<(string, string)>(
        """
        SELECT DISTINCT ON (table_name) table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name IN ('authority_id', 'case_id') ORDER BY table_name, column_name
        """);

    private async Task FillAsync()
    {
        await server.First.FollowAsync("straight_through");
        await server.Second.FollowAsync("manual");
        var ours = (await server.First.ApplyAsync()).CaseId;
        await server.Second.UploadAsync(SampleFiles.PdfOf(5000));
        await server.Second.ApplyAsync();
        await server.First.UntilAsync(ours, Stage.Questionnaire, Status.Pending);
    }

    private Task<int> WriteAsync(string statement, string theirs) => server.Database.Open().WriteAsync(
        Scope.Of("first"), sql => sql.ExecuteAsync(statement, new { theirs }), CancellationToken.None);
}
