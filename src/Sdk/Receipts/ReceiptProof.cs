namespace SingleWindowBridge;

/// <summary>Shows that the bridge gave a receipt with this content and no other, and what had been submitted.
/// <see cref="IReceipts.VerifyAsync"/> checks it.</summary>
public sealed record ReceiptProof
{
    /// <summary>How the receipt is written out to be hashed. This version knows 1.</summary>
    public int Format { get; init; }

    /// <summary>The authority whose receipt it is.</summary>
    public string AuthorityId { get; init; } = "";

    /// <summary>The submission that the receipt is of, or that it answers: the id by which
    /// <see cref="IReceipts.GetSubmissionAsync"/> gives it; null where there was none.</summary>
    public string? SubmissionMessageId { get; init; }

    /// <summary>The SHA-256 of what was submitted, 64 lower-case hexadecimal digits; null where there was nothing.</summary>
    public string? ContentSha256 { get; init; }

    /// <summary>The SHA-256 of each file that was submitted with it, each once, in their order. Empty where there are more than
    /// 100; the submitted content names them all.</summary>
    public IReadOnlyList<string> AttachmentSha256s { get; init; } = [];

    /// <summary>How many different files were submitted with it.</summary>
    public int AttachmentCount { get; init; }

    /// <summary>The key that signed, of those that <see cref="IReceipts.ListSigningKeysAsync"/> gives.</summary>
    public string KeyId { get; init; } = "";

    /// <summary>From the receipt's hash to the one that was signed: receipts that were committed together have one
    /// signature.</summary>
    public IReadOnlyList<ReceiptProofStep> Path { get; init; } = [];

    /// <summary>The signature, ECDSA on P-256 with SHA-256, in DER, as base64.</summary>
    public string Signature { get; init; } = "";
}

/// <summary>One step towards the hash that was signed.</summary>
/// <param name="Sha256">The hash beside: 64 lower-case hexadecimal digits.</param>
/// <param name="Left">Whether it stands on the left.</param>
public sealed record ReceiptProofStep(string Sha256, bool Left);

/// <summary>A key with which the bridge signs, or has signed: its public half.</summary>
public sealed record SigningKey
{
    /// <summary>The first 32 hexadecimal digits of the SHA-256 of the public key.</summary>
    public required string Id { get; init; }

    /// <summary>The public key on P-256: a SubjectPublicKeyInfo in DER, as base64.</summary>
    public string PublicKey { get; init; } = "";

    /// <summary>When a server of the bridge first signed with it.</summary>
    public DateTimeOffset CreateTime { get; init; }

    /// <summary>Whether the server that was asked signs with it.</summary>
    public bool IsCurrent { get; init; }
}

/// <summary>What the authority submitted, as the bridge gave it to Customs.</summary>
public sealed record SubmittedContent
{
    /// <summary>The submission's message id.</summary>
    public required string MessageId { get; init; }

    /// <summary>The case's id.</summary>
    public required string CaseId { get; init; }

    /// <summary>When it was submitted.</summary>
    public DateTimeOffset CreateTime { get; init; }

    /// <summary>What the content is: application/json.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>What was submitted; files are named in it by their SHA-256.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>The SHA-256 of the content, computed here: 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; init; } = "";
}

/// <summary>Whether receipts are verified as they come.</summary>
public enum ReceiptVerification
{
    /// <summary>They are not; <see cref="IReceipts.VerifyAsync"/> does it where it is asked to.</summary>
    Off = 0,

    /// <summary>Those that have a proof; receipts from before the bridge signed pass.</summary>
    WhereSigned = 1,

    /// <summary>All; one without a proof is refused.</summary>
    Always = 2,
}

/// <summary>What is wrong with the proof of a receipt.</summary>
public enum ReceiptProofFault
{
    /// <summary>The receipt has no proof.</summary>
    NotSigned = 0,

    /// <summary>The proof is of a kind that this version does not know; a newer one may.</summary>
    FormatUnknown = 1,

    /// <summary>The key is none that the bridge publishes.</summary>
    KeyUnknown = 2,

    /// <summary>The key is none of <see cref="SingleWindowClientOptions.PinnedSigningKeys"/>.</summary>
    KeyNotPinned = 3,

    /// <summary>The signature is not one of this receipt: something in it was changed.</summary>
    SignatureWrong = 4,

    /// <summary>What the bridge gives as submitted is not what the receipt says.</summary>
    ContentWrong = 5,

    /// <summary>The bridge gave this receipt, and to another authority than that of
    /// <see cref="SingleWindowClientOptions.ReceiptsOf"/>.</summary>
    AuthorityOther = 6,
}
