namespace SingleWindowBridge;

/// <summary>How one change is made. Every change takes these; null means the defaults.</summary>
public record ChangeOptions
{
    /// <summary>
    /// The request id; null for a new one, made before the first attempt and kept over all of them. The server makes a change
    /// once a request id and gives the same answer again. Choose and store it before the call where a new process must be able
    /// to ask again what became of it.
    /// </summary>
    public Guid? RequestId { get; init; }

    /// <summary>The etag that the case must still have, from <see cref="Case.ETag"/>; null for any. Where the case has changed
    /// since, the call gives an <see cref="EtagMismatchException"/>.</summary>
    public string? ETag { get; init; }

    /// <summary>How long the call may take, over all attempts; null for
    /// <see cref="SingleWindowClientOptions.Deadline"/>.</summary>
    public TimeSpan? Deadline { get; init; }
}

/// <summary>How one submission is made.</summary>
public sealed record SubmitOptions : ChangeOptions
{
    /// <summary>Check everything, change nothing: gives all that is wrong with the fields, however much, in
    /// <see cref="CaseChange.Problems"/>, and the case as it stands. What refuses the submission as a whole, such as the case's
    /// stage, is an exception as ever.</summary>
    public bool ValidateOnly { get; init; }
}
