using System.Text;

namespace SingleWindowBridge;

/// <summary>A call failed. There is one type for each meaning; all derive from this one, and this one itself stands for errors
/// that this version of the library does not know.</summary>
public class SingleWindowException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="error">What is known of the failure.</param>
    /// <param name="innerException">What it came from, if anything.</param>
    public SingleWindowException(SingleWindowError error, Exception? innerException = null)
        : base(null, innerException)
    {
        ArgumentNullException.ThrowIfNull(error);
        Error = error;
    }

    /// <summary>Everything that is known of the failure.</summary>
    public SingleWindowError Error { get; private set; }

    /// <inheritdoc/>
    public override string Message => Describe(Error);

    /// <summary>Why the call failed.</summary>
    public ErrorReason Reason => Error.Reason;

    /// <summary>The reason as the server wrote it, such as "FIELD_INVALID"; null where it gave none.</summary>
    public string? ReasonCode => Error.ReasonCode;

    /// <summary>The gRPC status of the call.</summary>
    public RpcStatusCode StatusCode => Error.StatusCode;

    /// <summary>What to do about it, in Simplified Chinese.</summary>
    public string MessageZh => Error.MessageZh;

    /// <summary>What to do about it, in English.</summary>
    public string MessageEn => Error.MessageEn;

    /// <summary>What is wrong with the request's fields, in their order.</summary>
    public IReadOnlyList<FieldProblem> Fields => Error.Fields;

    /// <summary>What else the server said of it, by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata => Error.Metadata;

    /// <summary>The request id of the change; null for what changes nothing.</summary>
    public Guid? RequestId => Error.RequestId;

    /// <summary>How many attempts were made.</summary>
    public int Attempts => Error.Attempts;

    /// <summary>Whether the very same call, with the same request id, may succeed later.</summary>
    public virtual bool IsRetryable => false;

    /// <summary>Whether the change may have been made although no answer says so. Asking again with the same request id
    /// tells.</summary>
    public virtual bool IsOutcomeUnknown => false;

    /// <summary>Says of which change and case it is, where what failed came after the change.</summary>
    internal void Tell(Guid requestId, string caseId) => Error = Error with
    {
        RequestId = requestId,
        Metadata = new Dictionary<string, string>(Error.Metadata) { ["case_id"] = caseId },
    };

    private static string Describe(SingleWindowError error)
    {
        var text = new StringBuilder(error.MessageEn.Length > 0 ? error.MessageEn : $"The call ended with {error.StatusCode}.");
        foreach (var field in error.Fields)
            text.Append($"{Environment.NewLine}  {field.Path}: {field.Message.En} ({field.Code.Name().En})");
        if (error.Fields.Count > 0)
            text.AppendLine();
        else
            text.Append(' ');
        text.Append($"[{error.ReasonCode ?? error.StatusCode.ToString()}");
        if (error.Operation is not null)
            text.Append($", {error.Operation}");
        if (error.RequestId is not null)
            text.Append($", request id {error.RequestId}");
        if (error.Attempts > 1)
            text.Append($", {error.Attempts} attempts");
        return text.Append(']').ToString();
    }
}
