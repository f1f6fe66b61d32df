using System.Globalization;
using System.Text;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>Writes a PDF 1.4 file of one A4 page of text in Helvetica.</summary>
public static class PdfPage
{
    private const int LineLength = 88;
    private const int MostLines = 48;

    /// <summary>Makes the file; it holds nothing that changes from one call to the next.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="subject">What the document says of itself as its subject, in any script.</param>
    /// <param name="lines">
    /// The text. Long lines are wrapped; lines in a script that Helvetica lacks are left out, and so is what the page cannot hold.
    /// </param>
    public static byte[] Write(string title, string subject, IReadOnlyList<string> lines)
    {
        var content = new StringBuilder("BT\n/F2 16 Tf\n56 780 Td\n")
            .Append('(').Append(Escape(title)).Append(") Tj\n/F1 11 Tf\n0 -28 Td\n15 TL\n");
        foreach (var line in lines.Where(IsLatin).SelectMany(Wrap).Take(MostLines))
            content.Append('(').Append(Escape(line)).Append(") Tj T*\n");
        content.Append("ET\n");

        return Assemble(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R " +
                "/Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
            $"<< /Length {content.Length} >>\nstream\n{content}endstream",
            $"<< /Title {Utf16(title)} /Subject {Utf16(subject)} >>",
        ]);
    }

    /// <summary>Puts the objects, numbered from 1, into a file: the first is the catalogue, the last the information.</summary>
    private static byte[] Assemble(IReadOnlyList<string> objects)
    {
        // Everything is Latin-1: a character is a byte, and the length of the text is the offset in the file.
        var file = new StringBuilder("%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n");
        var offsets = new List<int>();
        foreach (var body in objects)
        {
            offsets.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{offsets.Count} 0 obj\n{body}\nendobj\n");
        }

        var xref = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets) file.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n");
        file.Append("trailer\n");
        file.Append(CultureInfo.InvariantCulture, $"<< /Size {objects.Count + 1} /Root 1 0 R /Info {objects.Count} 0 R >>\n");
        file.Append(CultureInfo.InvariantCulture, $"startxref\n{xref}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(file.ToString());
    }

    private static IEnumerable<string> Wrap(string line)
    {
        while (line.Length > LineLength)
        {
            var space = line.LastIndexOf(' ', LineLength);
            var end = space > 0 ? space : LineLength;
            yield return line[..end];
            line = line[end..].TrimStart(' ');
        }

        yield return line;
    }

    private static bool IsLatin(string line) => line.All(c => c is (>= ' ' and <= '~') or (>= '\u00a0' and <= '\u00ff'));

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("(", "\\(", StringComparison.Ordinal)
            .Replace(")", "\\)", StringComparison.Ordinal);

    private static string Utf16(string text) => $"<FEFF{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text))}>";
}
