namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>What must stay the same when an act done by hand is asked for again.</summary>
/// <param name="MessageId">The receipt's message id.</param>
/// <param name="PerformedAt">When it was done; the receipt bears this time.</param>
/// <param name="RectificationNumber">The number made for a rectification; empty for other acts.</param>
public sealed record PerformedAct(string MessageId, DateTimeOffset PerformedAt, string RectificationNumber);
