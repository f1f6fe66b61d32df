using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>A database of a test's own, on the engine of the run.</summary>
public sealed class TestDatabase
{
    // Migrated once; the databases of the tests are copies of it.
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);

    private readonly string folder;
    private string name = "";

    /// <summary>Plans a database; a SQLite file lies in the folder.</summary>
    public TestDatabase(string folder) => this.folder = folder;

    /// <summary>Whether the engine is PostgreSQL.</summary>
    public static bool IsPostgres => PostgresCluster.IsUsed;

    /// <summary>The settings of a server on it.</summary>
    public Dictionary<string, string?> Settings =>
        IsPostgres ? PostgresCluster.Settings(name) : new() { ["Bridge:Database"] = FilePath };

    private string FilePath => Path.Combine(folder, "bridge.db");

    /// <summary>Makes it, if it was not made before.</summary>
    public async Task MakeAsync()
    {
        if (IsPostgres && name.Length == 0)
            name = await PostgresCluster.CreateAsync(await Template.Value);
    }

    /// <summary>Makes it without a table.</summary>
    public async Task MakeEmptyAsync()
    {
        if (IsPostgres)
            name = await PostgresCluster.CreateAsync();
    }

    /// <summary>Opens it as a server does.</summary>
    /// <param name="between">What stands between the bridge and each connection; null for nothing.</param>
    public IBridgeDatabase Open(Func<DbConnection, DbConnection>? between = null) => IsPostgres
        ? new PostgresDatabase(
            PostgresCluster.AsServer(name), PostgresCluster.AsOwner(name), allowUnsafe: false, NullLoggerFactory.Instance, between: between)
        : new SqliteDatabase(FilePath, between);

    /// <summary>A connection of the test's own, which no fence holds.</summary>
    public DbConnection Connect()
    {
        DbConnection connection = IsPostgres
            ? new NpgsqlConnection(PostgresCluster.AsOwner(name))
            : new SqliteConnection($"Data Source={FilePath};Default Timeout=20;Pooling=False");
        connection.Open();
        return connection;
    }

    /// <summary>Removes it from the cluster; a SQLite file goes with its folder.</summary>
    public async Task DropAsync()
    {
        if (IsPostgres && name.Length > 0)
            await PostgresCluster.DropAsync(name);
    }

    /// <summary>Keeps every write of others waiting until disposed; they read on.</summary>
    public IDisposable LockWrites()
    {
        var connection = Connect();
        if (IsPostgres)
        {
            connection.Execute("BEGIN TRANSACTION");
            connection.Execute(connection.QuerySingle<string>(
                "SELECT 'LOCK TABLE ' || string_agg(tablename, ', ') || ' IN EXCLUSIVE MODE' FROM pg_tables WHERE schemaname = 'public'"));
        }
        else
        {
            connection.Execute("BEGIN IMMEDIATE");
        }

        return connection;
    }

    /// <summary>Puts it out of reach, so that nothing can be opened there.</summary>
    public void Hide()
    {
        if (IsPostgres)
        {
            PostgresCluster.Close(name, closed: true);
            return;
        }

        SqliteConnection.ClearAllPools();
        File.Move(FilePath, FilePath + ".away");
        while (!Directory.Exists(FilePath))
        {
            foreach (var end in new[] { "-wal", "-shm" }.Where(end => File.Exists(FilePath + end) && !File.Exists(FilePath + ".away" + end)))
                Try(() => File.Move(FilePath + end, FilePath + ".away" + end));

            // Whoever opens it meanwhile makes it anew.
            Try(() => File.Delete(FilePath));
            Try(() => Directory.CreateDirectory(FilePath));
        }

        SqliteConnection.ClearAllPools();
    }

    /// <summary>Brings it back as it was.</summary>
    public void Show()
    {
        if (IsPostgres)
        {
            PostgresCluster.Close(name, closed: false);
            return;
        }

        foreach (var end in new[] { "-wal", "-shm" }.Where(end => File.Exists(FilePath + ".away" + end)))
            File.Move(FilePath + ".away" + end, FilePath + end, overwrite: true);
        Directory.Delete(FilePath);
        File.Move(FilePath + ".away", FilePath, overwrite: true);
    }

    private static void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another was quicker; it is looked at again.
        }
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var name = await PostgresCluster.CreateAsync();
        await PostgresSetup.MigrateAsync(PostgresCluster.AsOwner(name), PostgresCluster.ServerRole, CancellationToken.None);
        return name;
    }
}
