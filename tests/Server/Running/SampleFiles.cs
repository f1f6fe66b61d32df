using System.IO.Compression;
using System.Text;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>The smallest files of each kind that may be uploaded, and some that may not.</summary>
public static class SampleFiles
{
    /// <summary>A page without content.</summary>
    public static byte[] Pdf { get; } = Encoding.ASCII.GetBytes(
        """
        %PDF-1.4
        1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
        2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
        3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 72 72] >> endobj
        trailer << /Root 1 0 R >>
        %%EOF
        """);

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

    /// <summary>A PDF of exactly so many bytes: a comment before the end makes up the size.</summary>
    public static byte[] PdfOf(int size)
    {
        var content = new byte[size];
        content.AsSpan().Fill((byte)' ');
        var body = Pdf.AsSpan(0, Pdf.Length - "%%EOF".Length);
        body.CopyTo(content);
        content[body.Length] = (byte)'%';
        "\n%%EOF"u8.CopyTo(content.AsSpan(size - "\n%%EOF".Length));
        return content;
    }
}
