using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>An act that Customs has in mind.</summary>
/// <param name="MessageId">The receipt's message id: 36 characters, an upper-case UUID, made when the act was planned.</param>
/// <param name="DueAt">When Customs does it; the receipt bears this time.</param>
/// <param name="Act">The act, without files: they are made when it is given out.</param>
public sealed record PlannedAct(string MessageId, DateTimeOffset DueAt, CustomsAct Act)
{
    /// <summary>The number of the review that the act starts, a ULID made when it was planned; null for every other act.</summary>
    public string? ReviewNumber { get; init; }

    /// <summary>Customs' count of what it says about the case; 0 where it does not count.</summary>
    public int Sequence { get; init; }

    /// <summary>The message id of the submission upon which Customs does it; null where it starts a review.</summary>
    public string? Answers { get; init; }

    /// <summary>Whether it comes so that it cannot be read.</summary>
    public bool Malformed { get; init; }
}
