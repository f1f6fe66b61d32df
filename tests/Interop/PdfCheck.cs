using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>Reads a PDF the way a reader finds its way in: end, cross-reference table, trailer, objects.</summary>
internal static partial class PdfCheck
{
    /// <summary>Checks the file and gives its text, a byte a character.</summary>
    public static string Check(byte[] file)
    {
        var text = Encoding.Latin1.GetString(file);
        Assert.StartsWith("%PDF-1.", text, StringComparison.Ordinal);
        Assert.EndsWith("%%EOF\n", text, StringComparison.Ordinal);

        var start = int.Parse(StartXref().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
        var head = XrefHead().Match(text, start);
        Assert.Equal(start, head.Index);
        var count = int.Parse(head.Groups[1].Value, CultureInfo.InvariantCulture);
        var table = start + head.Length;
        Assert.Equal("0000000000 65535 f \n", text.Substring(table, 20));
        for (var number = 1; number < count; number++)
        {
            var entry = text.Substring(table + (20 * number), 20);
            Assert.EndsWith(" 00000 n \n", entry, StringComparison.Ordinal);
            var offset = int.Parse(entry[..10], CultureInfo.InvariantCulture);
            Assert.StartsWith($"{number} 0 obj\n", text[offset..], StringComparison.Ordinal);
        }

        Assert.StartsWith("trailer\n", text[(table + (20 * count))..], StringComparison.Ordinal);
        Assert.Contains($"/Size {count} ", text, StringComparison.Ordinal);

        var stream = Stream().Match(text);
        var length = int.Parse(stream.Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.StartsWith("endstream", text[(stream.Index + stream.Length + length)..], StringComparison.Ordinal);
        return text;
    }

    [GeneratedRegex(@"startxref\n(\d+)\n%%EOF\n$")]
    private static partial Regex StartXref();

    [GeneratedRegex(@"xref\n0 (\d+)\n")]
    private static partial Regex XrefHead();

    [GeneratedRegex(@"/Length (\d+) >>\nstream\n")]
    private static partial Regex Stream();
}
