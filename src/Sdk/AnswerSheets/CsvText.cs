using System.Text.RegularExpressions;

namespace SingleWindowBridge;

/// <summary>Keeps a spreadsheet from taking a text for a formula, and takes the text back as it was.</summary>
internal static partial class CsvText
{
    // What begins a formula, in its ASCII and full-width forms, and what a spreadsheet may skip before one.
    private const string Formula = "=+-@\t\r\n＝＋－＠";

    /// <summary>Puts an apostrophe before a text that begins like a formula, or like what this makes of one.</summary>
    public static string Escape(string text) => Begins(text) || IsEscaped(text) ? "'" + text : text;

    /// <summary>Takes the apostrophe of <see cref="Escape"/> away; one that a person wrote stays.</summary>
    public static string Unescape(string text) => IsEscaped(text) ? text[1..] : text;

    /// <summary>Whether a text is a plain number, which may stand without an apostrophe.</summary>
    public static bool IsNumber(string text) => NumberPattern().IsMatch(text);

    private static bool Begins(string text) => text.Length > 0 && Formula.Contains(text[0], StringComparison.Ordinal);

    private static bool IsEscaped(string text) =>
        text.Length > 1 && text[0] == '\'' && (text[1] == '\'' || Begins(text[1..]));

    [GeneratedRegex(@"^[+-]?[0-9]+(\.[0-9]+)?\z")]
    private static partial Regex NumberPattern();
}

/// <summary>Writes CSV by RFC 4180.</summary>
internal sealed class CsvWriter(TextWriter text)
{
    private static readonly System.Buffers.SearchValues<char> Quoted = System.Buffers.SearchValues.Create(",;\t\"\r\n");

    public void Write(params ReadOnlySpan<string> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0)
                text.Write(',');
            var field = fields[i];
            var plain = field.AsSpan().IndexOfAny(Quoted) < 0 && field.Trim().Length == field.Length;
            text.Write(plain ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        }

        text.Write("\r\n");
    }
}
