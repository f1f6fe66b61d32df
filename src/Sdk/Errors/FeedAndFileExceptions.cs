using System.Globalization;

namespace SingleWindowBridge;

/// <summary>The position is not one from which the feed of receipts can be read.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public class CursorException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException);

/// <summary>The cursor is not one that this feed gave out. Begin again from a number or from the beginning.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class CursorInvalidException(SingleWindowError error, Exception? innerException = null)
    : CursorException(error, innerException);

/// <summary>The position is ahead of the feed: the server was restored from an older copy, or the number was never given. Ask the
/// operator which, before you begin again from the head: receipts may have been lost.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class CursorAheadOfFeedException(SingleWindowError error, Exception? innerException = null)
    : CursorException(error, innerException)
{
    /// <summary>The number asked for; null where the server does not say.</summary>
    public long? Number { get; } = ReadNumber(error, "number");

    /// <summary>The number of the newest receipt; null where the server does not say.</summary>
    public long? HeadNumber { get; } = ReadNumber(error, "head_number");

    private static long? ReadNumber(SingleWindowError error, string name) =>
        long.TryParse(error.Metadata.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>The account has no consumer of receipts of this name.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class ReceiptConsumerNotFoundException(SingleWindowError error, Exception? innerException = null)
    : NotFoundException(error, innerException);

/// <summary>The account has as many consumers of receipts as it may have. Delete one that is no longer used.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class TooManyReceiptConsumersException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException);

/// <summary>A receipt is missing from the feed or came twice: a fault of the bridge. Tell its operator; do not go on.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="expected">The number that had to come.</param>
/// <param name="actual">The number that came.</param>
public sealed class ReceiptFeedException(SingleWindowError error, long expected, long actual) : SingleWindowException(error)
{
    /// <summary>The number that had to come.</summary>
    public long Expected { get; } = expected;

    /// <summary>The number that came.</summary>
    public long Actual { get; } = actual;
}

/// <summary>A receipt is not proven to be one that the bridge gave as it is. <see cref="Fault"/> says why; where it is
/// <see cref="ReceiptProofFault.SignatureWrong"/>, something in the receipt was changed: do not go by it, and tell the operator.</summary>
/// <param name="number">The receipt's number.</param>
/// <param name="fault">What is wrong.</param>
public sealed class ReceiptNotProvenException(long number, ReceiptProofFault fault) : SingleWindowException(Describe(number, fault))
{
    /// <summary>The receipt's number.</summary>
    public long Number { get; } = number;

    /// <summary>What is wrong.</summary>
    public ReceiptProofFault Fault { get; } = fault;

    private static SingleWindowError Describe(long number, ReceiptProofFault fault)
    {
        var (zh, en) = fault switch
        {
            ReceiptProofFault.NotSigned => ("没有签名", "has no proof"),
            ReceiptProofFault.FormatUnknown => ("的签名格式不为本版本所知，请升级", "has a proof of a kind that this version does not know; take a newer one"),
            ReceiptProofFault.KeyUnknown => ("的签名密钥未由服务公布", "is signed by a key that the bridge does not publish"),
            ReceiptProofFault.KeyNotPinned => ("的签名密钥不在信任之列", "is signed by a key that is not pinned"),
            ReceiptProofFault.ContentWrong => ("所载的提交内容与服务给出的不一致", "says other than what the bridge gives as submitted"),
            ReceiptProofFault.AuthorityOther => ("是出具给另一主管当局的", "was given to another authority"),
            _ => ("与签名不符，内容已被改动", "does not agree with its signature: it was changed"),
        };
        return new SingleWindowError
        {
            StatusCode = RpcStatusCode.DataLoss,
            MessageZh = $"第 {number} 号回执{zh}。",
            MessageEn = $"Receipt {number} {en}.",
            Operation = "ReceiptService",
        };
    }
}

/// <summary>The file is not one that the bridge takes: too large, of another type, or not what its name says.
/// <see cref="SingleWindowException.Reason"/> tells which. Make another file of it.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class FileRejectedException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException);

/// <summary>The files of the account, or of the case, are as many or as large as they may be. <see cref="Scope"/> says which: for a
/// case join or shrink files, for an account ask the operator for more.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class FileQuotaExceededException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException)
{
    /// <summary>"ACCOUNT" or "CASE"; null where the server does not say.</summary>
    public string? Scope => Metadata.GetValueOrDefault("scope");
}

/// <summary>An upload came too slowly and nothing of it was kept. Send the whole file again, with the same request id, over a
/// faster line.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class UploadTooSlowException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException)
{
    /// <inheritdoc/>
    public override bool IsRetryable => true;
}

/// <summary>A file's content was damaged on its way: its size or SHA-256 is not as announced. Move the whole file
/// again.</summary>
/// <param name="error">What is known of the failure.</param>
/// <param name="innerException">What it came from, if anything.</param>
public sealed class FileDamagedException(SingleWindowError error, Exception? innerException = null)
    : SingleWindowException(error, innerException)
{
    /// <inheritdoc/>
    public override bool IsRetryable => true;
}
