using System.Collections.Frozen;
using Grpc.Core;

namespace SingleWindowBridge;

/// <summary>The one place that says which exception an error becomes: by its reason, else by its status.</summary>
internal static class ErrorTable
{
    private delegate SingleWindowException Maker(SingleWindowError error, Exception? inner);

    private static readonly FrozenDictionary<ErrorReason, Maker> ByReason = new Dictionary<ErrorReason, Maker>
    {
        [ErrorReason.FieldInvalid] = (error, inner) => new ValidationException(error, inner),
        [ErrorReason.PageTokenInvalid] = (error, inner) => new PageTokenInvalidException(error, inner),
        [ErrorReason.CursorInvalid] = (error, inner) => new CursorInvalidException(error, inner),
        [ErrorReason.CursorAheadOfFeed] = (error, inner) => new CursorAheadOfFeedException(error, inner),
        [ErrorReason.CredentialsMissing] = (error, inner) => new CredentialsMissingException(error, inner),
        [ErrorReason.CredentialsInvalid] = (error, inner) => new CredentialsInvalidException(error, inner),
        [ErrorReason.CaseNotFound] = (error, inner) => new CaseNotFoundException(error, inner),
        [ErrorReason.FileNotFound] = (error, inner) => new StoredFileNotFoundException(error, inner),
        [ErrorReason.TemplateNotFound] = (error, inner) => new TemplateNotFoundException(error, inner),
        [ErrorReason.ScenarioNotFound] = (error, inner) => new ScenarioNotFoundException(error, inner),
        [ErrorReason.StageNotReached] = (error, inner) => new StageNotReachedException(error, inner),
        [ErrorReason.StageCompleted] = (error, inner) => new StageCompletedException(error, inner),
        [ErrorReason.StatusNotAllowed] = (error, inner) => new StatusNotAllowedException(error, inner),
        [ErrorReason.EtagMismatch] = (error, inner) => new EtagMismatchException(error, inner),
        [ErrorReason.RequestIdReused] = (error, inner) => new RequestIdReusedException(error, inner),
        [ErrorReason.FileTooLarge] = (error, inner) => new FileRejectedException(error, inner),
        [ErrorReason.FileTypeNotAllowed] = (error, inner) => new FileRejectedException(error, inner),
        [ErrorReason.FileContentMismatch] = (error, inner) => new FileRejectedException(error, inner),
        [ErrorReason.FileSizeMismatch] = (error, inner) => new FileDamagedException(error, inner),
        [ErrorReason.FileHashMismatch] = (error, inner) => new FileDamagedException(error, inner),
        [ErrorReason.UploadOutOfOrder] = (error, inner) => new FileDamagedException(error, inner),
        [ErrorReason.StoreUnavailable] = Unavailable,
        [ErrorReason.ShuttingDown] = Unavailable,
        [ErrorReason.ServerBusy] = Unavailable,
        [ErrorReason.InternalError] = (error, inner) => new BridgeFaultException(error, inner),
        [ErrorReason.RoleRequired] = (error, inner) => new CredentialsException(error, inner),
        [ErrorReason.CustomsMessageNotFound] = (error, inner) => new NotFoundException(error, inner),
        [ErrorReason.CustomsMessageSettled] = (error, inner) => new TransitionNotAllowedException(error, inner),
        [ErrorReason.SubmissionNotLeased] = (error, inner) => new TransitionNotAllowedException(error, inner),
        [ErrorReason.AttachmentNotFound] = (error, inner) => new NotFoundException(error, inner),
        [ErrorReason.SandboxAccountRequired] = (error, inner) => new SandboxAccountRequiredException(error, inner),
        [ErrorReason.CaseKindNotAllowed] = (error, inner) => new CaseKindNotAllowedException(error, inner),
        [ErrorReason.AssessmentNotPassed] = (error, inner) => new AssessmentNotPassedException(error, inner),
        [ErrorReason.AuthorityNotFound] = (error, inner) => new NotFoundException(error, inner),
        [ErrorReason.KeyMistyped] = (error, inner) => new CredentialsInvalidException(error, inner),
        [ErrorReason.CredentialOfOtherKind] = (error, inner) => new CredentialsInvalidException(error, inner),
        [ErrorReason.CertificateNotAccepted] = (error, inner) => new CredentialsException(error, inner),
        [ErrorReason.CertificateRequired] = (error, inner) => new CredentialsException(error, inner),
        [ErrorReason.AccountDisabled] = (error, inner) => new CredentialsException(error, inner),
        [ErrorReason.AccountNotFound] = (error, inner) => new NotFoundException(error, inner),
        [ErrorReason.AccountAlreadyExists] = (error, inner) => new InvalidRequestException(error, inner),
        [ErrorReason.KeyLimitReached] = (error, inner) => new TransitionNotAllowedException(error, inner),
        [ErrorReason.CredentialNotFound] = (error, inner) => new NotFoundException(error, inner),
        [ErrorReason.CertificateAlreadyBound] = (error, inner) => new InvalidRequestException(error, inner),
        [ErrorReason.SubmissionNotFound] = (error, inner) => new NotFoundException(error, inner),
        [ErrorReason.FileNameAmbiguous] = (error, inner) => new FileRejectedException(error, inner),
        [ErrorReason.FileEncrypted] = (error, inner) => new FileRejectedException(error, inner),
        [ErrorReason.ImageTooLarge] = (error, inner) => new FileRejectedException(error, inner),
        [ErrorReason.FileQuotaExceeded] = (error, inner) => new FileQuotaExceededException(error, inner),
        [ErrorReason.RateLimited] = (error, inner) => new LimitExceededException(error, inner),
        [ErrorReason.TooManyAtOnce] = (error, inner) => new LimitExceededException(error, inner),
        [ErrorReason.ReadTooSlowly] = (error, inner) => new LimitExceededException(error, inner),
        [ErrorReason.MessageTooLarge] = (error, inner) => new InvalidRequestException(error, inner),
        [ErrorReason.UploadTooSlow] = (error, inner) => new UploadTooSlowException(error, inner),
        [ErrorReason.TooManyBadCredentials] = (error, inner) => new CredentialsException(error, inner),
        [ErrorReason.ReceiptConsumerNotFound] = (error, inner) => new ReceiptConsumerNotFoundException(error, inner),
        [ErrorReason.TooManyReceiptConsumers] = (error, inner) => new TooManyReceiptConsumersException(error, inner),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<RpcStatusCode, Maker> ByStatus = new Dictionary<RpcStatusCode, Maker>
    {
        [RpcStatusCode.InvalidArgument] = (error, inner) => new InvalidRequestException(error, inner),
        [RpcStatusCode.NotFound] = (error, inner) => new NotFoundException(error, inner),
        [RpcStatusCode.FailedPrecondition] = NotInThisState,
        [RpcStatusCode.Unauthenticated] = (error, inner) => new CredentialsException(error, inner),
        [RpcStatusCode.PermissionDenied] = (error, inner) => new CredentialsException(error, inner),
        [RpcStatusCode.Unimplemented] = (error, inner) => new NotSupportedByServerException(error, inner),
        [RpcStatusCode.DeadlineExceeded] = LostOr((error, inner) => new DeadlineExceededException(error, inner)),
        [RpcStatusCode.Unavailable] = Unavailable,
        [RpcStatusCode.Cancelled] = LostOr((error, inner) => new SingleWindowException(error, inner)),
        [RpcStatusCode.Unknown] = LostOr((error, inner) => new BridgeFaultException(error, inner)),
        [RpcStatusCode.Internal] = LostOr((error, inner) => new BridgeFaultException(error, inner)),
        [RpcStatusCode.DataLoss] = LostOr((error, inner) => new BridgeFaultException(error, inner)),
    }.ToFrozenDictionary();

    /// <summary>Whether an error of this reason has a type of its own.</summary>
    public static bool Knows(ErrorReason reason) => ByReason.ContainsKey(reason);

    /// <summary>Makes the exception that stands for an error.</summary>
    public static SingleWindowException ToException(SingleWindowError error, Exception? inner = null) =>
        inner is RpcException failed && ErrorReader.IsOfTrust(failed) ? new ServerNotTrustedException(error, inner)
        : ByReason.TryGetValue(error.Reason, out var make) || ByStatus.TryGetValue(error.StatusCode, out make)
            ? make(error, inner)
            : new SingleWindowException(error, inner);

    /// <summary>Whether an attempt that ended so may have made the change all the same. A busy server has done nothing.</summary>
    public static bool MayHaveBeenMade(SingleWindowError error) =>
        error is { StatusCode: RpcStatusCode.Unavailable, Reason: not ErrorReason.ServerBusy };

    /// <summary>Whether an attempt may be refused so without the server having looked whether the request id was seen before: the
    /// refusal then says nothing of the attempts before it. What is wrong with the content or the case would have been wrong
    /// before too, or is told after that look.</summary>
    public static bool MayComeBeforeTheRequestId(SingleWindowException refusal) => !refusal.IsOutcomeUnknown
        && (refusal.ReasonCode is null
            || refusal is CredentialsException or LimitExceededException or UploadTooSlowException or FileDamagedException
                or DeadlineExceededException or UnavailableException or NotSupportedByServerException
            || refusal is { Reason: ErrorReason.Unknown, StatusCode: RpcStatusCode.ResourceExhausted });

    /// <summary>Makes the exception of a change of which one attempt may have made it, and a later one was refused.</summary>
    /// <param name="lost">How the attempt ended that may have made it.</param>
    /// <param name="last">What is known of the last attempt.</param>
    /// <param name="inner">What the last attempt gave.</param>
    public static OutcomeUnknownException AfterLost(SingleWindowError lost, SingleWindowError last, Exception inner) => new(
        last with
        {
            MessageZh = $"第 {lost.Attempts} 次尝试未得到答复，更改可能已生效；请以同一请求编号再次提交以得知结果。最后一次尝试：{Zh(last, inner)}",
            MessageEn = $"Attempt {lost.Attempts} had no answer and may have made the change; ask again with the same request id. "
                + $"The last attempt: {En(last, inner)}",
        },
        inner);

    private static string Zh(SingleWindowError last, Exception inner) => inner is SingleWindowException ? last.MessageZh : inner.Message;

    private static string En(SingleWindowError last, Exception inner) => inner is SingleWindowException ? last.MessageEn : inner.Message;

    private static SingleWindowException Unavailable(SingleWindowError error, Exception? inner) =>
        LostOr((e, i) => new UnavailableException(e, i))(error, inner);

    // Of a reason that only a newer server knows, it is the metadata that say whether the case's stage is the matter.
    private static SingleWindowException NotInThisState(SingleWindowError error, Exception? inner) =>
        error.Metadata.ContainsKey("stage") ? new TransitionNotAllowedException(error, inner) : new SingleWindowException(error, inner);

    // A change whose answer was lost may have been made: that is another meaning than a reading that failed.
    private static Maker LostOr(Maker make) => (error, inner) =>
        error.RequestId is null ? make(error, inner) : new OutcomeUnknownException(error, inner);
}
