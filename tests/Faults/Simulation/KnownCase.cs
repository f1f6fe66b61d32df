using SingleWindow.Bridge.V1;
using SingleWindow.Tests.Workflow;

namespace SingleWindow.Tests.Simulation;

/// <summary>A change of a case, as its timeline has it.</summary>
/// <param name="Version">The case's version by it.</param>
/// <param name="Actor">Who acted.</param>
/// <param name="Event">What happened.</param>
/// <param name="Stage">The stage afterwards.</param>
/// <param name="Status">The status afterwards.</param>
/// <param name="MessageId">The id of the message exchanged with Customs; empty for none.</param>
/// <param name="RequestId">The id of the request, or of the message, that brought it about, as the audit has it.</param>
internal sealed record CaseStep(
    long Version, Actor Actor, CaseEvent Event, Stage Stage, Status Status, string MessageId, string RequestId);

/// <summary>A case as it was last seen, and all that has happened to it since the seed began.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Who">Whose it is.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Name">What the trace calls it.</param>
internal sealed record KnownCase(string Id, string Who, CaseKind Kind, string Name)
{
    private static readonly ILookup<(CaseKind, Actor, CaseEvent), ExpectedTable.Line> Lines =
        ExpectedTable.All.ToLookup(line => (line.Kind, line.Actor, line.Event));

    /// <summary>The stage; UNSPECIFIED before it has begun.</summary>
    public Stage Stage { get; set; }

    /// <summary>The status.</summary>
    public Status Status { get; set; }

    /// <summary>The version.</summary>
    public long Version { get; set; }

    /// <summary>Whether it was ever submitted.</summary>
    public bool Submitted { get; set; }

    /// <summary>Whether the review was declined.</summary>
    public bool Declined { get; set; }

    /// <summary>The request that discarded it; empty while it is there.</summary>
    public string DiscardedBy { get; set; } = "";

    /// <summary>Whether it is no more.</summary>
    public bool IsGone => DiscardedBy.Length > 0;

    /// <summary>What the simulated Customs does with it; empty where the account's choice holds.</summary>
    public string Scenario { get; set; } = "";

    /// <summary>What has happened since the seed began.</summary>
    public List<CaseStep> Steps { get; } = [];

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => IsGone || Stage == Stage.Completed || Status == Status.NotAccepted;

    /// <summary>Where it stands.</summary>
    public string Place => Stage == Stage.Unspecified ? "nowhere" : $"{Stage} {Status}";

    /// <summary>Whether an event may happen to it where it stands, by the manual's table; false where that cannot be told.</summary>
    public ExpectedTable.Line? Allows(Actor actor, CaseEvent what) => Allows(actor, what, Stage, Status);

    /// <summary>Whether an event may happen to it in a place.</summary>
    public ExpectedTable.Line? Allows(Actor actor, CaseEvent what, Stage stage, Status status) => Lines[(Kind, actor, what)].FirstOrDefault(line =>
        (line.Stage is null ? stage != Stage.Unspecified : line.Stage == stage) && line.Status == status && line.Condition switch
        {
            "never_submitted" => !Submitted,
            "declined" => Declined,
            "accepted" => !Declined,
            _ => true,
        });

    /// <summary>Takes a change, if the table has a row for it.</summary>
    public void Take(CaseStep step)
    {
        var line = Allows(step.Actor, step.Event)
            ?? throw new BreachException(BreachKind.Reordered, $"{Name} at {Place}: {step.Actor} {step.Event} happened, which no row of the workflow allows");
        if (((line.NextStage ?? Stage), (line.NextStatus ?? Status)) is var expected && expected != (step.Stage, step.Status))
            throw new BreachException(BreachKind.Reordered, $"{Name} at {Place}: {step.Event} led to {step.Stage} {step.Status}, not to {expected}");

        (Stage, Status, Version) = (step.Stage, step.Status, step.Version);
        Submitted |= step.Event == CaseEvent.Submit;
        Declined = step.Event == CaseEvent.DeclineReview || (Declined && step.Event != CaseEvent.AcceptReview);
        Steps.Add(step);
    }
}
