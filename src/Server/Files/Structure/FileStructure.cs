using System.Buffers;
using System.Buffers.Binary;

namespace SingleWindowBridge.Server.Files.Structure;

/// <summary>
/// Walks a file from its start to its end, by the rules of its type. Nothing is decoded, nothing is allocated by what the file says
/// of itself, and no byte is looked at more than a few times, whatever the file holds.
/// </summary>
public static class FileStructure
{
    private static readonly SearchValues<byte> Blanks = SearchValues.Create("\0\t\n\f\r "u8);

    // Scanners and cameras fill a file up to a round length; it is taken for no more than that.
    private const int MostPadding = 1024;

    // Readers of PDF look for its header in so many bytes, readers of ZIP for its end in so many from the end.
    private const int PdfHeaderWithin = 1024;
    private const int ZipEndBytes = 22;
    private const int Zip64LocatorBytes = 20;
    private const int ZipEndWithin = ZipEndBytes + ushort.MaxValue;

    /// <summary>Checks a whole file.</summary>
    /// <param name="mediaType">image/jpeg, image/png, image/gif or application/pdf.</param>
    /// <param name="content">The file.</param>
    public static FileFinding Check(string mediaType, ReadOnlySpan<byte> content)
    {
        var finding = mediaType switch
        {
            FileRules.Jpeg => JpegStructure.Check(content),
            FileRules.Png => PngStructure.Check(content),
            FileRules.Gif => GifStructure.Check(content),
            _ => PdfStructure.Check(content),
        };
        return finding.Fault == FileFault.None && OtherTypeAt(mediaType, content) is >= 0 and var at
            ? FileFinding.At(FileFault.TwoTypes, at)
            : finding;
    }

    /// <summary>Whether a content begins as its type does.</summary>
    public static bool BeginsAs(string mediaType, ReadOnlySpan<byte> start) => mediaType switch
    {
        FileRules.Jpeg => start.StartsWith<byte>([0xFF, 0xD8, 0xFF]),
        FileRules.Gif => start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8),
        FileRules.Png => start.StartsWith(PngStructure.Signature),
        _ => start.StartsWith("%PDF-"u8),
    };

    /// <summary>Whether what follows the end of a file is only what fills it up: at most 1,024 bytes of NUL, blanks and line ends.</summary>
    internal static bool IsPadding(ReadOnlySpan<byte> rest) => rest.Length <= MostPadding && !rest.ContainsAnyExcept(Blanks);

    // Archives are read from wherever they begin, or from their end, so that a right image or PDF can be one as well.
    private static int OtherTypeAt(string mediaType, ReadOnlySpan<byte> content)
    {
        if (mediaType != FileRules.Pdf
            && content[..Math.Min(content.Length, PdfHeaderWithin)].IndexOf("%PDF-"u8) is >= 0 and var pdf)
        {
            return pdf;
        }

        if (content.IndexOf("Rar!\u001A\u0007"u8) is >= 0 and var rar)
            return rar;
        return content.IndexOf<byte>([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]) is >= 0 and var sevenZip ? sevenZip : ZipAt(content);
    }

    private static int ZipAt(ReadOnlySpan<byte> content)
    {
        var from = Math.Max(0, content.Length - ZipEndWithin);
        for (var rest = content[from..]; rest.LastIndexOf("PK\u0005\u0006"u8) is >= 0 and var at; rest = rest[..at])
        {
            if (content.Length - from - at < ZipEndBytes)
                continue;

            // The long form says where its own end record is, and leaves the lengths of this one open.
            var locator = from + at - Zip64LocatorBytes;
            if (locator >= 0 && content[locator..].StartsWith("PK\u0006\u0007"u8))
                return locator;

            // The list of what the archive holds stands right before the end record, which gives its length.
            var listBytes = BinaryPrimitives.ReadUInt32LittleEndian(content[(from + at + 12)..]);
            var list = from + at - (long)listBytes;
            if (list >= 0 && content[(int)list..].StartsWith("PK\u0001\u0002"u8))
                return (int)list;
        }

        return -1;
    }
}
