using Microsoft.Extensions.Logging;
using SingleWindowBridge;

namespace ReceiptWorkerSample;

/// <summary>Writes each receipt into the case book.</summary>
internal sealed class ReceiptClerk(CaseBook book, ILogger<ReceiptClerk> log) : IReceiptHandler
{
    public async ValueTask HandleAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        await book.KeepAsync(receipt);
        log.LogInformation(
            "{Number}: {Case} {Event}, now {Stage} {Status}",
            receipt.Number, receipt.CaseNumber, receipt.Event, receipt.Stage.Name().Zh, receipt.Status.Name().Zh);
    }
}
