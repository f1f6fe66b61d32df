namespace SingleWindowBridge;

/// <summary>The call is for sandbox accounts alone; this account is a real one.</summary>
/// <param name="error">What came over the wire.</param>
/// <param name="innerException">The cause, if any.</param>
public sealed class SandboxAccountRequiredException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException);

/// <summary>The server does not know the caller, or does not let it do this.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public class CredentialsException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException);

/// <summary>The call carries no key.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class CredentialsMissingException(SingleWindowError error, Exception? innerException = null)
    : CredentialsException(error, innerException);

/// <summary>The key is unknown, expired or revoked. Ask the operator for a new one.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class CredentialsInvalidException(SingleWindowError error, Exception? innerException = null)
    : CredentialsException(error, innerException);

/// <summary>The key would go unencrypted to another machine. Use https://, or set
/// <see cref="SingleWindowClientOptions.AllowInsecureTransport"/> where something else encrypts the way.</summary>
/// <param name="endpoint">The server's address.</param>
public sealed class InsecureTransportException(Uri endpoint) : SingleWindowException(new SingleWindowError
{
    StatusCode = RpcStatusCode.FailedPrecondition,
    MessageZh = $"密钥不得以明文发送到 {endpoint}。请使用 https://；若该链路已由其他方式加密，请设置 AllowInsecureTransport。",
    MessageEn = $"The key must not go unencrypted to {endpoint}. Use https://, or set AllowInsecureTransport where something "
        + "else encrypts the way.",
})
{
    /// <summary>The server's address.</summary>
    public Uri Endpoint { get; } = endpoint;
}

/// <summary>A server was reached that could not show who it is: its certificate is not from an authority that is trusted, not for the name
/// of the endpoint, or has expired, or the port speaks no TLS. It was sent nothing. Give the authority in
/// <see cref="SingleWindowClientOptions.ServerAuthorities"/>, or mend the server; trying again does not help, so this ends a watch.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class ServerNotTrustedException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException);

/// <summary>A reading found no server, or only busy ones, in all its attempts. (For a change see
/// <see cref="OutcomeUnknownException"/>.)</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class UnavailableException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException)
{
    /// <inheritdoc/>
    public override bool IsRetryable => true;
}

/// <summary>The server takes no more of this account, connection or address for now: too many calls in a short time, or too much at
/// once; <see cref="SingleWindowException.Reason"/> tells which. The call had no effect. All attempts came too soon: wait for
/// <see cref="RetryAfter"/> at least, or have fewer calls at once.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class LimitExceededException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException)
{
    /// <summary>How long the server asks to wait; null where it does not say.</summary>
    public TimeSpan? RetryAfter => Error.RetryAfter;

    /// <inheritdoc/>
    public override bool IsRetryable => true;
}

/// <summary>The deadline passed before an answer came.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class DeadlineExceededException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException)
{
    /// <inheritdoc/>
    public override bool IsRetryable => true;
}

/// <summary>No answer came to a change: it may have been made or not. Ask again, now or later, from this process or
/// another, with the same <see cref="SingleWindowException.RequestId"/> and the same content: the change is made once, and its
/// answer given again.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class OutcomeUnknownException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException)
{
    /// <inheritdoc/>
    public override bool IsRetryable => true;

    /// <inheritdoc/>
    public override bool IsOutcomeUnknown => true;
}

/// <summary>A fault of the bridge. The same request id may be tried again; give the trace id to the operator.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class BridgeFaultException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException)
{
    /// <summary>The trace id to give to the operator; null where the server does not say.</summary>
    public string? TraceId => Metadata.GetValueOrDefault("trace_id");

    /// <inheritdoc/>
    public override bool IsRetryable => true;

    /// <inheritdoc/>
    public override bool IsOutcomeUnknown => RequestId is not null;
}

/// <summary>The caller's token was cancelled while a change was under way: it may have been made or not. Asking again with the
/// same request id tells.</summary>
/// <param name="requestId">The request id of the change.</param>
/// <param name="innerException">What it came from, if anything.</param>
/// <param name="cancellationToken">The caller's token.</param>
public sealed class ChangeCanceledException(Guid requestId, Exception? innerException, CancellationToken cancellationToken)
    : OperationCanceledException(
        $"The change was cancelled; request id {requestId} tells what became of it.", innerException, cancellationToken)
{
    /// <summary>The request id of the change.</summary>
    public Guid RequestId { get; } = requestId;
}
