using System.Text.Json;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>What the simulated Customs keeps for one account: its clock, and the faults that are still to come. It never changes.</summary>
public sealed record SandboxAccount
{
    /// <summary>The account's id: the key.</summary>
    public required string AuthorityId { get; init; }

    /// <summary>When the clock was stopped; null while it goes.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>How far the clock is ahead of the server's.</summary>
    public TimeSpan Ahead { get; init; }

    /// <summary>The faults that are still to come, in order.</summary>
    public IReadOnlyList<SandboxFault> Faults { get; init; } = [];

    /// <summary>What the clock shows.</summary>
    /// <param name="now">What the server's clock shows.</param>
    public DateTimeOffset TimeAt(DateTimeOffset now) => (StoppedAt ?? now) + Ahead;

    /// <summary>Takes the next fault for a message in this direction; null where none is to come.</summary>
    public (SandboxAccount After, SandboxFault? Fault) Next(SandboxDirection direction)
    {
        var fault = Faults.FirstOrDefault(it => it.Direction == direction);
        return fault is null
            ? (this, null)
            : (this with { Faults = [.. Faults.Select(it => ReferenceEquals(it, fault) ? it with { Count = it.Count - 1 } : it).Where(it => it.Count > 0)] }, fault);
    }

    /// <summary>The document as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SandboxJson.Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is not such a document.</exception>
    public static SandboxAccount FromJson(string json) =>
        JsonSerializer.Deserialize<SandboxAccount>(json, SandboxJson.Options) ?? throw new JsonException("The account is null.");
}

/// <summary>A fault of the exchange, on demand.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Direction">With which messages.</param>
/// <param name="Count">With how many messages, 1 at least.</param>
/// <param name="Delay">How much later a late message comes.</param>
public sealed record SandboxFault(SandboxFaultKind Kind, SandboxDirection Direction, int Count, TimeSpan Delay);

/// <summary>What goes wrong with a message.</summary>
public enum SandboxFaultKind
{
    /// <summary>It never comes.</summary>
    Lost = 1,

    /// <summary>It comes later; what was said after it may overtake it.</summary>
    Late = 2,

    /// <summary>It comes twice.</summary>
    Doubled = 3,

    /// <summary>It comes after the one that follows it.</summary>
    Reordered = 4,

    /// <summary>It cannot be read.</summary>
    Malformed = 5,

    /// <summary>The exchange does not take it.</summary>
    Refused = 6,
}

/// <summary>Which way a message goes.</summary>
public enum SandboxDirection
{
    /// <summary>From the bridge to Customs.</summary>
    Submissions = 1,

    /// <summary>From Customs to the bridge.</summary>
    Receipts = 2,
}
