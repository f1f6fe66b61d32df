using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindow.Tests.Simulation;

/// <summary>What the people and the weather of a seed do.</summary>
internal sealed class Play(Simulation simulation, Ground ground, Random random)
{
    private const int MostRounds = 400;

    private static readonly string[] Chosen = [.. Scenarios.All.Select(scenario => scenario.Name).Where(name => name != Preparation.Scenario)];
    private static readonly int[] Delays = [0, 50, 500, 4_000];

    private static readonly CaseEvent[] ActsByHand =
    [
        CaseEvent.Received, CaseEvent.ReceiveFailed, CaseEvent.Accept, CaseEvent.NotAccept, CaseEvent.RequireCorrection, CaseEvent.Approve,
        CaseEvent.ApproveAssessment, CaseEvent.OpenQuestionnaire, CaseEvent.RequireRectification, CaseEvent.OpenRound,
        CaseEvent.CompleteNegotiation, CaseEvent.PublishProtocol, CaseEvent.PublishAnnouncement, CaseEvent.ConfirmCertificate,
        CaseEvent.Close, CaseEvent.Reject,
    ];

    private readonly Dictionary<string, string> scenarios = [];
    private readonly Dictionary<string, int> misread = [];
    private readonly HashSet<string> taking = [];
    private readonly int mostCases = random.Next(1, 4);
    private int begun;

    /// <summary>Plays it to the end, and compares.</summary>
    /// <exception cref="BreachException">An invariant does not hold.</exception>
    public void Run()
    {
        Arrange();
        var steps = random.Next(30, 110);
        for (var step = 0; step < steps; step++)
        {
            simulation.Counts.Steps++;
            Step();
            simulation.Settle();
        }

        Rest();
        simulation.Books.Close(simulation.Around.AtCustoms);
        foreach (var on in simulation.Books.Cases.Where(it => !it.IsGone && it.Steps.Count > 0 && !IsByHand(it)))
            ExpectedCourse.Check(on, scenarios[on.Who], misread.GetValueOrDefault(on.Who));
    }

    private void Arrange()
    {
        simulation.Around.Weather = Weather.Of(random, simulation.Seed);
        simulation.Say($"the weather: {simulation.Around.Weather}");
        foreach (var who in ground.Authorities)
        {
            Choose(who.Id, "", scenarios[who.Id] = Chosen[random.Next(Chosen.Length)]);
            foreach (var on in simulation.Books.Cases.Where(it => it.Who == who.Id && !it.HasEnded))
                Choose(who.Id, on.Id, on.Scenario = Chosen[random.Next(Chosen.Length)]);
            if (random.Next(3) == 0)
                SetFaults(who.Id);
        }

        simulation.Have(random.Next(1, 3));
    }

    private void Choose(string who, string caseId, string scenario)
    {
        simulation.Say($"{who} follows {scenario}");
        ground.Execute(
            "INSERT OR REPLACE INTO main.sandbox_choices (authority_id, case_id, scenario, act_delay_ms) VALUES ($who, $case, $scenario, $delay)",
            ("$who", who), ("$case", caseId), ("$scenario", scenario), ("$delay", Delays[random.Next(Delays.Length)]));
    }

