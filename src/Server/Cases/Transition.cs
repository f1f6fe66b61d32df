using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Cases;

/// <summary>Where a case stands, as far as the workflow asks.</summary>
/// <param name="Kind">The kind of case.</param>
/// <param name="Stage">The stage; UNSPECIFIED for a case that does not exist.</param>
/// <param name="Status">The status; UNSPECIFIED for a case that does not exist.</param>
/// <param name="Submitted">Whether it was ever submitted.</param>
/// <param name="Declined">Whether the authority declined the review.</param>
public readonly record struct CasePosition(CaseKind Kind, Stage Stage, Status Status, bool Submitted = false, bool Declined = false)
{
    /// <summary>Whether there is a case.</summary>
    public bool Exists => Stage != Stage.Unspecified;

    /// <summary>Before an assessment exists.</summary>
    public static CasePosition NoAssessment => new(CaseKind.Assessment, Stage.Unspecified, Status.Unspecified);

    /// <summary>Before a review exists.</summary>
    public static CasePosition NoReview => new(CaseKind.Review, Stage.Unspecified, Status.Unspecified);
}

/// <summary>One row of the workflow table.</summary>
/// <param name="Kinds">The kinds of case that it is for.</param>
/// <param name="Stages">The stages that it starts from: empty for all, UNSPECIFIED for a case that does not exist.</param>
/// <param name="Statuses">The statuses that it starts from.</param>
/// <param name="Condition">What else must hold: "", "never submitted", "declined" or "accepted".</param>
/// <param name="Actor">Who acts.</param>
/// <param name="Event">What happens.</param>
/// <param name="NextStage">The stage afterwards; null where it stays, UNSPECIFIED where the case is gone.</param>
/// <param name="NextStatus">The status afterwards; null where it stays.</param>
public sealed record Transition(
    IReadOnlyList<CaseKind> Kinds, IReadOnlyList<Stage> Stages, IReadOnlyList<Status> Statuses, string Condition,
    Actor Actor, CaseEvent Event, Stage? NextStage, Status? NextStatus)
{
    /// <summary>Whether it is for this kind of case.</summary>
    public bool IsOf(CaseKind kind) => Kinds.Contains(kind);

    /// <summary>Whether it starts from this stage.</summary>
    public bool IsOf(Stage stage) => Stages.Count == 0 ? stage != Stage.Unspecified : Stages.Contains(stage);

    /// <summary>Whether it starts from where this case stands.</summary>
    public bool Fits(CasePosition at) =>
        IsOf(at.Kind) && IsOf(at.Stage) && Statuses.Contains(at.Status) && Condition switch
        {
            "" => true,
            "never submitted" => !at.Submitted,
            "declined" => at.Declined,
            "accepted" => !at.Declined,
            _ => throw new InvalidOperationException($"The workflow table has an unknown condition: {Condition}"),
        };

    /// <summary>Where the case stands afterwards.</summary>
    public (Stage Stage, Status Status) From(CasePosition at) => (NextStage ?? at.Stage, NextStatus ?? at.Status);

    /// <summary>Where it starts from, as STAGE:STATUS|STATUS, a text a stage; only the stage asked for, if one is.</summary>
    public IEnumerable<string> Describe(Stage stage)
    {
        var stages = stage != Stage.Unspecified ? [WireNames.Of(stage)]
            : Stages.Count == 0 ? ["*"]
            : Stages.Select(WireNames.Of);
        var statuses = string.Join('|', Statuses.Select(WireNames.Of));
        return stages.Select(name => $"{name}:{statuses}");
    }

    internal static Transition Parse(string row)
    {
        var cells = row.Split('|', StringSplitOptions.TrimEntries);
        if (cells is not [var kinds, var stages, var statuses, var actor, var what, var nextStage, var nextStatus])
            throw new InvalidOperationException($"The workflow table has a row that is not of 7 cells: {row}");

        var condition = "";
        if (statuses.IndexOf('(', StringComparison.Ordinal) is var at and >= 0)
        {
            condition = statuses[(at + 1)..^1];
            statuses = statuses[..at].TrimEnd();
        }

        return new Transition(
            [.. kinds.Select(kind => kind == 'A' ? CaseKind.Assessment : CaseKind.Review)],
            stages == "*" ? [] : [.. stages.Split(',').Select(Parse<Stage>)],
            [.. statuses.Split(',').Select(Parse<Status>)],
            condition,
            Parse<Actor>(actor.ToUpperInvariant()),
            Parse<CaseEvent>(what.ToUpperInvariant()),
            nextStage == "=" ? null : Parse<Stage>(nextStage),
            nextStatus == "=" ? null : Parse<Status>(nextStatus));
    }

    private static TEnum Parse<TEnum>(string name)
        where TEnum : struct, Enum =>
        name == "-" ? default : WireNames.Parse<TEnum>(name);
}
