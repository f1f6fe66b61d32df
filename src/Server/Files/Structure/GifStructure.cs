using System.Buffers.Binary;

namespace SingleWindowBridge.Server.Files.Structure;

/// <summary>GIF 87a and 89a: the screen, blocks of images and extensions in sub-blocks, the trailer last.</summary>
internal static class GifStructure
{
    private const byte Extension = 0x21;
    private const byte Picture = 0x2C;
    private const byte Trailer = 0x3B;

    public static FileFinding Check(ReadOnlySpan<byte> content)
    {
        if (!FileStructure.BeginsAs(FileRules.Gif, content))
            return FileFinding.At(FileFault.AnotherType, 0);
        if (content.Length < 13)
            return FileFinding.At(FileFault.CutShort, content.Length);

        var (width, height) = (Number(content[6..]), Number(content[8..]));
        if (width == 0 || height == 0)
            return FileFinding.At(FileFault.Broken, 6);

        var at = 13 + TableBytes(content[10]);
        var pixels = (long)width * height;
        var pictures = 0;
        while (at < content.Length)
        {
            var block = content[at];
            switch (block)
            {
                case Trailer when pictures == 0:
                    return FileFinding.At(FileFault.Broken, at);
                case Trailer:
                    return FileStructure.IsPadding(content[(at + 1)..])
                        ? FileFinding.Image(width, height, pixels)
                        : FileFinding.At(FileFault.DataAfterEnd, at + 1);
                case Extension:
                    at += 2;
                    break;
                case Picture when content.Length - at < 10:
                    return FileFinding.At(FileFault.CutShort, content.Length);
                case Picture:
                    var (across, down) = (Number(content[(at + 5)..]), Number(content[(at + 7)..]));
                    if (across == 0 || down == 0)
                        return FileFinding.At(FileFault.Broken, at);

                    // The first usually fills the screen, which is counted.
                    pixels += pictures++ == 0 && across <= width && down <= height ? 0 : (long)across * down;
                    at += 10 + TableBytes(content[at + 9]);
                    if (at >= content.Length)
                        return FileFinding.At(FileFault.CutShort, content.Length);
                    if (content[at] is 0 or > 11)
                        return FileFinding.At(FileFault.Broken, at);
                    at++;
                    break;
                default:
                    return FileFinding.At(FileFault.Broken, at);
            }

            if (!TrySkipBlocks(content, ref at))
                return FileFinding.At(FileFault.CutShort, content.Length);
        }

        return FileFinding.At(FileFault.CutShort, content.Length);
    }

    private static int Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    // The colours: 3 bytes each, if there is a table at all.
    private static int TableBytes(byte flags) => (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);

    // Sub-blocks, each with its length before it, up to one of length 0.
    private static bool TrySkipBlocks(ReadOnlySpan<byte> content, ref int at)
    {
        while (at < content.Length)
        {
            var length = content[at];
            at += 1 + length;
            if (length == 0)
                return true;
        }

        return false;
    }
}
