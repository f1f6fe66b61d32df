namespace SingleWindowBridge;

/// <summary>Keeps a consumer's place at the bridge, under its name.</summary>
/// <remarks>A commit that finds no server is not an error of the watch, whose stream is then cut too: the place is kept with the next
/// receipt or, at the latest, when the watch has caught up again. Until then a process that ends gets the receipts since the last
/// commit again.</remarks>
public sealed class ConsumerCheckpoint : IReceiptCheckpoint
{
    private readonly IReceiptConsumers _consumers;
    private readonly string _name;

    /// <summary>Keeps the place of the consumer of this name, which need not exist yet.</summary>
    /// <param name="consumers">The consumers: <see cref="IReceipts.Consumers"/>.</param>
    /// <param name="name">The name: 1 to 64 of the characters a-z, 0-9, ".", "_" and "-", a letter or digit first.</param>
    public ConsumerCheckpoint(IReceiptConsumers consumers, string name)
    {
        ArgumentNullException.ThrowIfNull(consumers);
        ArgumentException.ThrowIfNullOrEmpty(name);
        (_consumers, _name) = (consumers, name);
    }

    /// <summary>Gives the cursor that the bridge has, or null where it has no such consumer.</summary>
    /// <param name="cancellationToken">Gives the reading up.</param>
    public async ValueTask<string?> LoadAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return (await _consumers.GetAsync(_name, cancellationToken).ConfigureAwait(false)).Cursor;
        }
        catch (ReceiptConsumerNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Has the bridge keep a cursor. Where it has a further one already, that stays.</summary>
    /// <param name="cursor">The cursor.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    public async ValueTask SaveAsync(string cursor, CancellationToken cancellationToken = default) =>
        await _consumers.CommitAsync(_name, ReceiptPosition.After(cursor), cancellationToken: cancellationToken).ConfigureAwait(false);
}
