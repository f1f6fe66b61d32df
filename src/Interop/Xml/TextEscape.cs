using System.Globalization;
using System.Text;
using System.Xml;

namespace SingleWindowBridge.Interop.Xml;

/// <summary>
/// How a text goes into XML that holds what XML cannot: the element says <c>escaped="true"</c>, each such character is written as
/// <c>\uXXXX</c> and each backslash as <c>\\</c>. A text of ordinary characters is written as it is.
/// </summary>
internal static class TextEscape
{
    /// <summary>Whether the text holds what XML cannot: control characters, half of a surrogate pair, U+FFFE or U+FFFF.</summary>
    public static bool IsNeeded(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (IsPair(text, at)) at++;
            else if (!XmlConvert.IsXmlChar(text[at])) return true;
        }

        return false;
    }

    /// <summary>The escaped text.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        for (var at = 0; at < text.Length; at++)
        {
            if (IsPair(text, at)) escaped.Append(text[at]).Append(text[++at]);
            else if (text[at] == '\\') escaped.Append(@"\\");
            else if (XmlConvert.IsXmlChar(text[at])) escaped.Append(text[at]);
            else escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:X4}");
        }

        return escaped.ToString();
    }

    /// <summary>The text as it was, or null if it is not what <see cref="Escape"/> makes.</summary>
    public static string? Unescape(string escaped)
    {
        var text = new StringBuilder(escaped.Length);
        for (var at = 0; at < escaped.Length; at++)
        {
            if (escaped[at] != '\\')
            {
                text.Append(escaped[at]);
                continue;
            }

            var next = at + 1 < escaped.Length ? escaped[at + 1] : '\0';
            if (next == '\\')
            {
                text.Append('\\');
                at++;
            }
            else if (next == 'u' && at + 6 <= escaped.Length
                && ushort.TryParse(escaped.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                text.Append((char)code);
                at += 5;
            }
            else
            {
                return null;
            }
        }

        return text.ToString();
    }

    private static bool IsPair(string text, int at) =>
        at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);
}
