namespace SingleWindowBridge;

/// <summary>One case of the authority: an assessment that it applied for, or a review that China Customs started.</summary>
public sealed record Case
{
    /// <summary>The case's id: a ULID, given when the case is created. Empty only where a new application was checked with
    /// <see cref="SubmitOptions.ValidateOnly"/>, so that there is no case yet.</summary>
    public required string Id { get; init; }

    /// <summary>The official number (申请统一编号): 18 digits for an assessment, assigned at the first submit; a ULID for a
    /// review. Null before. It does wherever a case's id is asked for.</summary>
    public string? Number { get; init; }

    /// <summary>Whether the authority applied or Customs started it.</summary>
    public CaseKind Kind { get; init; }

    /// <summary>The food category's code, such as "AQUATIC". Null in a draft that has none yet.</summary>
    public string? Category { get; init; }

    /// <summary>The codes of the specific products.</summary>
    public IReadOnlyList<string> Products { get; init; } = [];

    /// <summary>The application's summary (申请情况概述); of a review what China Customs wrote about it.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The stage that the case is in.</summary>
    public Stage Stage { get; init; }

    /// <summary>The status of that stage.</summary>
    public Status Status { get; init; }

    /// <summary>Changes with every change of the case; give it back in <see cref="ChangeOptions.ETag"/> to change only what
    /// you have seen.</summary>
    public string ETag { get; init; } = "";

    /// <summary>When the case was created.</summary>
    public DateTimeOffset CreateTime { get; init; }

    /// <summary>When it was first submitted, a review when it was first accepted or declined; null before.</summary>
    public DateTimeOffset? SubmitTime { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdateTime { get; init; }

    /// <summary>The newest opinion of China Customs in the present stage, if any.</summary>
    public Opinion? Opinion { get; init; }

    /// <summary>Why the last submission could not be handed over (<see cref="Status.SendFailed"/>) or taken in
    /// (<see cref="Status.ReceiveFailed"/>); null otherwise.</summary>
    public string? FailureReason { get; init; }

    /// <summary>What the authority may do now.</summary>
    public IReadOnlyList<CaseEvent> AllowedEvents { get; init; } = [];

    /// <summary>Whether nothing can follow: the case is completed, or Customs did not accept it.</summary>
    public bool HasEnded => Stage == Stage.Completed || Status is Status.NotAccepted or Status.Rejected;

    /// <summary>Whether something submitted is on its way to China Customs or under review there.</summary>
    public bool IsWithCustoms => Status is Status.Declared or Status.Sent or Status.Received or Status.Accepted;

    /// <summary>Whether the authority may do this now.</summary>
    /// <param name="caseEvent">What the authority wants to do.</param>
    public bool Allows(CaseEvent caseEvent) => AllowedEvents.Contains(caseEvent);
}

/// <summary>One case, whole.</summary>
public sealed record CaseDetails
{
    /// <summary>The case.</summary>
    public required Case Case { get; init; }

    /// <summary>Every opinion of China Customs, oldest first; each names its stage.</summary>
    public IReadOnlyList<Opinion> Opinions { get; init; } = [];

    /// <summary>The signed protocol, from <see cref="Stage.ProtocolSigning"/> on.</summary>
    public IReadOnlyList<StoredFile> ProtocolFiles { get; init; } = [];

    /// <summary>The confirmed certificate forms, from <see cref="Stage.CertificateConfirmation"/> on.</summary>
    public IReadOnlyList<StoredFile> CertificateFiles { get; init; } = [];
}

/// <summary>What China Customs said of a stage (海关回复意见), passed on as it came.</summary>
public sealed record Opinion
{
    /// <summary>The stage that it speaks of.</summary>
    public Stage Stage { get; init; }

    /// <summary>The act that carried it.</summary>
    public CaseEvent Event { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>When the bridge took it in.</summary>
    public DateTimeOffset Time { get; init; }
}

/// <summary>One line of a case's history.</summary>
public sealed record TimelineEntry
{
    /// <summary>1, 2, 3 ... within the case.</summary>
    public int Sequence { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Who did it.</summary>
    public Actor Actor { get; init; }

    /// <summary>What was done.</summary>
    public CaseEvent Event { get; init; }

    /// <summary>The stage afterwards.</summary>
    public Stage Stage { get; init; }

    /// <summary>The status afterwards.</summary>
    public Status Status { get; init; }

    /// <summary>The opinion that came with it, if any.</summary>
    public string? Opinion { get; init; }

    /// <summary>Why it failed, for <see cref="CaseEvent.SendFailed"/> and <see cref="CaseEvent.ReceiveFailed"/>.</summary>
    public string? FailureReason { get; init; }

    /// <summary>The number of the receipt that tells of it; null for saves, which have none.</summary>
    public long? ReceiptNumber { get; init; }
}

/// <summary>Narrows a listing of cases. What is left null does not narrow it.</summary>
public sealed record CaseFilter
{
    /// <summary>Only cases of this kind.</summary>
    public CaseKind? Kind { get; init; }

    /// <summary>Only cases of this food category, by code.</summary>
    public string? Category { get; init; }

    /// <summary>Only cases in this stage.</summary>
    public Stage? Stage { get; init; }

    /// <summary>Only cases in this status.</summary>
    public Status? Status { get; init; }

    /// <summary>Only cases that changed at this time or later.</summary>
    public DateTimeOffset? ChangedSince { get; init; }
}

/// <summary>What a change answers with.</summary>
public sealed record CaseChange
{
    /// <summary>The case afterwards; as it stands, where the change was only checked.</summary>
    public required Case Case { get; init; }

    /// <summary>The request id under which the change was made. Asking again with it gives this answer again.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The verbs of this case.</summary>
    public required CaseHandle Handle { get; init; }

    /// <summary>How many attempts it took, from 1.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Where the change was only checked (<see cref="SubmitOptions.ValidateOnly"/>): all that is wrong with the fields;
    /// empty where the submission would pass.</summary>
    public IReadOnlyList<FieldProblem> Problems { get; init; } = [];

    /// <summary>Of a questionnaire: how far each part is answered, in the order of the parts. Empty for other changes.</summary>
    public IReadOnlyList<PartProgress> Progress { get; init; } = [];
}

/// <summary>One page of a listing.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record Page<T>
{
    /// <summary>What the page holds.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>Gets the next page; null when this is the last.</summary>
    public string? NextPageToken { get; init; }
}
