using System.Collections.Concurrent;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Sandbox.Paths;

/// <summary>
/// Every step of the workflow table, for both kinds of case, is made by a real case at the real sandbox. What Customs does of itself is a
/// named scenario's; what needs a fault on the way is done by hand.
/// </summary>
public sealed class PathTests
{
    private const int Walkers = 4;

    // What a case goes through where its authority first saves.
    private static readonly string[] WithDrafts = ["straight_through", "receive_failed", "rectification_receive_failed", "corrected_at_once"];

    private static readonly string[] WithRefusals = ["straight_through", "receive_failed", "send_failed"];

    [Fact]
    public async Task Every_step_of_the_workflow_is_made_at_the_sandbox()
    {
        var named = await WalkAllAsync();
        var byHand = (await Task.WhenAll(TourAsync(Status.Declared), TourAsync(Status.SendFailed))).SelectMany(gone => gone).ToHashSet();

        // After SEND_FAILED nothing is under way any more that could still be handed over: the row is for links whose far end can take
        // a message after the bridge has given up on it.
        var expected = Edge.All.Where(edge => !(edge.Event == CaseEvent.Sent && edge.From.Contains("SEND_FAILED", StringComparison.Ordinal))).ToHashSet();
        Assert.Empty(expected.Except(byHand).Except(named.Values.SelectMany(steps => steps)).Order(ByName));
        Assert.Empty(named.Values.SelectMany(steps => steps).Concat(byHand).Except(expected).Order(ByName));

        // What Customs does with a submission that it has, it does in a scenario.
        var ofCustoms = expected.Where(IsDecision).ToHashSet();
        Assert.Empty(ofCustoms.Except(named.Values.SelectMany(steps => steps)).Order(ByName));

        // And the page says in which.
        var page = SandboxPage.Acts;
        Assert.Equal(
            ofCustoms.Select(edge => $"{edge.From} {edge.Event}").Distinct().Order(StringComparer.Ordinal),
            page.Select(row => $"{row.From} {row.Act}").Order(StringComparer.Ordinal));
        foreach (var (from, act, scenarios) in page)
        {
            var seen = ofCustoms.Where(edge => edge.From == from && edge.Event == act).ToDictionary(
                edge => edge, edge => scenarios.Where(scenario => named.GetValueOrDefault((scenario, edge.Kind))?.Contains(edge) == true).ToList());
            Assert.All(seen, it => Assert.NotEmpty(it.Value));
            Assert.Equal(scenarios.Order(), seen.Values.SelectMany(of => of).Distinct().Order());
        }
    }

    private static readonly Comparer<Edge> ByName = Comparer<Edge>.Create((a, b) => string.CompareOrdinal($"{a}", $"{b}"));

    private static bool IsDecision(Edge edge) => edge.Actor == Actor.Customs && edge.From != "-" && !edge.From.Contains("declined", StringComparison.Ordinal)
        && !edge.From.Contains("DECLARED", StringComparison.Ordinal) && !edge.From.Contains("SEND_FAILED", StringComparison.Ordinal);

    private static BridgeServer NewServer(Dictionary<string, string?> settings)
    {
        var server = new BridgeServer();
        for (var index = 0; index < Walkers; index++)
        {
            server.Settings[$"Sandbox:Accounts:{index + 2}:Id"] = $"walker-{index}";
            server.Settings[$"Sandbox:Accounts:{index + 2}:Country"] = "NZ";
            server.Settings[$"Sandbox:Accounts:{index + 2}:Key"] = $"walker-{index}-key-of-the-tests";
            server.Settings[$"Sandbox:Accounts:{index + 2}:CategoryScope:0"] = "FROZEN_FRUIT";
        }

        foreach (var (name, value) in settings)
            server.Settings[name] = value;
        return server;
    }

    // Every named scenario for both kinds of case, shared out among accounts.
    private static async Task<Dictionary<(string Scenario, CaseKind Kind), HashSet<Edge>>> WalkAllAsync()
    {
        var walks = new ConcurrentQueue<(string Scenario, CaseKind Kind, bool Drafts, bool Declines)>(
        [
            .. from scenario in Scenarios.All.Select(it => it.Name).Where(it => it != "manual")
               from kind in new[] { CaseKind.Assessment, CaseKind.Review }
               where kind == CaseKind.Assessment || !scenario.StartsWith("application", StringComparison.Ordinal)
               select (scenario, kind, false, false),
            .. from scenario in WithDrafts
               from kind in new[] { CaseKind.Assessment, CaseKind.Review }
               select (scenario, kind, true, false),
            .. WithRefusals.Select(scenario => (scenario, CaseKind.Review, false, true)),
        ]);
        var found = new ConcurrentDictionary<(string, CaseKind), ConcurrentBag<Edge>>();
        var server = NewServer([]);
        await server.InitializeAsync();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Walkers).Select(async index =>
            {
                var walker = new Walker(server, server.Caller($"walker-{index}-key-of-the-tests"));
                await walker.BeginAsync();
                while (walks.TryDequeue(out var walk))
                {
                    foreach (var step in await walker.WalkAsync(walk.Scenario, walk.Kind, walk.Drafts, walk.Declines))
                        found.GetOrAdd((walk.Scenario, walk.Kind), _ => []).Add(step);
                }
            }));
        }
        finally
        {
            await server.DisposeAsync();
        }

        return found.ToDictionary(it => it.Key, it => it.Value.ToHashSet());
    }

    private static async Task<IReadOnlySet<Edge>> TourAsync(Status refused)
    {
        var server = NewServer(new()
        {
            ["Delivery:Attempts"] = refused == Status.SendFailed ? "1" : "2",
            ["Delivery:FirstPause"] = "01:00:00",
            ["Delivery:LongestPause"] = "01:00:00",
        });
        await server.InitializeAsync();
        try
        {
            var walker = new Walker(server, server.First);
            await walker.BeginAsync();
            var tour = new Tour(walker, refused);
            await tour.GoAsync(CaseKind.Assessment);
            await tour.GoAsync(CaseKind.Review);
            await tour.DeclineAsync();

            // A draft that is dropped has no history to tell of it.
            var dropped = await server.First.DraftAsync();
            await walker.DoAsync(dropped.CaseId, CaseEvent.Discard);
            (await Refusal.OfAsync(() => server.First.GetAsync(dropped.CaseId))).Is(global::Grpc.Core.StatusCode.NotFound, ErrorReason.CaseNotFound);
            walker.Gone.Add(new Edge(CaseKind.Assessment, "APPLICATION DRAFT", Actor.Authority, CaseEvent.Discard));
            return walker.Gone;
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
