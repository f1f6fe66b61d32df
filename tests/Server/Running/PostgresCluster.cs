using Npgsql;

namespace SingleWindowBridge.Tests.Running;

/// <summary>
/// The private PostgreSQL cluster of a test run (eng/postgres.sh): a new database for whoever asks, owned by one role and served by
/// another, as in production.
/// </summary>
public static class PostgresCluster
{
    private const string Owner = "bridge_owner";
    private const string Server = "bridge_server";

    private static readonly SemaphoreSlim Turn = new(1, 1);
    private static bool roles;
    private static int made;

    /// <summary>Whether the tests are to run on PostgreSQL, as BRIDGE_TEST_ENGINE says; else on SQLite.</summary>
    public static bool IsUsed => Environment.GetEnvironmentVariable("BRIDGE_TEST_ENGINE") == "postgres";

    /// <summary>The role that the servers have.</summary>
    public static string ServerRole => Server;

    /// <summary>Makes a database and gives its name.</summary>
    /// <param name="template">A database that it is to be a copy of; null for an empty one.</param>
    public static async Task<string> CreateAsync(string? template = null)
    {
        await using var connection = new NpgsqlConnection(Superuser("postgres"));
        await connection.OpenAsync();
        await MakeRolesAsync(connection);
        var name = $"bridge_{Environment.ProcessId}_{Interlocked.Increment(ref made)}";
        for (var tries = 1; ; tries++)
        {
            try
            {
                await ExecuteAsync(connection, $"CREATE DATABASE {name} OWNER {Owner}" + (template is null ? "" : $" TEMPLATE {template}"));
                return name;
            }
            catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.ObjectInUse && tries < 10)
            {
                // Somebody is in the template still, be it the engine itself; it has waited for them already.
            }
        }
    }

    /// <summary>Removes a database, whoever is in it.</summary>
    public static async Task DropAsync(string database)
    {
        await using var connection = new NpgsqlConnection(Superuser("postgres"));
        await connection.OpenAsync();
        await ExecuteAsync(connection, $"DROP DATABASE {database} WITH (FORCE)");
    }

    /// <summary>The settings of a server on a database.</summary>
    public static Dictionary<string, string?> Settings(string database) => new()
    {
        ["ConnectionStrings:Bridge"] = As(Server, database),
        ["ConnectionStrings:BridgeOwner"] = As(Owner, database),
    };

    /// <summary>Connects as the server does.</summary>
    public static string AsServer(string database) => As(Server, database);

    /// <summary>Connects as the owner of the tables, whom the fence does not hold.</summary>
    public static string AsOwner(string database) => As(Owner, database) + ";Pooling=false";

    /// <summary>Lets nobody into a database, and throws out who is in; or lets them in again.</summary>
    public static void Close(string database, bool closed)
    {
        using var connection = new NpgsqlConnection(Superuser("postgres"));
        connection.Open();
        using var command = new NpgsqlCommand(
            $"""
            ALTER DATABASE {database} ALLOW_CONNECTIONS {!closed};
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}' AND {closed}
            """,
            connection);
        command.ExecuteNonQuery();
    }

    private static async Task MakeRolesAsync(NpgsqlConnection connection)
    {
        await Turn.WaitAsync();
        try
        {
            if (roles)
                return;

            // Another process of the run may be at it.
            foreach (var role in new[] { Owner, Server })
            {
                await ExecuteAsync(
                    connection,
                    $"DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$");
            }

            roles = true;
        }
        finally
        {
            Turn.Release();
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text)
    {
        // A database is made and dropped with a checkpoint, which takes as long as the disk has other work.
        await using var command = new NpgsqlCommand(text, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private static string Superuser(string database) => new NpgsqlConnectionStringBuilder(
        Environment.GetEnvironmentVariable("BRIDGE_TEST_POSTGRES")
        ?? throw new InvalidOperationException("BRIDGE_TEST_POSTGRES must name a PostgreSQL cluster; see eng/postgres.sh."))
    {
        Database = database, Pooling = false,
    }.ToString();

    private static string As(string role, string database) =>
        new NpgsqlConnectionStringBuilder(Superuser(database)) { Username = role, Pooling = true }.ToString();
}
