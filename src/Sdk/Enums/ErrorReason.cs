namespace SingleWindowBridge;

/// <summary>
/// Why a call failed, as the server names it. Open, as <see cref="Stage"/> says; a reason that this version does not know is
/// <see cref="Unknown"/>, and <see cref="SingleWindowException.ReasonCode"/> has its name.
/// </summary>
public enum ErrorReason
{
    /// <summary>No reason was given, or one that this version does not know.</summary>
    Unknown = 0,

    /// <summary>One or more fields are wrong; all of them are listed.</summary>
    FieldInvalid = 1,

    /// <summary>The page token is not from a listing with these filters.</summary>
    PageTokenInvalid = 2,

    /// <summary>The cursor is not one that this feed gave out.</summary>
    CursorInvalid = 3,

    /// <summary>The position is ahead of the feed: the server was restored from an older copy, or the number was never
    /// given.</summary>
    CursorAheadOfFeed = 4,

    /// <summary>The call carries no credential.</summary>
    CredentialsMissing = 5,

    /// <summary>The credential is unknown, expired or revoked.</summary>
    CredentialsInvalid = 6,

    /// <summary>The account has no such case.</summary>
    CaseNotFound = 7,

    /// <summary>The account has no such file.</summary>
    FileNotFound = 8,

    /// <summary>There is no such questionnaire template, or not in this version.</summary>
    TemplateNotFound = 9,

    /// <summary>The sandbox has no such scenario.</summary>
    ScenarioNotFound = 10,

    /// <summary>The case has not reached the stage of this call (未进入该阶段，不允许此操作!).</summary>
    StageNotReached = 11,

    /// <summary>The case has passed the stage of this call (该阶段已完成).</summary>
    StageCompleted = 12,

    /// <summary>The case is in the stage of this call, in a status that does not allow it.</summary>
    StatusNotAllowed = 13,

    /// <summary>The case has changed since the etag was read.</summary>
    EtagMismatch = 14,

    /// <summary>The request id was used before with other content.</summary>
    RequestIdReused = 15,

    /// <summary>The file is larger than 4 MiB (4,194,304 bytes).</summary>
    FileTooLarge = 16,

    /// <summary>The name does not end in .jpg, .jpeg, .gif, .png or .pdf.</summary>
    FileTypeNotAllowed = 17,

    /// <summary>The content is not what the name says.</summary>
    FileContentMismatch = 18,

    /// <summary>Fewer or more bytes came than the header said.</summary>
    FileSizeMismatch = 19,

    /// <summary>The content's SHA-256 is not the header's.</summary>
    FileHashMismatch = 20,

    /// <summary>The upload did not begin with its header, or had a second one.</summary>
    UploadOutOfOrder = 21,

    /// <summary>The database could not be reached or was too busy.</summary>
    StoreUnavailable = 22,

    /// <summary>The server is shutting down.</summary>
    ShuttingDown = 23,

    /// <summary>A fault of the bridge.</summary>
    InternalError = 24,

    /// <summary>The key is not of those for whom the service is.</summary>
    RoleRequired = 25,

    /// <summary>There is no such entry of a message of Customs.</summary>
    CustomsMessageNotFound = 26,

    /// <summary>The message of Customs was applied or discarded before.</summary>
    CustomsMessageSettled = 27,

    /// <summary>The far end of the exchange does not hold the submission.</summary>
    SubmissionNotLeased = 28,

    /// <summary>No submission has an attachment with this SHA-256.</summary>
    AttachmentNotFound = 29,

    /// <summary>The call is for sandbox accounts alone.</summary>
    SandboxAccountRequired = 30,

    /// <summary>The call is not for cases of this kind.</summary>
    CaseKindNotAllowed = 35,

    /// <summary>Customs reviews only a category for which the authority has passed an assessment.</summary>
    AssessmentNotPassed = 36,

    /// <summary>Customs started a review of an authority that has no account.</summary>
    AuthorityNotFound = 37,

    /// <summary>The key is mistyped or cut off: its checksum does not fit.</summary>
    KeyMistyped = 65,

    /// <summary>A credential of the sandbox on another server, or the reverse.</summary>
    CredentialOfOtherKind = 66,

    /// <summary>The client certificate is not trusted, not valid, or not bound to the account.</summary>
    CertificateNotAccepted = 67,

    /// <summary>The account has to show a client certificate.</summary>
    CertificateRequired = 68,

    /// <summary>The operator has disabled the account.</summary>
    AccountDisabled = 69,

    /// <summary>For operators: there is no such account.</summary>
    AccountNotFound = 70,

    /// <summary>For operators: there is an account with this id.</summary>
    AccountAlreadyExists = 71,

    /// <summary>For operators: the account has two live keys.</summary>
    KeyLimitReached = 72,

    /// <summary>For operators: the account has no such key or certificate.</summary>
    CredentialNotFound = 73,

    /// <summary>For operators: the client certificate stands for an account already.</summary>
    CertificateAlreadyBound = 74,

    /// <summary>The authority has submitted nothing with this message id.</summary>
    SubmissionNotFound = 75,

    /// <summary>The file's name holds a second extension.</summary>
    FileNameAmbiguous = 80,

    /// <summary>The PDF is encrypted.</summary>
    FileEncrypted = 81,

    /// <summary>The image has too many pixels.</summary>
    ImageTooLarge = 82,

    /// <summary>The files of the account, or of the case, are as many or as large as they may be.</summary>
    FileQuotaExceeded = 83,

    /// <summary>Too many calls, or too many bytes uploaded, in a short time.</summary>
    RateLimited = 84,

    /// <summary>Too much is open at once.</summary>
    TooManyAtOnce = 85,

    /// <summary>A stream was read too slowly and ended.</summary>
    ReadTooSlowly = 86,

    /// <summary>The message of the request is larger than its call takes.</summary>
    MessageTooLarge = 87,

    /// <summary>An upload came too slowly.</summary>
    UploadTooSlow = 88,

    /// <summary>Too many calls came from this address without a good credential.</summary>
    TooManyBadCredentials = 89,

    /// <summary>The account has no consumer of receipts of this name.</summary>
    ReceiptConsumerNotFound = 90,

    /// <summary>The account has as many consumers of receipts as it may have.</summary>
    TooManyReceiptConsumers = 91,

    /// <summary>The server has more to do than it can for now; the call had no effect.</summary>
    ServerBusy = 98,
}
