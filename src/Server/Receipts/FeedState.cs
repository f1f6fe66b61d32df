using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Receipts;

/// <summary>
/// An authority's feed as it stood when it was read. A cursor is a receipt's number bound to the authority and to the feed's epoch:
/// one of another authority or another copy is refused by name, never answered with silence.
/// </summary>
public sealed class FeedState
{
    private string? tag;

    /// <summary>Whose feed it is.</summary>
    public string AuthorityId { get; init; } = "";

    /// <summary>Names this copy of the feed.</summary>
    public string Epoch { get; init; } = "";

    /// <summary>The newest receipt's number; 0 for none.</summary>
    public long Head { get; init; }

    /// <summary>The cursor just after a receipt.</summary>
    public string CursorAt(long number) =>
        WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{number}.{Tag}")));

    /// <summary>The receipt's number that a cursor stands after.</summary>
    /// <param name="cursor">The cursor.</param>
    /// <param name="field">The request's field that holds it.</param>
    /// <exception cref="BridgeException">CURSOR_INVALID or CURSOR_AHEAD_OF_FEED.</exception>
    public long NumberAt(string cursor, string field = "after_cursor")
    {
        try
        {
            var parts = Encoding.ASCII.GetString(WebEncoders.Base64UrlDecode(cursor)).Split('.');
            if (parts.Length == 2 && parts[1] == Tag
                && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return Checked(number);
            }
        }
        catch (FormatException)
        {
            // Told below as every other cursor that is not ours.
        }

        throw new BridgeException(ErrorReason.CursorInvalid, ("field", field));
    }

    /// <summary>The refusal of a place that the feed has not reached.</summary>
    internal static BridgeException Ahead(long number, long head) => new(
        ErrorReason.CursorAheadOfFeed,
        ("number", number.ToString(CultureInfo.InvariantCulture)),
        ("head_number", head.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A number that the feed has reached.</summary>
    /// <exception cref="BridgeException">CURSOR_AHEAD_OF_FEED; FIELD_INVALID for a negative one.</exception>
    public long Checked(long number)
    {
        if (number < 0)
        {
            throw new BridgeException([new Problem(
                "after_number", FieldProblemCode.OutOfRange, "不能小于 0。", "Must not be less than 0.")]);
        }

        if (number > Head)
            throw Ahead(number, Head);

        return number;
    }

    // Once for a page of cursors.
    private string Tag => tag ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{AuthorityId}\n{Epoch}"))[..8]);
}
