using System.Buffers.Binary;

namespace SingleWindowBridge.Server.Files.Structure;

/// <summary>PNG (ISO/IEC 15948): chunks with their checksums, in their order, IEND last.</summary>
internal static class PngStructure
{
    private const int ChunkOverhead = 12;
    private const uint Header = 0x49484452;
    private const uint Palette = 0x504C5445;
    private const uint Data = 0x49444154;
    private const uint End = 0x49454E44;
    private const uint AnimationFrame = 0x6663544C;

    // Far above any limit, and so many frames as a file can hold do not overflow.
    private const long MostCounted = 1L << 40;

    private static readonly uint[] Checksums = MakeChecksums();

    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static FileFinding Check(ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith(Signature))
            return FileFinding.At(FileFault.AnotherType, 0);

        var (at, before, colour) = (Signature.Length, 0u, (byte)0);
        var (width, height, pixels) = (0L, 0L, 0L);
        var (hasPalette, hasData) = (false, false);
        while (true)
        {
            var rest = content[at..];
            if (rest.Length < ChunkOverhead)
                return FileFinding.At(FileFault.CutShort, content.Length);
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            var type = BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
            if (length > int.MaxValue || !rest.Slice(4, 4).ContainsOnlyLetters())
                return FileFinding.At(FileFault.Broken, at);
            if (rest.Length - ChunkOverhead < length)
                return FileFinding.At(FileFault.CutShort, content.Length);

            var body = rest.Slice(8, (int)length);
            if (Checksum(rest.Slice(4, body.Length + 4)) != BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + body.Length)..]))
                return FileFinding.At(FileFault.Broken, at);

            var right = type switch
            {
                Header => before == 0 && IsHeader(body),
                Palette => !hasPalette && !hasData && body.Length is > 0 and <= 768 && body.Length % 3 == 0,
                Data => (!hasData || before == Data) && (colour != 3 || hasPalette),
                End => body.Length == 0 && hasData,
                AnimationFrame => body.Length == 26 && Number(body[4..]) <= width && Number(body[8..]) <= height,

                // A small first letter: readers that do not know the chunk may pass over it.
                _ => (rest[4] & 0x20) != 0,
            };
            if (!right || (before == 0 && type != Header))
                return FileFinding.At(FileFault.Broken, at);

            if (type == Header)
                (width, height, colour) = (Number(body), Number(body[4..]), body[9]);
            hasPalette |= type == Palette;
            hasData |= type == Data;
            if (type == Header)
                pixels = Math.Min(width * height, MostCounted);
            else if (type == AnimationFrame)
                pixels += Math.Min((long)Number(body[4..]) * Number(body[8..]), MostCounted);

            before = type;
            at += ChunkOverhead + body.Length;
            if (type == End)
            {
                return FileStructure.IsPadding(content[at..])
                    ? FileFinding.Image(width, height, pixels)
                    : FileFinding.At(FileFault.DataAfterEnd, at);
            }
        }
    }

    private static uint Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static bool ContainsOnlyLetters(this ReadOnlySpan<byte> bytes)
    {
        foreach (var letter in bytes)
        {
            if (!char.IsAsciiLetter((char)letter))
                return false;
        }

        return true;
    }

    private static bool IsHeader(ReadOnlySpan<byte> body)
    {
        if (body.Length != 13 || Number(body) is 0 or > int.MaxValue || Number(body[4..]) is 0 or > int.MaxValue)
            return false;

        var (depth, colour, compression, filter, interlace) = (body[8], body[9], body[10], body[11], body[12]);
        var fits = colour switch
        {
            0 => depth is 1 or 2 or 4 or 8 or 16,
            3 => depth is 1 or 2 or 4 or 8,
            2 or 4 or 6 => depth is 8 or 16,
            _ => false,
        };
        return fits && compression == 0 && filter == 0 && interlace <= 1;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var each in bytes)
            sum = Checksums[(byte)(sum ^ each)] ^ (sum >> 8);
        return ~sum;
    }

    private static uint[] MakeChecksums()
    {
        var table = new uint[256];
        for (var index = 0u; index < table.Length; index++)
        {
            var value = index;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            table[index] = value;
        }

        return table;
    }
}
