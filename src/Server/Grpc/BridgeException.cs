using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>A call that is refused, with its reason and what the caller needs to know.</summary>
public sealed class BridgeException : Exception
{
    /// <summary>Refuses a call.</summary>
    /// <param name="reason">The reason; its texts stand in <see cref="ErrorTexts"/>.</param>
    /// <param name="metadata">What goes with it, as error_reason.proto says.</param>
    public BridgeException(ErrorReason reason, params (string Key, string Value)[] metadata)
        : this(reason, (Exception?)null, metadata)
    {
    }

    /// <summary>Refuses a call because of another failure.</summary>
    public BridgeException(ErrorReason reason, Exception? inner, params (string Key, string Value)[] metadata)
        : base(reason.ToString(), inner)
    {
        Reason = reason;
        Fields = metadata.ToDictionary(pair => pair.Key, pair => pair.Value);
    }

    /// <summary>Refuses a call because of what stands in its fields.</summary>
    /// <param name="problems">All that is wrong; at least one.</param>
    public BridgeException(IReadOnlyList<Problem> problems)
        : this(ErrorReason.FieldInvalid, ("count", problems.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)))
    {
        Problems = problems;
    }

    /// <summary>Refuses a call for a reason of its own because of what stands in its fields.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="problems">What is wrong with which field.</param>
    /// <param name="metadata">What goes with it, as error_reason.proto says.</param>
    public BridgeException(ErrorReason reason, IReadOnlyList<Problem> problems, params (string Key, string Value)[] metadata)
        : this(reason, (Exception?)null, metadata)
    {
        Problems = problems;
    }

    /// <summary>The reason.</summary>
    public ErrorReason Reason { get; }

    /// <summary>What goes with it.</summary>
    public Dictionary<string, string> Fields { get; }

    /// <summary>How long to wait before the same call may pass; null for what the reason says.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is wrong with the fields: all of it, for FIELD_INVALID.</summary>
    public IReadOnlyList<Problem> Problems { get; } = [];
}