    private void SetFaults(string who)
    {
        // What Customs cannot read it answers with RECEIVE_FAILED, as in some scenarios it does by itself: not both. And where one who acts by
        // hand has said already that it was received, that answer waits for what never comes.
        var mayMisread = simulation.Books.Cases.Where(it => it.Who == who).Select(it => it.Scenario).Append(scenarios[who])
            .All(scenario => scenario != "manual" && !scenario.Contains("receive_failed", StringComparison.Ordinal));
        var faults = new List<SandboxFault>();
        for (var index = random.Next(1, 5); index > 0; index--)
        {
            var (kind, direction) = random.Next(6) switch
            {
                0 => (SandboxFaultKind.Refused, SandboxDirection.Submissions),
                1 => (SandboxFaultKind.Late, SandboxDirection.Submissions),
                2 when mayMisread => (SandboxFaultKind.Malformed, SandboxDirection.Submissions),
                3 => (SandboxFaultKind.Doubled, SandboxDirection.Receipts),
                4 => (SandboxFaultKind.Reordered, SandboxDirection.Receipts),
                _ => (SandboxFaultKind.Late, SandboxDirection.Receipts),
            };
            var fault = new SandboxFault(kind, direction, random.Next(1, 4), TimeSpan.FromMilliseconds(random.Next(100, 20_000)));
            if (kind == SandboxFaultKind.Malformed)
                misread[who] = misread.GetValueOrDefault(who) + fault.Count;
            faults.Add(fault);
        }

        simulation.Say($"{who} has the faults {string.Join(", ", faults)}");
        ground.Execute(
            "INSERT OR REPLACE INTO main.sandbox_accounts (authority_id, document) VALUES ($who, $document)",
            ("$who", who), ("$document", new SandboxAccount { AuthorityId = who, Faults = faults }.ToJson()));
    }

    private bool IsByHand(KnownCase on) => (on.Scenario.Length > 0 ? on.Scenario : scenarios[on.Who]) == "manual";

    private void Step()
    {
        switch (random.Next(100))
        {
            case < 34:
                Act();
                break;
            case < 54:
                simulation.AnyServer()?.Deliver();
                break;
            case < 76:
                simulation.AnyServer()?.Receive();
                break;
            case < 80:
                simulation.AnyServer()?.LookAtWaiting();
                break;
            case < 82:
                simulation.AnyServer()?.BringLate();
                break;
            case < 84:
                simulation.StartOne();
                break;
            case < 85 when simulation.Around.Weather.Crash > 0:
                simulation.Crash();
                break;
            default:
                var longest = random.Next(4) switch { 0 => 20, 1 => 1_000, 2 => 5_000, _ => 40_000 };
                simulation.Pass(TimeSpan.FromMilliseconds(random.Next(1, longest)));
                break;
        }
    }

    private void Act()
    {
        Notice();
        var open = simulation.Books.Cases.Where(it => !it.HasEnded && taking.Contains(it.Id)).ToList();
        if (open.Count < mostCases && begun < 2 * mostCases)
        {
            begun++;
            Begin();
            return;
        }

        if (open.Count == 0)
            return;

        // Clients seldom ask for two things of a case at once, but they may.
        var on = open[random.Next(open.Count)];
        if (simulation.Asking > 0 && random.Next(5) > 0)
            return;
        if (random.Next(8) > 0)
            ActOn(on);
        else
            TryAnything(on);
    }

    // A new assessment, a review, or the case in the middle that each authority has.
    private void Begin()
    {
        var who = ground.Authorities[random.Next(ground.Authorities.Count)];
        var waiting = simulation.Books.Cases.FirstOrDefault(it => it.Who == who.Id && !it.HasEnded && !taking.Contains(it.Id));
        var choice = random.Next(3);
        if (choice == 0 && waiting is not null)
            taking.Add(waiting.Id);
        else if (choice == 1)
            Ask(who, Actor.Customs, CaseEvent.StartReview, Stage.Unspecified, null);
        else
            Ask(who, Actor.Authority, random.Next(3) == 0 ? CaseEvent.Save : CaseEvent.Submit, Stage.Application, null);
    }

    private void ActOn(KnownCase on)
    {
        var may = ClientRequest.OfAuthorities
            .Where(it => IsFor(it.Stage, on.Stage) && on.Allows(Actor.Authority, it.Event) is not null && MayBeRead(on, it.Event)).ToList();

        // What ends a case, or leads nowhere, is left for last.
        var likely = may.Where(it => it.Event is not (CaseEvent.Discard or CaseEvent.Save)).ToList();
        if (likely.Count > 0 && random.Next(4) > 0)
            may = likely;
        if (IsByHand(on))
        {
            var acts = ActsByHand.Where(it => on.Allows(Actor.Customs, it) is not null).ToList();
            if (acts.Count > 0 && (may.Count == 0 || random.Next(3) > 0))
            {
                Ask(Of(on), Actor.Customs, acts[random.Next(acts.Count)], Stage.Unspecified, on);
                return;
            }
        }

        if (may.Count > 0)
        {
            var (what, stage) = may[random.Next(may.Count)];
            Ask(Of(on), Actor.Authority, what, stage, on);
        }
    }

