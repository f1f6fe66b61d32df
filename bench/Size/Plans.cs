using Npgsql;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Bench.Size;

/// <summary>Shows how the engine answers the statements, as it says itself (auto_explain), with row-level security in force.</summary>
internal static class Plans
{
    public static async Task ShowAsync(string superuser, string server, Queries queries)
    {
        await using (var connection = new NpgsqlConnection(superuser))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(
                """
                ALTER ROLE bridge_server SET session_preload_libraries = 'auto_explain';
                ALTER ROLE bridge_server SET auto_explain.log_min_duration = 0;
                ALTER ROLE bridge_server SET auto_explain.log_analyze = on;
                ALTER ROLE bridge_server SET auto_explain.log_buffers = on;
                """,
                connection);
            await command.ExecuteNonQueryAsync();
        }

        var target = queries.Largest;
        foreach (var query in queries.All)
        {
            Console.WriteLine($"-- {query.Name}");
            await using var connection = new NpgsqlConnection(server + ";Pooling=false;Include Error Detail=true;Options=-c client_min_messages=log");
            await connection.OpenAsync();
            connection.Notice += (_, told) =>
            {
                // The plans of act_for itself are left out.
                if (!told.Notice.MessageText.Contains("set_config(", StringComparison.Ordinal))
                    Console.WriteLine(string.Join('\n', told.Notice.MessageText.Split('\n').Where(line => line.Trim().Length > 0)));
            };
            await using var sql = new Sql(SqlDialect.Postgres, Scope.Of(target.AuthorityId), connection, null, null, CancellationToken.None);
            await query.Run(sql, target);
            Console.WriteLine();
        }
    }
}
