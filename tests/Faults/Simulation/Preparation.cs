using SingleWindow.Bridge.V1;

namespace SingleWindow.Tests.Simulation;

/// <summary>What is there before any seed: each authority has passed an assessment, so that it can be reviewed, and has another in the middle.</summary>
internal static class Preparation
{
    /// <summary>What those cases have followed; a seed has those in the middle follow another.</summary>
    public const string Scenario = "one_rectification";

    private static readonly Stage[] Middles = [Stage.Assessment, Stage.ProtocolNegotiation, Stage.CertificateNegotiation];

    /// <summary>Makes it, in fair weather.</summary>
    public static void Run(Ground ground) => Simulation.Prepare(ground, simulation =>
    {
        foreach (var (who, middle) in ground.Authorities.Zip(Middles))
        {
            ground.Execute(
                "INSERT INTO main.sandbox_choices (authority_id, case_id, scenario, act_delay_ms) VALUES ($who, '', $scenario, 0)",
                ("$who", who.Id), ("$scenario", Scenario));
            Bring(simulation, who, Stage.Completed, Status.Approved);
            Bring(simulation, who, middle, Status.Pending);
        }
    });

    private static void Bring(Simulation simulation, SimulatedAuthority who, Stage stage, Status status)
    {
        KnownCase? on = null;
        for (var round = 0; round < 1000; round++)
        {
            if (on is not null && (on.Stage, on.Status) == (stage, status) && simulation.Waiting.Length == 0)
                return;
            if (simulation.Asking == 0 && (on is null || ((on.Stage, on.Status) != (stage, status) && on.Allows(Actor.Authority, CaseEvent.Submit) is not null)))
                simulation.Ask(new ClientRequest(who, simulation.NewRequestId(), Actor.Authority, CaseEvent.Submit, on?.Stage ?? Stage.Application, on?.Id ?? ""));
            simulation.TurnAll();
            simulation.Pass(TimeSpan.FromSeconds(1));
            on ??= simulation.Books.Cases.FirstOrDefault(it => it.Who == who.Id && !it.HasEnded);
        }

        throw new InvalidOperationException($"No case of {who.Id} came to {stage} {status}: {on?.Place}");
    }
}
