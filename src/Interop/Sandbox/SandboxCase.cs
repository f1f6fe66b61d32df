using System.Text.Json;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>
/// What the simulated Customs remembers of a case: a small document of a few kilobytes, kept as the text of
/// <see cref="ToJson"/> under its <see cref="CaseNumber"/>. It never changes; a change makes a new one.
/// </summary>
public sealed record SandboxCase
{
    /// <summary>How many message ids are remembered, of submissions and of acts by hand each; older ones no longer come.</summary>
    public const int MessageIdsKept = 256;

    /// <summary>The case's official number: the key.</summary>
    public required string CaseNumber { get; init; }

    /// <summary>Whether it is a review, which Customs itself started.</summary>
    public bool IsReview { get; init; }

    /// <summary>The number of the assessment whose scenario starts the review; null where nothing planned does.</summary>
    public string? StartedBy { get; init; }

    /// <summary>The food category, from the application or the start of the review; empty where none has come.</summary>
    public string Category { get; init; } = "";

    /// <summary>The products, from the application; empty where none has come.</summary>
    public IReadOnlyList<string> Products { get; init; } = [];

    /// <summary>The scenario that the case follows; empty until it submits something.</summary>
    public string Scenario { get; init; } = "";

    /// <summary>How long Customs takes for each act; null for the server's default.</summary>
    public TimeSpan? ActDelay { get; init; }

    /// <summary>How many submissions of each kind came since the case follows its scenario.</summary>
    public IReadOnlyDictionary<SubmissionKind, int> Counts { get; init; } = new Dictionary<SubmissionKind, int>();

    /// <summary>The message ids of the submissions taken, the latest last.</summary>
    public IReadOnlyList<string> Taken { get; init; } = [];

    /// <summary>What Customs has in mind, in order; the first is the next. Due times never go down.</summary>
    public IReadOnlyList<PlannedAct> Planned { get; init; } = [];

    /// <summary>How many acts Customs has counted for the case.</summary>
    public int Said { get; init; }

    /// <summary>When the account's clock was stopped: what is due later does not come; null while the clock goes.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>What was done by hand, the latest last.</summary>
    public IReadOnlyList<PerformedAct> Performed { get; init; } = [];

    /// <summary>The document as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SandboxJson.Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote; the order of members does not matter.</summary>
    /// <exception cref="JsonException">It is not such a document.</exception>
    public static SandboxCase FromJson(string json) =>
        JsonSerializer.Deserialize<SandboxCase>(json, SandboxJson.Options) ?? throw new JsonException("The case is null.");
}
