using Dapper;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Tests.Running;
using Xunit.Abstractions;

namespace SingleWindowBridge.Faults.Database;

/// <summary>
/// A server starts on a database without a table, and then on another for each call of the database that it made until it served, with
/// that one failing: before its effect, and after it. Where it does not serve it is started again. The tables, what the server's role
/// may do with them, and what is in them must be as they are where nothing fails.
/// </summary>
public sealed class DatabaseFaultsAtStartTests(ITestOutputHelper output)
{
    private static readonly string[] Tables = TestDatabase.IsPostgres
        ?
        [
            "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default, is_identity) FROM information_schema.columns WHERE table_schema = 'public'",
            "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT concat_ws(' ', tablename, policyname, roles, cmd, qual, with_check) FROM pg_policies",
            "SELECT concat_ws(' ', relname, relrowsecurity, relforcerowsecurity, relacl) FROM pg_class WHERE relnamespace = 'public'::regnamespace",
            "SELECT concat_ws(' ', tgrelid::regclass, tgname, pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        ]
        : ["SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_master"];

    private readonly Trials trials = new(output);

    /// <summary>The long form tries every call; the short form some, the same in every run.</summary>
    [Fact]
    public async Task What_a_start_leaves_is_the_same_whichever_call_of_the_database_fails()
    {
        var (expected, counts) = await StartAsync(null);
        foreach (var target in Targets.Of(counts, FaultedServer.Failures().Kinds))
        {
            var (outcome, _) = await StartAsync(target);
            if (outcome.Count > 0)
                trials.Compare(target, expected, outcome, "");
        }

        trials.Settle(counts);
    }

    // Nothing where the call did not come, or the server cannot be started again.
    private async Task<(IReadOnlyList<string> Outcome, IReadOnlyDictionary<string, int> Counts)> StartAsync(Target? target)
    {
        var server = new FaultedServer();
        await server.Store.MakeEmptyAsync();
        server.Plan.Arm(target);
        try
        {
            await StartUntilItServesAsync(server);
            var counts = server.Plan.Disarm();
            if (target is null)
                return (await LeftAsync(server), counts);
            if (!server.Plan.Failed)
            {
                trials.NotMet();
                return ([], counts);
            }

            trials.Failed(target);
            return (await LeftAsync(server), counts);
        }
        catch (Exception failure) when (target is not null)
        {
            trials.Failed(target);
            trials.Lose($"{target}\n{failure}\n{server.TakeLog()}");
            return ([], new Dictionary<string, int>());
        }
        finally
        {
            await server.EndAsync();
        }
    }

    private static async Task StartUntilItServesAsync(FaultedServer server)
    {
        try
        {
            await server.StartAsync();
        }
        catch (Exception) when (server.Plan.Failed)
        {
            await server.StartAsync();
        }
    }

    private static async Task<IReadOnlyList<string>> LeftAsync(FaultedServer server)
    {
        var own = server.Own;
        var lines = new List<string>();
        foreach (var query in Tables)
            lines.AddRange((await own.QueryAsync<string>(query)).Order(StringComparer.Ordinal));
        var names = await own.QueryAsync<string>(TestDatabase.IsPostgres
            ? "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            : "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1");

        // Who does the background work is settled after the start.
        foreach (var name in names.Where(name => name != "leases"))
            lines.Add($"{name}: {await own.QuerySingleAsync<long>($"SELECT COUNT(*) FROM {name}")} rows");
        lines.AddRange(await own.QueryAsync<string>("SELECT actor || ' ' || action || ' ' || outcome FROM audit ORDER BY authority_id, number"));
        lines.AddRange(await own.QueryAsync<string>("SELECT name FROM migrations ORDER BY name"));
        return [.. lines.Select(line => line.Replace(server.Signer.Id, "the key", StringComparison.Ordinal))];
    }
}
