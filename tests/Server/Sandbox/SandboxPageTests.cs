using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Sandbox;

/// <summary>docs/sandbox.md says how to get everywhere: it is whole, and what it says is so.</summary>
public sealed class SandboxPageTests
{
    private static readonly string[][] Rows =
    [
        .. File.ReadLines(Path.Combine(Root(), "docs", "sandbox.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | ")),
    ];

    [Fact]
    public void Every_stage_and_status_of_the_workflow_has_a_row()
    {
        var pairs = new HashSet<string>();
        var open = new Queue<CasePosition>([CasePosition.NoAssessment, CasePosition.NoReview]);
        var seen = new HashSet<CasePosition>();
        while (open.TryDequeue(out var at))
        {
            foreach (var row in Server.Cases.Workflow.Transitions.Where(row => row.Fits(at)))
            {
                var (stage, status) = row.From(at);
                foreach (var declined in new[] { false, true })
                {
                    var next = at with { Stage = stage, Status = status, Declined = declined, Submitted = true };
                    if (next.Exists && seen.Add(next))
                        open.Enqueue(next);
                }

                if (stage != Stage.Unspecified)
                    pairs.Add($"{WireNames.Of(stage)} {WireNames.Of(status)}");
            }
        }

        Assert.Equal(pairs.Order(), Rows.Where(IsPlace).Select(row => $"{row[0]} {row[1]}").Order());
    }

    [Fact]
    public void Every_error_reason_has_a_row() => Assert.Equal(
        Enum.GetValues<ErrorReason>().Where(reason => reason != ErrorReason.Unspecified).Select(WireNames.Of),
        Rows.Where(row => row.Length == 2 && row[0].All(letter => char.IsAsciiLetterUpper(letter) || letter == '_')).Select(row => row[0]));

    [Fact]
    public async Task Every_scenario_that_is_named_leads_where_the_table_says()
    {
        var server = new BridgeServer();
        await server.InitializeAsync();
        try
        {
            var named = Rows.Where(row => IsPlace(row) && row[2].StartsWith('`')).ToList();
            foreach (var scenario in named.GroupBy(row => row[2].Trim('`')))
            {
                await server.First.FollowAsync(scenario.Key);
                var office = new BackOffice(server);
                await office.SeeThroughAsync(withSignatories: scenario.Key == "with_signatories");
                var seen = office.Seen.Select(it => $"{WireNames.Of(it.Stage)} {WireNames.Of(it.Status)}").ToHashSet();

                // The bridge's own word that it has sent may be overtaken by Customs'.
                Assert.All(scenario.Where(row => row[1] != "SENT"), row => Assert.Contains($"{row[0]} {row[1]}", seen));
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static bool IsPlace(string[] row) => row.Length == 4 && Enum.GetValues<Stage>().Any(stage => WireNames.Of(stage) == row[0]);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SingleWindowBridge.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
