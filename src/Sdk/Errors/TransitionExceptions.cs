namespace SingleWindowBridge;

/// <summary>The case is not in a stage and status that allow the call. Nothing was changed.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public class TransitionNotAllowedException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException)
{
    /// <summary>What was wanted.</summary>
    public CaseEvent Event { get; } = CaseStates.Parse<CaseEvent>(error.Metadata.GetValueOrDefault("event"));

    /// <summary>The case's kind.</summary>
    public CaseKind Kind { get; } = CaseStates.Parse<CaseKind>(error.Metadata.GetValueOrDefault("kind"));

    /// <summary>The stage in which the case is.</summary>
    public Stage Stage { get; } = CaseStates.Parse<Stage>(error.Metadata.GetValueOrDefault("stage"));

    /// <summary>The status in which the case is.</summary>
    public Status Status { get; } = CaseStates.Parse<Status>(error.Metadata.GetValueOrDefault("status"));

    /// <summary>Where the call is allowed.</summary>
    public IReadOnlyList<CaseState> Allowed { get; } = CaseStates.ParseAllowed(error.Metadata.GetValueOrDefault("allowed"));
}

/// <summary>The case has not reached the stage of this call (未进入该阶段，不允许此操作!). Wait for the receipt that opens it.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class StageNotReachedException(SingleWindowError error, Exception? innerException = null)
    : TransitionNotAllowedException(error, innerException);

/// <summary>The case has passed the stage of this call (该阶段已完成). Nothing is left to do in it.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class StageCompletedException(SingleWindowError error, Exception? innerException = null)
    : TransitionNotAllowedException(error, innerException);

/// <summary>The case is in the stage of this call, in a status that does not allow it.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class StatusNotAllowedException(SingleWindowError error, Exception? innerException = null)
    : TransitionNotAllowedException(error, innerException);

/// <summary>The call is not for cases of this kind: a review has no application form, an assessment is not accepted or
/// declined.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class CaseKindNotAllowedException(SingleWindowError error, Exception? innerException = null)
    : TransitionNotAllowedException(error, innerException);

/// <summary>Customs reviews only a category for which the authority has passed an assessment.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class AssessmentNotPassedException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException)
{
    /// <summary>The category.</summary>
    public string? Category { get; } = error.Metadata.GetValueOrDefault("category");
}

/// <summary>The case has ended, and what was waited for can no longer come.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="endedCase">The case as it ended.</param>
public sealed class CaseEndedException(SingleWindowError error, Case endedCase) : SingleWindowException(error)
{
    /// <summary>The case as it ended.</summary>
    public Case Case { get; } = endedCase;
}

/// <summary>Reads stages and statuses as they stand in an error's metadata.</summary>
internal static class CaseStates
{
    /// <summary>Reads "PROTOCOL_NEGOTIATION"; what is not known becomes 0.</summary>
    public static T Parse<T>(string? name)
        where T : struct, Enum =>
        name is { Length: > 0 } && char.IsAsciiLetter(name[0])
            && Enum.TryParse<T>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var value)
            ? value
            : default;

    /// <summary>Reads "QUESTIONNAIRE:PENDING|DRAFT", or several of them.</summary>
    public static IReadOnlyList<CaseState> ParseAllowed(string? allowed)
    {
        var states = new List<CaseState>();
        foreach (var part in (allowed ?? "").Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.LastIndexOf(':');
            var stages = colon < 0 ? "" : part[..colon];
            foreach (var stage in stages.Split('|'))
            {
                foreach (var status in part[(colon + 1)..].Split('|', StringSplitOptions.RemoveEmptyEntries))
                    states.Add(new CaseState(Parse<Stage>(stage), Parse<Status>(status)));
            }
        }

        return states;
    }
}
