using System.Text.RegularExpressions;

namespace SingleWindowBridge.Interop.Xml;

/// <summary>The shapes of words, as the schema has them.</summary>
internal static partial class Patterns
{
    private const RegexOptions Options = RegexOptions.CultureInvariant;

    /// <summary>A message id; the writer makes capitals of its letters, the reader takes either.</summary>
    [GeneratedRegex(@"\A[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\z", Options)]
    public static partial Regex MessageId();

    /// <summary>A case's official number.</summary>
    [GeneratedRegex(@"\A[0-9A-Za-z\-]{1,32}\z", Options)]
    public static partial Regex CaseNumber();

    /// <summary>A rectification's number.</summary>
    [GeneratedRegex(@"\A[0-9A-Z]{18}\z", Options)]
    public static partial Regex RectificationNumber();

    /// <summary>A SHA-256.</summary>
    [GeneratedRegex(@"\A[0-9a-f]{64}\z", Options)]
    public static partial Regex Sha256();

    /// <summary>A time with its offset.</summary>
    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?(Z|[+\-][0-9]{2}:[0-9]{2})\z", Options)]
    public static partial Regex Time();

    /// <summary>A truth value.</summary>
    [GeneratedRegex(@"\A(true|false|1|0)\z", Options)]
    public static partial Regex Flag();

    /// <summary>The name of a message type.</summary>
    [GeneratedRegex(@"\A[A-Za-z]{1,64}\z", Options)]
    public static partial Regex MessageType();

    /// <summary>What is negotiated.</summary>
    [GeneratedRegex(@"\A(PROTOCOL|CERTIFICATE)\z", Options)]
    public static partial Regex Topic();
}
