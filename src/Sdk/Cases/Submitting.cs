namespace SingleWindowBridge;

/// <summary>Submitting a new application, and waiting for what Customs makes of it.</summary>
public static class Submitting
{
    /// <summary>Submits an application and waits for Customs' answer: <see cref="IApplications.SubmitAsync"/>, then
    /// <see cref="CaseHandle.WaitForAnswerAsync"/>. Choose and store <see cref="ChangeOptions.RequestId"/> before where a new
    /// process must be able to take it up again: the same call then submits nothing anew and waits on.</summary>
    /// <param name="applications">The topic.</param>
    /// <param name="application">The form.</param>
    /// <param name="options">How the submission is made.</param>
    /// <param name="timeout">How long to wait for the answer at most; null for as long as it takes, which may be weeks.</param>
    /// <param name="cancellationToken">Gives the call up; what was submitted stays so.</param>
    /// <returns>The case when Customs had answered.</returns>
    /// <exception cref="ArgumentException">The options only have the submission checked.</exception>
    /// <exception cref="DeadlineExceededException">The time passed after the submission was made. As any failure of the waiting, it has
    /// the submission's <see cref="SingleWindowException.RequestId"/>, and the case's id as <c>case_id</c> among its
    /// <see cref="SingleWindowException.Metadata"/>.</exception>
    /// <exception cref="ChangeCanceledException">The call was given up, before or after the submission was made.</exception>
    /// <inheritdoc cref="IApplications.SubmitAsync" path="/exception"/>
    public static Task<Case> SubmitAndWaitAsync(
        this IApplications applications,
        Application application,
        SubmitOptions? options = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(applications);
        ArgumentNullException.ThrowIfNull(application);
        var made = options.Made();
        return applications.SubmitAsync(application, null, made, cancellationToken).ThenWaitAsync(made, timeout, cancellationToken);
    }

    // The submission is made when the waiting fails: what it fails with tells of which submission.
    internal static async Task<Case> ThenWaitAsync(
        this Task<CaseChange> submitting, SubmitOptions made, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var submitted = await submitting.ConfigureAwait(false);
        var requestId = made.RequestId!.Value;
        try
        {
            return await submitted.Handle.WaitForAnswerAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new ChangeCanceledException(requestId, exception, cancellationToken);
        }
        catch (SingleWindowException exception)
        {
            exception.Tell(requestId, submitted.Handle.Id);
            throw;
        }
    }

    /// <summary>The options with a request id, unless they only have the submission checked, which leaves nothing to wait for.</summary>
    internal static SubmitOptions Made(this SubmitOptions? options) => options is not { ValidateOnly: true }
        ? (options ?? new SubmitOptions()) with { RequestId = options?.RequestId ?? Guid.NewGuid() }
        : throw new ArgumentException("There is no answer to wait for where a submission is only checked.", nameof(options));
}
