namespace SingleWindowBridge;

/// <summary>What an application does with each of its receipts.</summary>
public interface IReceiptHandler
{
    /// <summary>
    /// Handles one receipt. When it returns, the receipt counts as handled; when it throws, the same receipt comes again after a
    /// pause, and no later one before it.
    /// </summary>
    /// <param name="receipt">The receipt. To handle each exactly once, write <see cref="Receipt.Cursor"/> in the same transaction
    /// as your own data, to where <see cref="IReceiptCheckpoint.LoadAsync"/> reads it.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    ValueTask HandleAsync(Receipt receipt, CancellationToken cancellationToken);
}
