using System.Data.Common;
using Dapper;
using Npgsql;
using SingleWindowBridge.Server.Tls;

namespace SingleWindowBridge.Server.Storage;

/// <summary>Brings a PostgreSQL database up to date as its owner, and checks it as the server's role.</summary>
public static class PostgresSetup
{
    // Any number that no other program locks in this database.
    private const long MigrationLock = 0x53574252;

    /// <summary>
    /// Applies what is missing, in one transaction under a lock, so that several servers may start at once; then lets the server's
    /// role read and write.
    /// </summary>
    /// <param name="connectionString">The database, with the role that is to own the tables.</param>
    /// <param name="serverRole">The role of the server.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="between">Puts something between the bridge and a connection not yet open, which may fail its calls; null for nothing.</param>
    /// <returns>The number of migrations applied.</returns>
    public static async Task<int> MigrateAsync(
        string connectionString, string serverRole, CancellationToken cancellationToken, Func<DbConnection, DbConnection>? between = null)
    {
        var driver = new NpgsqlConnection(connectionString);
        await using var connection = between?.Invoke(driver) ?? driver;
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@MigrationLock)", new { MigrationLock }, transaction);
        await using var sql = new Sql(
            SqlDialect.Postgres with { Fence = null }, Scope.Everyone, connection, transaction, null, cancellationToken);
        var applied = await Migrations.ApplyAsync(sql, "postgres");
        if (await IsToBeGrantedAsync(sql, serverRole, applied > 0))
            await GrantAsync(sql, serverRole);
        await transaction.CommitAsync(cancellationToken);
        return applied;
    }

    /// <summary>Refuses a database that may lose a commit, whose tables are not up to date, or whose fence the role stands above.</summary>
    /// <exception cref="InvalidOperationException">Names the setting and the cure.</exception>
    public static async Task CheckAsync(DbConnection connection, bool allowUnsafe, ILogger logger, CancellationToken cancellationToken)
    {
        await using var sql = new Sql(
            SqlDialect.Postgres with { Fence = null }, Scope.Everyone, connection, null, null, cancellationToken);
        await CheckMigrationsAsync(sql);
        foreach (var fault in await UnsafeAsync(sql))
        {
            if (!allowUnsafe)
                throw new InvalidOperationException($"{fault} To serve all the same, set Bridge:AllowUnsafeDatabase to true.");
            logger.LogWarning("Serving all the same, as Bridge:AllowUnsafeDatabase says: {Fault}", fault);
        }
    }

    /// <summary>
    /// Refuses a way to the database over a network on which others could read or change what goes there, or pose as the database: the
    /// driver by itself takes TLS where it is offered, checks no certificate, and goes on without.
    /// </summary>
    /// <param name="setting">The setting, such as ConnectionStrings:Bridge.</param>
    /// <param name="connectionString">Its value.</param>
    /// <param name="allowUnsafe">Tell of it and go on.</param>
    /// <param name="tell">Takes what is told.</param>
    /// <exception cref="InvalidOperationException">Names the setting and the cure.</exception>
    public static void CheckWay(string setting, string connectionString, bool allowUnsafe, Action<string> tell)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (settings.SslMode is SslMode.VerifyFull or SslMode.VerifyCA
            || (settings.Host ?? "").Split(',').FirstOrDefault(host => !IsLocal(host.Trim())) is not { } remote)
        {
            return;
        }

        var fault = $"{setting} goes to {remote.Trim()} with SSL Mode={settings.SslMode}, so others on the way could read keys and documents, or pose as "
            + "the database. Add SSL Mode=VerifyFull, and Root Certificate=(file) where its authority is not one that this machine trusts.";
        if (!allowUnsafe)
            throw new InvalidOperationException($"{fault} To go on all the same, set Bridge:AllowUnsafeDatabase to true.");
        tell(fault);
    }

    // No host is refused by the driver; a path is a socket of this machine.
    private static bool IsLocal(string host)
    {
        if (host.Length == 0 || host[0] is '/' or '@')
            return true;

        var name = host[0] == '[' ? host[1..].Split(']')[0] : host.Count(character => character == ':') == 1 ? host.Split(':')[0] : host;
        return Loopback.Is(name);
    }

    private static async Task CheckMigrationsAsync(Sql sql)
    {
        var there = await sql.GetAsync<bool>("SELECT to_regclass('migrations') IS NOT NULL");
        var applied = there ? await sql.ListAsync<string>("SELECT name FROM migrations") : [];
        var missing = Migrations.Names("postgres").Except(applied).ToList();
        if (missing.Count > 0)
        {
            throw new InvalidOperationException(
                $"The database lacks {string.Join(", ", missing)}. Start the server with ConnectionStrings:BridgeOwner, the role that "
                + "owns the tables, or run it once with the word migrate.");
        }
    }

    private static async Task<IReadOnlyList<string>> UnsafeAsync(Sql sql)
    {
        var faults = new List<string>();
        var settings = await sql.ListAsync<(string Name, string Value)>(
            "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name");
        foreach (var (name, value) in settings.Where(setting => setting.Value == "off"))
        {
            faults.Add($"PostgreSQL runs with {name} = off, so a change that was acknowledged may be lost. Set {name} = on "
                + "in postgresql.conf, or for the role or database that overrides it, and reload.");
        }

        var (role, above, owns) = await sql.GetAsync<(string, bool, bool)>(
            """
            SELECT CAST(current_user AS TEXT), rolsuper OR rolbypassrls, EXISTS (
                SELECT FROM pg_class WHERE oid = to_regclass('cases') AND pg_has_role(current_user, relowner, 'USAGE'))
            FROM pg_roles WHERE rolname = current_user
            """);
        if (above || owns)
        {
            faults.Add($"The role {role} in ConnectionStrings:Bridge {(above ? "is a superuser or has BYPASSRLS" : "owns the tables")}, "
                + "so row-level security does not hold it. Make a role of its own for the server and give it here; the owner goes into "
                + "ConnectionStrings:BridgeOwner.");
        }

        return faults;
    }

    private static Task<bool> IsToBeGrantedAsync(Sql sql, string role, bool changed) => sql.GetAsync<bool>(
        "SELECT CAST(current_user AS TEXT) <> @role AND (@changed OR NOT has_table_privilege(@role, 'cases', 'DELETE'))",
        new { role, changed });

    private static async Task GrantAsync(Sql sql, string role)
    {
        var quoted = new NpgsqlCommandBuilder().QuoteIdentifier(role);
        var schema = new NpgsqlCommandBuilder().QuoteIdentifier(await sql.GetAsync<string>("SELECT CAST(current_schema AS TEXT)"));
        await sql.ExecuteAsync(
            $"""
            GRANT USAGE ON SCHEMA {schema} TO {quoted};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {quoted};
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {quoted};
            REVOKE INSERT, UPDATE, DELETE ON migrations, counters FROM {quoted};
            REVOKE UPDATE, DELETE ON audit, signing_keys FROM {quoted};
            """);
    }
}
