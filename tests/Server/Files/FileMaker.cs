using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SingleWindowBridge.Server.Tests.Files;

/// <summary>Makes files of each type part by part, right ones and wrong ones.</summary>
internal static class FileMaker
{
    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    /// <summary>A PNG of so many grey pixels, whose data is one row of none.</summary>
    public static byte[] Png(int width, int height, params byte[][] between) => Join(
        PngStart(width, height), Join(between), Chunk("IDAT", Deflated([0, 0])), Chunk("IEND", []));

    public static byte[] PngStart(int width, int height, byte depth = 8, byte colour = 0) => Join(
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A],
        Chunk("IHDR", Join(Number(width), Number(height), [depth, colour, 0, 0, 0])));

    public static byte[] Chunk(string type, byte[] body)
    {
        var whole = Join(Encoding.ASCII.GetBytes(type), body);
        return Join(Number(body.Length), whole, Number((int)Checksum(whole)));
    }

    /// <summary>A segment of a JPEG: its marker, its length, its body.</summary>
    public static byte[] Segment(byte marker, params byte[] body) =>
        Join([0xFF, marker, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2)], body);

    /// <summary>A JPEG of so many pixels, in one scan, with segments before the frame.</summary>
    public static byte[] Jpeg(int width, int height, params byte[][] before) => Join(
        [0xFF, 0xD8], Join(before),
        Segment(0xC0, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0),
        Segment(0xDA, 1, 1, 0, 0, 63, 0), [0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56], [0xFF, 0xD9]);

    /// <summary>A GIF of so many pixels and frames of the same size.</summary>
    public static byte[] Gif(int width, int height, int frames = 1, params byte[][] before) => Join(
        Encoding.ASCII.GetBytes("GIF89a"), Small(width), Small(height), [0x80, 0, 0, 0, 0, 0, 255, 255, 255], Join(before),
        Join([.. Enumerable.Repeat(Join([0x2C, 0, 0, 0, 0], Small(width), Small(height), [0, 2, 2, 0x44, 1, 0]), frames)]), [0x3B]);

    /// <summary>A PDF whose objects a cross-reference stream lists, as PDF 1.5 has it.</summary>
    public static byte[] StreamPdf(string dictionary = "/Type /XRef /W [1 2 1] /Index [0 1] /Size 1 /Root 1 0 R /Length 4 ")
    {
        const string Catalogue = "%PDF-1.5\n1 0 obj << /Type /Catalog >> endobj\n";
        return Latin($"{Catalogue}2 0 obj << {dictionary}>> stream\n\0\0\0\0\nendstream endobj\nstartxref\n{Catalogue.Length}\n%%EOF\n");
    }

    /// <summary>The file with one more save in place.</summary>
    public static byte[] Updated(byte[] pdf, string trailer = "")
    {
        var text = Encoding.Latin1.GetString(pdf);
        var number = text[(text.LastIndexOf("startxref", StringComparison.Ordinal) + 9)..text.LastIndexOf("%%EOF", StringComparison.Ordinal)].Trim();
        var more = $"{text}4 0 obj << /Note (changed \\) once) >> endobj\n";
        return Latin($"{more}xref\n4 1\n{text.Length:D10} 00000 n \ntrailer << /Size 5 /Root 1 0 R /Prev {number} {trailer}>>\n"
            + $"startxref\n{more.Length}\n%%EOF\n");
    }

    public static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Number(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] Small(int number) => [(byte)number, (byte)(number >> 8)];

    // As PNG and ZIP have it; told apart from the server's own by the way it is reckoned, a bit at a time.
    private static uint Checksum(byte[] bytes)
    {
        var sum = uint.MaxValue;
        foreach (var each in bytes)
        {
            sum ^= each;
            for (var bit = 0; bit < 8; bit++)
                sum = (sum >> 1) ^ (0xEDB88320 & (0 - (sum & 1)));
        }

        return ~sum;
    }

    private static byte[] Deflated(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var zlib = new ZLibStream(stream, CompressionLevel.Fastest))
            zlib.Write(content);
        return stream.ToArray();
    }
}
