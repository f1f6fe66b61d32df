using System.Buffers.Binary;

namespace SingleWindowBridge.Server.Files.Structure;

/// <summary>JPEG (ITU-T T.81): markers and segments, scans up to the next marker, the end marker last.</summary>
internal static class JpegStructure
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte LineCount = 0xDC;
    private const byte Application2 = 0xE2;

    // Cameras keep previews and depth pictures after the first picture, when a segment of the first says so (CIPA DC-007).
    private const int MostPictures = 16;

    public static FileFinding Check(ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith<byte>([0xFF, StartOfImage]))
            return FileFinding.At(FileFault.AnotherType, 0);

        var (at, pixels) = (0, 0L);
        FileFinding first = default;
        for (var pictures = 1; ; pictures++)
        {
            var finding = CheckPicture(content, ref at, out var hasMore);
            if (finding.Fault != FileFault.None)
                return finding;
            if (pictures == 1)
                first = finding;
            pixels += finding.Pixels;

            var rest = content[at..];
            if (FileStructure.IsPadding(rest))
                return first with { Pixels = pixels };

            var next = rest.IndexOfAnyExcept((byte)0);
            if ((!hasMore && pictures == 1) || pictures == MostPictures || next < 0 || !FileStructure.IsPadding(rest[..next])
                || !rest[next..].StartsWith<byte>([0xFF, StartOfImage]))
            {
                return FileFinding.At(FileFault.DataAfterEnd, at);
            }

            at += next;
        }
    }

    private static FileFinding CheckPicture(ReadOnlySpan<byte> content, ref int at, out bool hasMore)
    {
        hasMore = false;
        var (width, height, scans, frames) = (0, 0, 0, 0);
        at += 2;
        while (true)
        {
            if (at >= content.Length)
                return FileFinding.At(FileFault.CutShort, content.Length);
            if (content[at] != 0xFF)
                return FileFinding.At(FileFault.Broken, at);

            // A marker may have any number of fill bytes before it.
            var fill = content[at..].IndexOfAnyExcept((byte)0xFF);
            if (fill < 0)
                return FileFinding.At(FileFault.CutShort, content.Length);
            at += fill + 1;
            var marker = content[at - 1];
            if (marker == EndOfImage)
            {
                return frames == 1 && scans > 0 && width > 0 && height > 0
                    ? FileFinding.Image(width, height, (long)width * height)
                    : FileFinding.At(FileFault.Broken, at);
            }

            if (marker is < 0xC0 or StartOfImage or (>= 0xD0 and <= 0xD7))
                return FileFinding.At(FileFault.Broken, at - 1);
            if (content.Length - at < 2)
                return FileFinding.At(FileFault.CutShort, content.Length);
            var length = BinaryPrimitives.ReadUInt16BigEndian(content[at..]);
            if (length < 2)
                return FileFinding.At(FileFault.Broken, at);
            if (content.Length - at < length)
                return FileFinding.At(FileFault.CutShort, content.Length);

            var segment = content.Slice(at + 2, length - 2);
            if (IsFrame(marker))
            {
                if (++frames > 1 || !TryReadFrame(segment, out width, out height))
                    return FileFinding.At(FileFault.Broken, at);
            }
            else if (marker == LineCount && segment.Length == 2)
            {
                height = BinaryPrimitives.ReadUInt16BigEndian(segment);
            }
            else if (marker == Application2 && segment.StartsWith("MPF\0"u8))
            {
                hasMore = true;
            }

            at += length;
            if (marker == StartOfScan)
            {
                scans++;
                if (frames == 0)
                    return FileFinding.At(FileFault.Broken, at);
                at = EndOfScan(content, at);
            }
        }
    }

    // C4, C8 and CC are tables and extensions.
    private static bool IsFrame(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    // The height may be 0: then it follows after the first scan.
    private static bool TryReadFrame(ReadOnlySpan<byte> segment, out int width, out int height)
    {
        (width, height) = (0, 0);
        if (segment.Length < 6)
            return false;

        height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
        width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        var components = segment[5];
        return segment[0] is >= 2 and <= 16 && width > 0 && components is >= 1 and <= 4 && segment.Length == 6 + (3 * components);
    }

    // In a scan FF is followed by 00, by a restart marker, or it is the next marker.
    private static int EndOfScan(ReadOnlySpan<byte> content, int at)
    {
        while (content[at..].IndexOf((byte)0xFF) is >= 0 and var next)
        {
            at += next;
            if (at + 1 >= content.Length || content[at + 1] is not (0 or 0xFF or (>= 0xD0 and <= 0xD7)))
                return at;
            at += content[at + 1] == 0xFF ? 1 : 2;
        }

        return content.Length;
    }
}
