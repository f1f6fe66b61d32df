namespace SingleWindowBridge;

/// <summary>The request is wrong, whatever the state of things. Correct it and send it again, with a new request id.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public class InvalidRequestException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException);

/// <summary>One or more fields are wrong; <see cref="SingleWindowException.Fields"/> lists all of them, in both
/// languages.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class ValidationException(SingleWindowError error, Exception? innerException = null)
    : InvalidRequestException(error, innerException);

/// <summary>The page token is not from a listing with these filters. Begin again without one.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class PageTokenInvalidException(SingleWindowError error, Exception? innerException = null)
    : InvalidRequestException(error, innerException);

/// <summary>The account has no such thing. A thing of another authority is not to be told from one that never was.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public class NotFoundException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException);

/// <summary>The account has no such case.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class CaseNotFoundException(SingleWindowError error, Exception? innerException = null)
    : NotFoundException(error, innerException)
{
    /// <summary>The id or number asked for, if the server says it.</summary>
    public string? CaseId => Metadata.GetValueOrDefault("case_id");
}

/// <summary>The account has no such file.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class StoredFileNotFoundException(SingleWindowError error, Exception? innerException = null)
    : NotFoundException(error, innerException)
{
    /// <summary>The id asked for, if the server says it.</summary>
    public string? FileId => Metadata.GetValueOrDefault("file_id");
}

/// <summary>There is no such questionnaire template, or not in this version.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class TemplateNotFoundException(SingleWindowError error, Exception? innerException = null)
    : NotFoundException(error, innerException);

/// <summary>The sandbox has no such scenario.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class ScenarioNotFoundException(SingleWindowError error, Exception? innerException = null)
    : NotFoundException(error, innerException);

/// <summary>The server does not have this call: it is older than this library, or not a sandbox.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class NotSupportedByServerException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException);

/// <summary>The case has changed since its etag was read. Read it again, decide again, and send with a new request id.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class EtagMismatchException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException)
{
    /// <summary>The etag that the case has now, if the server says it.</summary>
    public string? CurrentETag => Metadata.GetValueOrDefault("etag");
}

/// <summary>The request id was used before with other content. Take a new one for every new change.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class RequestIdReusedException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException);
