namespace SingleWindowBridge;

/// <summary>The authority's receipts: one ordered feed of everything that happens to its cases.</summary>
public interface IReceipts
{
    /// <summary>
    /// Gives every receipt after a position, oldest first, says when it has caught up, and goes on live until the token is
    /// cancelled or the loop is left. It survives cuts and restarts of the server: it takes the stream up again at the place
    /// reached, and checks that every receipt's number follows the one before.
    /// </summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="options">How to watch; null for the defaults.</param>
    /// <param name="cancellationToken">Ends it, with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="CursorInvalidException">The cursor is not one of this feed.</exception>
    /// <exception cref="CursorAheadOfFeedException">The position is ahead of the feed: the server was restored from an older
    /// copy, or the number was never given.</exception>
    /// <exception cref="ReceiptFeedException">A receipt is missing or came twice: a fault of the bridge.</exception>
    /// <exception cref="ServerNotTrustedException">The server's certificate is not one to be trusted.</exception>
    IAsyncEnumerable<ReceiptMessage> WatchAsync(
        ReceiptPosition from, WatchOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Watches from a checkpoint, and moves the checkpoint on when an item has been handled, that is when the loop asks for the
    /// next one. A consumer that fails over an item gets it again the next time: at least once. Make the handling bear that, for
    /// instance by the receipt's number.
    /// </summary>
    /// <param name="checkpoint">Where the position is kept. Where it has none yet, <see cref="WatchOptions.FirstPosition"/>
    /// counts.</param>
    /// <param name="options">How to watch; null for the defaults.</param>
    /// <param name="cancellationToken">Ends it, with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="CursorInvalidException">The cursor is not one of this feed.</exception>
    /// <exception cref="CursorAheadOfFeedException">The position is ahead of the feed.</exception>
    /// <exception cref="ReceiptFeedException">A receipt is missing or came twice: a fault of the bridge.</exception>
    /// <exception cref="ServerNotTrustedException">The server's certificate is not one to be trusted.</exception>
    IAsyncEnumerable<ReceiptMessage> WatchAsync(
        IReceiptCheckpoint checkpoint, WatchOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Watches from the place that the bridge keeps under a consumer's name, and commits the place there when an item has been handled,
    /// that is when the loop asks for the next one: at least once, as with any checkpoint. The consumer is made with the first
    /// commit; before that, <see cref="WatchOptions.FirstPosition"/> counts.
    /// </summary>
    /// <param name="consumer">The consumer's name: 1 to 64 of the characters a-z, 0-9, ".", "_" and "-", a letter or digit
    /// first. One process at a time.</param>
    /// <param name="options">How to watch; null for the defaults.</param>
    /// <param name="cancellationToken">Ends it, with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ValidationException">The name cannot be one.</exception>
    /// <exception cref="CursorInvalidException">The feed has begun anew since the place was kept.</exception>
    /// <exception cref="CursorAheadOfFeedException">The position is ahead of the feed.</exception>
    /// <exception cref="ReceiptFeedException">A receipt is missing or came twice: a fault of the bridge.</exception>
    /// <exception cref="ServerNotTrustedException">The server's certificate is not one to be trusted.</exception>
    IAsyncEnumerable<ReceiptMessage> WatchAsync(
        string consumer, WatchOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The consumers whose place the bridge keeps.</summary>
    IReceiptConsumers Consumers { get; }

    /// <summary>Lists the receipts after a position, oldest first, up to the newest, getting page after page as they are
    /// read.</summary>
    /// <param name="from">Where to begin; null for the beginning. Not <see cref="ReceiptPosition.Now"/>.</param>
    /// <param name="cancellationToken">Gives the listing up.</param>
    /// <exception cref="CursorException">The position is not one of this feed, or ahead of it.</exception>
    /// <exception cref="ReceiptFeedException">A receipt is missing or came twice: a fault of the bridge.</exception>
    IAsyncEnumerable<Receipt> ListAsync(ReceiptPosition? from = null, CancellationToken cancellationToken = default);

    /// <summary>Gets one page of the receipts after a position, oldest first.</summary>
    /// <param name="from">Where to begin; null for the beginning. Not <see cref="ReceiptPosition.Now"/>.</param>
    /// <param name="pageSize">How many at most, 1 to 1,000; 0 for the server's default, 100.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="CursorException">The position is not one of this feed, or ahead of it.</exception>
    Task<ReceiptPage> ListPageAsync(
        ReceiptPosition? from = null, int pageSize = 0, CancellationToken cancellationToken = default);

    /// <summary>Verifies that the bridge gave this receipt as it is: also one that was kept for years. The keys that the bridge
    /// publishes are asked for once; <see cref="SingleWindowClientOptions.PinnedSigningKeys"/> says which of them to trust.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="ReceiptNotProvenException">It is not proven: it was changed, has no proof, is another authority's than
    /// <see cref="SingleWindowClientOptions.ReceiptsOf"/> says, or is signed by a key that is not
    /// to be trusted.</exception>
    Task VerifyAsync(Receipt receipt, CancellationToken cancellationToken = default);

    /// <summary>Gets what the authority submitted with the message that a receipt is of, or that it answers, and checks that it is
    /// what the receipt says.</summary>
    /// <param name="receipt">The receipt. That it is proven itself is not checked here.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="ArgumentException">Nothing had been submitted when the receipt was given, or it has no proof.</exception>
    /// <exception cref="NotFoundException">The authority has submitted nothing with this message id.</exception>
    /// <exception cref="ReceiptNotProvenException">What the bridge gives is not what the receipt says.</exception>
    Task<SubmittedContent> GetSubmissionAsync(Receipt receipt, CancellationToken cancellationToken = default);

    /// <summary>Lists the keys with which receipts are signed, and those with which they were signed before, oldest first.</summary>
    /// <param name="cancellationToken">Gives the call up.</param>
    Task<IReadOnlyList<SigningKey>> ListSigningKeysAsync(CancellationToken cancellationToken = default);
}

/// <summary>How the feed is watched.</summary>
public sealed record WatchOptions
{
    /// <summary>How often the server gives a sign of life when nothing happens: 1 to 300 s; by default 15 s. A stream that is
    /// silent for three intervals is cut and taken up again.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The wait before the first reconnection, before jitter; it doubles with every one that brings nothing. By default
    /// 250 ms. A server that names a longer one is obeyed.</summary>
    public TimeSpan InitialBackoff { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait before a reconnection, before jitter; by default 15 s.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long to go on trying while nothing comes, before the last error is thrown; null for ever.</summary>
    public TimeSpan? GiveUpAfter { get; init; }

    /// <summary>Where to begin when a checkpoint has no position yet; by default with the first receipt.</summary>
    public ReceiptPosition FirstPosition { get; init; } = ReceiptPosition.Beginning;
}

/// <summary>Keeps a consumer's place in the feed of receipts. Keep it with the consumer's own data, in the same transaction,
/// where you can: then every receipt is handled exactly once.</summary>
public interface IReceiptCheckpoint
{
    /// <summary>Gives the cursor kept last, or null where none was.</summary>
    /// <param name="cancellationToken">Gives the reading up.</param>
    ValueTask<string?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a cursor. When it returns, the cursor must survive a crash.</summary>
    /// <param name="cursor">The cursor.</param>
    /// <param name="cancellationToken">Gives the writing up; the cursor kept before must then be whole.</param>
    ValueTask SaveAsync(string cursor, CancellationToken cancellationToken);
}
