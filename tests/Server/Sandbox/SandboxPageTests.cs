using System.Collections.Concurrent;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Server.Tests.Sandbox.Paths;

namespace SingleWindowBridge.Server.Tests.Sandbox;

/// <summary>docs/sandbox.md says how to get everywhere: it is whole, and what it says is so.</summary>
public sealed class SandboxPageTests
{
    private const int Accounts = 4;

    [Fact]
    public void Every_stage_and_status_of_the_workflow_has_a_row() => Assert.Equal(
        Edge.All.Select(edge => edge.From.Replace(" declined", "", StringComparison.Ordinal)).Where(from => from != "-")
            .Append("COMPLETED APPROVED").Append("COMPLETED REJECTED").Concat(Ends).Distinct().Order(),
        SandboxPage.Places.Select(row => $"{row.Stage} {row.Status}").Order());

    [Fact]
    public void Every_error_reason_has_a_row() => Assert.Equal(
        Enum.GetValues<ErrorReason>().Where(reason => reason != ErrorReason.Unspecified), SandboxPage.Errors.Select(row => row.Reason));

    [Fact]
    public async Task Every_row_brings_a_case_there_and_holds_it_there()
    {
        // Where a case is to stay DECLARED, the pause after a refusal is as long as it is to stay.
        await Task.WhenAll(
            RunAsync(row => row.Status != "DECLARED", []),
            RunAsync(row => row.Status == "DECLARED", new() { ["Delivery:FirstPause"] = "01:00:00", ["Delivery:LongestPause"] = "01:00:00" }));
    }

    [Fact]
    public async Task Every_scenario_that_is_named_leads_where_the_table_says()
    {
        var server = new BridgeServer();
        await server.InitializeAsync();
        try
        {
            foreach (var scenario in SandboxPage.Places.Where(row => row.Scenario.Length > 0).GroupBy(row => row.Scenario))
            {
                await server.First.FollowAsync(scenario.Key);
                var office = new BackOffice(server);
                await office.SeeThroughAsync(withSignatories: scenario.Key == "with_signatories");
                var seen = office.Seen.Select(it => $"{WireNames.Of(it.Stage)} {WireNames.Of(it.Status)}").ToHashSet();

                // The bridge's own word that it has sent may be overtaken by Customs'.
                Assert.All(scenario.Where(row => row.Status != "SENT"), row => Assert.Contains($"{row.Stage} {row.Status}", seen));
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static readonly string[] Ends = ["APPLICATION NOT_ACCEPTED", "QUESTIONNAIRE NOT_ACCEPTED"];

    private static async Task RunAsync(
        Func<(string Stage, string Status, string Scenario, IReadOnlyList<string> Steps), bool> which, Dictionary<string, string?> settings)
    {
        var rows = new ConcurrentQueue<(string Stage, string Status, string Scenario, IReadOnlyList<string> Steps)>(SandboxPage.Places.Where(which));
        Assert.NotEmpty(rows);
        var server = new BridgeServer();
        for (var index = 0; index < Accounts; index++)
        {
            server.Settings[$"Sandbox:Accounts:{index + 2}:Id"] = $"reader-{index}";
            server.Settings[$"Sandbox:Accounts:{index + 2}:Country"] = "NZ";
            server.Settings[$"Sandbox:Accounts:{index + 2}:Key"] = $"reader-{index}-key-of-the-tests";
            server.Settings[$"Sandbox:Accounts:{index + 2}:CategoryScope:0"] = "FROZEN_FRUIT";
        }

        // As a server is that nobody has set, but for the pauses.
        server.Settings["Delivery:Attempts"] = "5";
        foreach (var (name, value) in settings)
            server.Settings[name] = value;
        await server.InitializeAsync();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Accounts).Select(async index =>
            {
                var us = server.Caller($"reader-{index}-key-of-the-tests");
                while (rows.TryDequeue(out var row))
                {
                    var steps = new PageSteps(us);
                    try
                    {
                        await steps.DoAsync(row.Steps);
                        await us.UntilAsync(steps.CaseId, WireNames.Parse<Stage>(row.Stage), WireNames.Parse<Status>(row.Status));
                    }
                    catch (Exception failure)
                    {
                        throw new InvalidOperationException($"{row.Stage} {row.Status}: {string.Join(", ", row.Steps)}", failure);
                    }
                }
            }));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
