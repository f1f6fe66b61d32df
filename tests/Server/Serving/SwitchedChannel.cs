using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Server.Tests.Serving;

/// <summary>A link to Customs that can be cut, and says so.</summary>
internal sealed class SwitchedChannel : ICustomsChannel
{
    private int looks;

    public bool Up { get; set; } = true;

    /// <summary>How often it was asked whether it is up.</summary>
    public int Looks => Volatile.Read(ref looks);

    public Task SendAsync(Submission submission, CancellationToken cancellationToken) =>
        Up ? Task.CompletedTask : throw new CustomsUnavailableException("The line is cut.");

    public async Task<IReadOnlyList<CustomsReceipt>> ReceiveAsync(int max, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return [];
    }

    public Task AcknowledgeAsync(CustomsReceipt receipt, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> IsReachableAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref looks);
        return Task.FromResult(Up);
    }
}
