namespace SingleWindowBridge;

/// <summary>Readers of the authority's receipts whose place the bridge keeps, by name: for a system that has no database of its own
/// to keep it in. Up to 100.</summary>
public interface IReceiptConsumers
{
    /// <summary>Lists the consumers, by name.</summary>
    /// <param name="cancellationToken">Gives the call up.</param>
    Task<IReadOnlyList<ReceiptConsumer>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Gives one consumer's place.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="ReceiptConsumerNotFoundException">There is none of this name.</exception>
    Task<ReceiptConsumer> GetAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Keeps a consumer's place, and makes the consumer where there is none of this name. The place goes on only: of two
    /// that commit, the further one counts. May be done again at will.</summary>
    /// <param name="name">Its name: 1 to 64 of the characters a-z, 0-9, ".", "_" and "-", a letter or digit first.</param>
    /// <param name="place">The place, after the last receipt that was handled; not <see cref="ReceiptPosition.Now"/>.</param>
    /// <param name="allowBack">Whether the place may go back, to handle receipts again.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>The consumer as it stands: at the place given, or further on.</returns>
    /// <exception cref="CursorException">The place is not one of this feed, or ahead of it.</exception>
    /// <exception cref="ValidationException">The name cannot be one.</exception>
    /// <exception cref="TooManyReceiptConsumersException">There are 100 already.</exception>
    Task<ReceiptConsumer> CommitAsync(
        string name, ReceiptPosition place, bool allowBack = false, CancellationToken cancellationToken = default);

    /// <summary>Forgets a consumer and its place.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="ReceiptConsumerNotFoundException">There is none of this name.</exception>
    Task DeleteAsync(string name, CancellationToken cancellationToken = default);
}

/// <summary>One reader of the receipts whose place the bridge keeps.</summary>
public sealed record ReceiptConsumer
{
    /// <summary>Its name within the authority.</summary>
    public required string Name { get; init; }

    /// <summary>The place just after the last receipt that it has handled: <see cref="ReceiptPosition.After(string)"/>.</summary>
    public required string Cursor { get; init; }

    /// <summary>The number of that receipt; 0 for the beginning.</summary>
    public long Number { get; init; }

    /// <summary>The number of the newest receipt in the feed.</summary>
    public long HeadNumber { get; init; }

    /// <summary>How many receipts are still to be handled.</summary>
    public long Behind => Math.Max(0, HeadNumber - Number);

    /// <summary>When the place last changed.</summary>
    public DateTimeOffset UpdateTime { get; init; }
}
