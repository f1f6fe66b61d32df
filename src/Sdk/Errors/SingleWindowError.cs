namespace SingleWindowBridge;

/// <summary>Everything that is known of a failed call. Tests make one to make an exception.</summary>
public sealed record SingleWindowError
{
    /// <summary>Why the call failed.</summary>
    public ErrorReason Reason { get; init; }

    /// <summary>The reason as the server wrote it, such as "FIELD_INVALID"; null where it gave none, as when no server was
    /// reached.</summary>
    public string? ReasonCode { get; init; }

    /// <summary>The gRPC status of the call.</summary>
    public RpcStatusCode StatusCode { get; init; } = RpcStatusCode.Unknown;

    /// <summary>What to do about it, in Simplified Chinese.</summary>
    public string MessageZh { get; init; } = "";

    /// <summary>What to do about it, in English.</summary>
    public string MessageEn { get; init; } = "";

    /// <summary>What is wrong with the request's fields, in their order.</summary>
    public IReadOnlyList<FieldProblem> Fields { get; init; } = [];

    /// <summary>What else the server said of it, by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the server asks to wait before the next attempt; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What was called, such as "CaseService/GetCase"; null where nothing was.</summary>
    public string? Operation { get; init; }

    /// <summary>The request id of the change; null for what changes nothing.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>How many attempts were made.</summary>
    public int Attempts { get; init; } = 1;
}

/// <summary>One thing that is wrong with one field of a request.</summary>
/// <param name="Path">The field's path in the request, such as "application.contact.phone.number" or "answers[3].number".</param>
/// <param name="Code">What is wrong.</param>
/// <param name="Message">What to do about it.</param>
public sealed record FieldProblem(string Path, FieldProblemCode Code, LocalizedText Message)
{
    /// <summary>The id of the question that it speaks of; null where it speaks of none.</summary>
    public string? QuestionId { get; init; }

    /// <summary>The number of that question, such as "3.12"; null where it speaks of none.</summary>
    public string? QuestionNumber { get; init; }

    /// <summary>The whole text of that question; null where it speaks of none, and in exceptions, which have little room.</summary>
    public LocalizedText? QuestionText { get; init; }
}

/// <summary>A place in a case's course: a stage and a status of it.</summary>
/// <param name="Stage">The stage; <see cref="Stage.Unknown"/> for any.</param>
/// <param name="Status">The status.</param>
public sealed record CaseState(Stage Stage, Status Status);

/// <summary>The statuses with which a gRPC call can end, by their numbers.</summary>
public enum RpcStatusCode
{
    /// <summary>The call succeeded.</summary>
    Ok = 0,

    /// <summary>The call was cancelled.</summary>
    Cancelled = 1,

    /// <summary>An error of no known kind.</summary>
    Unknown = 2,

    /// <summary>The request is wrong, whatever the state of things.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call was done.</summary>
    DeadlineExceeded = 4,

    /// <summary>The thing does not exist.</summary>
    NotFound = 5,

    /// <summary>The thing exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>Some resource is used up.</summary>
    ResourceExhausted = 8,

    /// <summary>The thing is not in a state for this.</summary>
    FailedPrecondition = 9,

    /// <summary>Another change came first.</summary>
    Aborted = 10,

    /// <summary>The position is past the end.</summary>
    OutOfRange = 11,

    /// <summary>The server does not have this call.</summary>
    Unimplemented = 12,

    /// <summary>A fault of the server or of the way to it.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached or is too busy.</summary>
    Unavailable = 14,

    /// <summary>Data was lost or damaged.</summary>
    DataLoss = 15,

    /// <summary>The call has no valid credential.</summary>
    Unauthenticated = 16,
}
