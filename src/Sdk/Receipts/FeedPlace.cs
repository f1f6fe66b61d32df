using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>How far a reader of the feed has come. Asserts that numbers follow each other without a gap or a repeat.</summary>
internal sealed class FeedPlace(ReceiptPosition from)
{
    private long? _number = from.Number;

    /// <summary>The cursor of the last thing seen; null before there was one and where none was given.</summary>
    public string? Cursor { get; private set; } = from.Cursor;

    /// <summary>The number of the last receipt seen, or begun after; null where it is not known.</summary>
    public long? Number => _number;

    /// <summary>Where it is, to go back to.</summary>
    public (long? Number, string? Cursor) Here => (_number, Cursor);

    /// <summary>Goes back to where it was: what was taken since could not be given on.</summary>
    public void Return((long? Number, string? Cursor) to) => (_number, Cursor) = to;

    /// <summary>Takes the next receipt.</summary>
    public Receipt Take(Wire.Receipt wire)
    {
        if (_number is { } last && wire.Number != last + 1)
            throw Broken(last + 1, wire.Number);
        _number = wire.Number;
        Cursor = wire.Cursor;
        return wire.ToModel();
    }

    /// <summary>Takes the word that everything so far has been given.</summary>
    public ReceiptMessage.CaughtUp Take(Wire.CaughtUp wire)
    {
        if (_number is { } last && wire.Number != last)
            throw Broken(last, wire.Number);
        _number = wire.Number;
        Cursor = wire.Cursor;
        return new ReceiptMessage.CaughtUp(wire.Cursor, wire.Number);
    }

    /// <summary>Takes a sign of life.</summary>
    public void Take(Wire.Heartbeat wire) => Cursor = wire.Cursor.NullIfEmpty() ?? Cursor;

    /// <summary>Takes the end of a page.</summary>
    public void Reach(string cursor) => Cursor = cursor.NullIfEmpty() ?? Cursor;

    private static ReceiptFeedException Broken(long expected, long actual) => new(
        new SingleWindowError
        {
            StatusCode = RpcStatusCode.DataLoss,
            MessageZh = $"回执流中断：应为第 {expected} 号，实为第 {actual} 号。请联系运营方。",
            MessageEn = $"The feed of receipts is broken: number {expected} had to come, {actual} came. Tell the operator.",
            Operation = "ReceiptService",
        },
        expected,
        actual);
}
