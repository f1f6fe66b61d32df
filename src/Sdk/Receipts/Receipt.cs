namespace SingleWindowBridge;

/// <summary>One receipt (回执): a change of one of the authority's cases. Saves and discards of drafts, which never leave the
/// authority, have none.</summary>
public sealed record Receipt
{
    /// <summary>1, 2, 3 ... within the authority, without a gap, in the order in which the changes were committed.</summary>
    public long Number { get; init; }

    /// <summary>The place just after this receipt, to go on from: <see cref="ReceiptPosition.After(string)"/>.</summary>
    public required string Cursor { get; init; }

    /// <summary>The case's id.</summary>
    public required string CaseId { get; init; }

    /// <summary>The case's official number; null where it has none.</summary>
    public string? CaseNumber { get; init; }

    /// <summary>The case's kind.</summary>
    public CaseKind Kind { get; init; }

    /// <summary>When the change was committed.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Who made it.</summary>
    public Actor Actor { get; init; }

    /// <summary>What was done.</summary>
    public CaseEvent Event { get; init; }

    /// <summary>The stage afterwards.</summary>
    public Stage Stage { get; init; }

    /// <summary>The status afterwards.</summary>
    public Status Status { get; init; }

    /// <summary>Customs' opinion, if it gave one.</summary>
    public string? Opinion { get; init; }

    /// <summary>Why it failed, for <see cref="CaseEvent.SendFailed"/> and <see cref="CaseEvent.ReceiveFailed"/>.</summary>
    public string? FailureReason { get; init; }

    /// <summary>The files that came with it.</summary>
    public IReadOnlyList<StoredFile> Files { get; init; } = [];

    /// <summary>The id of the message that was exchanged with Customs: 36 characters, an upper-case UUID; null where there was
    /// none.</summary>
    public string? MessageId { get; init; }

    /// <summary>The case's etag after the change.</summary>
    public string ETag { get; init; } = "";

    /// <summary>The ids of the questions that Customs wants corrected, as they came, for
    /// <see cref="CaseEvent.RequireCorrection"/>; empty where it names none.</summary>
    public IReadOnlyList<string> QuestionIds { get; init; } = [];

    /// <summary>Shows that the bridge gave this receipt, and what had been submitted; null for receipts from before the bridge
    /// signed. <see cref="IReceipts.VerifyAsync"/> checks it, or the client by itself:
    /// <see cref="SingleWindowClientOptions.VerifyReceipts"/>.</summary>
    public ReceiptProof? Proof { get; init; }
}

/// <summary>Some receipts.</summary>
public sealed record ReceiptPage
{
    /// <summary>The receipts, oldest first.</summary>
    public required IReadOnlyList<Receipt> Items { get; init; }

    /// <summary>Where to go on: after the last receipt given here, or where the request began if there was none.</summary>
    public required string NextCursor { get; init; }

    /// <summary>The number of the newest receipt in the feed, 0 if there is none.</summary>
    public long HeadNumber { get; init; }
}

/// <summary>A place in the feed of receipts.</summary>
public sealed record ReceiptPosition
{
    private ReceiptPosition()
    {
    }

    /// <summary>Before the first receipt.</summary>
    public static ReceiptPosition Beginning { get; } = new() { Number = 0 };

    /// <summary>After whatever there is by the time the server has the request: only what is new. Only for watching.</summary>
    public static ReceiptPosition Now { get; } = new();

    /// <summary>The receipt's number after which to begin; null where a cursor says it, or for <see cref="Now"/>.</summary>
    public long? Number { get; private init; }

    /// <summary>The cursor after which to begin; null where a number says it, or for <see cref="Now"/>.</summary>
    public string? Cursor { get; private init; }

    /// <summary>After the place that this cursor marks; cursors come with receipts, pages and messages.</summary>
    /// <param name="cursor">The cursor.</param>
    public static ReceiptPosition After(string cursor)
    {
        ArgumentException.ThrowIfNullOrEmpty(cursor);
        return new() { Cursor = cursor };
    }

    /// <summary>After the receipt of this number.</summary>
    /// <param name="number">The number; 0 for the beginning.</param>
    public static ReceiptPosition After(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return new() { Number = number };
    }
}

/// <summary>What a watched feed tells: one of the records nested here.</summary>
public abstract record ReceiptMessage
{
    private ReceiptMessage()
    {
    }

    /// <summary>The next receipt.</summary>
    /// <param name="Value">The receipt.</param>
    public sealed record Receipt(SingleWindowBridge.Receipt Value) : ReceiptMessage;

    /// <summary>Everything committed so far has been given; what follows is live. Comes again after every reconnection.</summary>
    /// <param name="Cursor">The place reached.</param>
    /// <param name="Number">The number of the last receipt at or before it; 0 if there is none.</param>
    public sealed record CaughtUp(string Cursor, long Number) : ReceiptMessage;

    /// <summary>The stream was cut or went silent; it is taken up again at the same place. Nothing is lost and nothing comes
    /// twice: this is for logs and displays.</summary>
    /// <param name="Reason">Why, in a few words.</param>
    /// <param name="Attempt">How many times in a row, from 1; counted anew when something has come.</param>
    /// <param name="Delay">How long it waits before it tries.</param>
    /// <param name="Error">The error that cut the stream; null where it ended or went silent without one.</param>
    public sealed record Reconnecting(string Reason, int Attempt, TimeSpan Delay, SingleWindowException? Error) : ReceiptMessage;
}
