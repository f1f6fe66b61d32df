using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Channels;

/// <summary>What an operator's monitoring asks of the link to Customs.</summary>
public interface ICustomsLink
{
    /// <summary>
    /// Whether the other side can be reached now, for the operator's monitoring. Submissions are taken and wait whatever it says.
    /// A channel that has no other side of its own, such as the sandbox, is always reached.
    /// </summary>
    Task<bool> IsReachableAsync(CancellationToken cancellationToken) => Task.FromResult(true);
}

/// <summary>The link to Customs. Every call may be made from several threads.</summary>
public interface ICustomsChannel : ICustomsLink
{
    /// <summary>Hands a submission over. When it returns, the other side has it for good; it drops a repeat of the same message id.</summary>
    /// <exception cref="CustomsUnavailableException">It could not be handed over now; the same message may be tried again.</exception>
    Task SendAsync(Submission submission, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for the next receipts and gives at most <paramref name="max"/> of them, in order. One that is not acknowledged is
    /// given again by a later call.
    /// </summary>
    Task<IReadOnlyList<CustomsReceipt>> ReceiveAsync(int max, CancellationToken cancellationToken);

    /// <summary>Lets go of a receipt whose effect is committed. Acknowledging one again does nothing.</summary>
    Task AcknowledgeAsync(CustomsReceipt receipt, CancellationToken cancellationToken);

    /// <summary>Has a message that could not be read looked at again, if the channel has kept it.</summary>
    /// <param name="source">Where it came from, as <see cref="Unreadable.Source"/> has it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Whether it comes again.</returns>
    Task<bool> RetryAsync(string source, CancellationToken cancellationToken) => Task.FromResult(false);
}

/// <summary>A submission could not be handed over to Customs.</summary>
public sealed class CustomsUnavailableException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong, fit to be shown to the authority.</param>
    /// <param name="inner">The cause, if any.</param>
    public CustomsUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
