using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>The smallest files of each kind that may be uploaded, and some that may not.</summary>
public static class SampleFiles
{
    private static readonly string[] PageObjects =
    [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >>",
    ];

    /// <summary>A page without content.</summary>
    public static byte[] Pdf { get; } = PdfOf(PageObjects, "");

    /// <summary>One grey pixel.</summary>
    public static byte[] Png { get; } = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==");

    /// <summary>One transparent pixel.</summary>
    public static byte[] Gif { get; } = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    /// <summary>One white pixel.</summary>
    public static byte[] Jpeg { get; } = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA"
        + "/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==");

    /// <summary>An archive that holds one file, as office documents are.</summary>
    public static byte[] Zip()
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        using (var entry = archive.CreateEntry("document.xml").Open())
            entry.Write("<document/>"u8);
        return stream.ToArray();
    }

    /// <summary>The same in the long form (ZIP64), which leaves the place of its list open in the short end record.</summary>
    public static byte[] Zip64()
    {
        var zip = Zip();
        var (files, end) = (zip[..^22], zip[^22..]);
        var list = BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(16));
        var longEnd = new byte[56];
        "PK\u0006\u0006"u8.CopyTo(longEnd);
        BinaryPrimitives.WriteInt64LittleEndian(longEnd.AsSpan(4), 44);
        (longEnd[12], longEnd[14]) = (45, 45);
        BinaryPrimitives.WriteInt64LittleEndian(longEnd.AsSpan(24), 1);
        BinaryPrimitives.WriteInt64LittleEndian(longEnd.AsSpan(32), 1);
        BinaryPrimitives.WriteInt64LittleEndian(longEnd.AsSpan(40), files.Length - list);
        BinaryPrimitives.WriteInt64LittleEndian(longEnd.AsSpan(48), list);
        var locator = new byte[20];
        "PK\u0006\u0007"u8.CopyTo(locator);
        BinaryPrimitives.WriteInt64LittleEndian(locator.AsSpan(8), files.Length);
        locator[16] = 1;
        end.AsSpan(8, 12).Fill(0xFF);
        byte[] archive = [.. files, .. longEnd, .. locator, .. end];

        // What an unpacker says of it.
        using var read = new ZipArchive(new MemoryStream(archive));
        return read.Entries.Count == 1 ? archive : throw new InvalidOperationException("The archive cannot be read.");
    }

    /// <summary>A PDF of exactly so many bytes: a comment before the table makes up the size.</summary>
    public static byte[] PdfOf(int size)
    {
        // The offset of the table has more digits in a larger file; where that leaves a byte over, it is in the trailer.
        var more = size - Padded(0, 0).Length;
        more -= Padded(more, 0).Length - size;
        return Padded(more, size - Padded(more, 0).Length);

        static byte[] Padded(int comment, int trailer) => PdfOf(PageObjects, $"%{new string(' ', comment)}\n", new string(' ', trailer));
    }

    /// <summary>A PDF of these objects, the first its catalogue, with something between them and the table.</summary>
    public static byte[] PdfOf(IReadOnlyList<string> objects, string beforeTable, string trailer = "")
    {
        var file = new StringBuilder("%PDF-1.4\n");
        var offsets = new List<int>();
        foreach (var body in objects)
        {
            offsets.Add(file.Length);
            file.Append($"{offsets.Count} 0 obj {body} endobj\n");
        }

        var table = file.Append(beforeTable).Length;
        file.Append($"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var offset in offsets)
            file.Append($"{offset:D10} 00000 n \n");
        file.Append($"trailer << /Size {objects.Count + 1} /Root 1 0 R {trailer}>>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(file.ToString());
    }
}
