using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>A link to Customs that takes nothing and says nothing.</summary>
public sealed class SilentChannel : ICustomsChannel
{
    public Task SendAsync(Submission submission, CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    public async Task<IReadOnlyList<CustomsReceipt>> ReceiveAsync(int max, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return [];
    }

    public Task AcknowledgeAsync(CustomsReceipt receipt, CancellationToken cancellationToken) => Task.CompletedTask;
}