    // Whatever it is; where nothing else is under way, a refusal must leave everything as it was.
    private void TryAnything(KnownCase on)
    {
        var (what, stage) = ClientRequest.OfAuthorities[random.Next(ClientRequest.OfAuthorities.Length)];
        var (actor, doing) = IsByHand(on) && random.Next(2) == 0
            ? (Actor.Customs, ActsByHand[random.Next(ActsByHand.Length)])
            : (Actor.Authority, what);
        if (!MayBeRead(on, doing))
            return;
        var alone = simulation.IsIdle && simulation.Around.LateSubmissions.Count == 0;
        var (before, refused) = (simulation.Books.Totals(), simulation.Counts.Refused);
        Ask(Of(on), actor, doing, actor == Actor.Customs ? Stage.Unspecified : stage, on);
        if (!alone)
            return;
        for (var patience = 0; !simulation.IsIdle && patience < 100; patience++)
        {
            simulation.Settle();
            if (!simulation.IsIdle)
                simulation.Pass(TimeSpan.FromSeconds(1));
            simulation.StartOne();
        }

        if (simulation.IsIdle && simulation.Counts.Refused > refused && simulation.Books.Totals() is var after && after != before)
            throw new BreachException(BreachKind.Doubled, $"{doing} was refused and has changed {before} to {after}");
    }

    private void Ask(SimulatedAuthority who, Actor actor, CaseEvent what, Stage stage, KnownCase? on)
    {
        var etag = on is not null && actor == Actor.Authority && random.Next(5) == 0
            ? (random.Next(4) == 0 ? on.Version + 1 : on.Version).ToString(System.Globalization.CultureInfo.InvariantCulture)
            : "";
        simulation.Ask(new ClientRequest(who, simulation.NewRequestId(), actor, what, stage, on?.Id ?? "", etag));
    }

    // What has begun meanwhile is worked on from now on.
    private void Notice()
    {
        foreach (var on in simulation.Books.Cases.Where(it => it.Steps.Count > 0))
            taking.Add(on.Id);
    }

    private SimulatedAuthority Of(KnownCase on) => ground.Authorities.First(who => who.Id == on.Who);

    // That Customs could not read a list of signing officers it cannot say: the list has no status.
    private bool MayBeRead(KnownCase on, CaseEvent what) => what != CaseEvent.SubmitSignatories || !misread.ContainsKey(on.Who);

    private static bool IsFor(Stage asked, Stage at) => asked == Stage.Unspecified || asked == at;

    // The weather clears, and everything comes to its end.
    private void Rest()
    {
        simulation.Around.Weather = Weather.Fair;
        simulation.Say("the weather clears");
        simulation.StartServers();
        for (var round = 0; round < MostRounds; round++)
        {
            simulation.TurnAll();
            foreach (var on in simulation.Books.Cases.Where(it => it.Status == Status.SendFailed && !it.HasEnded))
            {
                if (simulation.Asking == 0)
                    Ask(Of(on), Actor.Authority, CaseEvent.Redeliver, Stage.Unspecified, on);
            }

            simulation.Settle();
            if (simulation.Waiting.Length == 0)
                return;
            simulation.Pass(TimeSpan.FromSeconds(round < 20 ? 1 : 10));
        }

        throw new BreachException(
            BreachKind.Lost,
            $"It does not come to rest ({simulation.Waiting}): {string.Join(", ", simulation.Books.Cases.Select(it => $"{it.Name} at {it.Place}"))}");
    }
}
