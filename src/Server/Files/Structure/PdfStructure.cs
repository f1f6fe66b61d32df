namespace SingleWindowBridge.Server.Files.Structure;

/// <summary>
/// PDF (ISO 32000): the header first; at the end startxref, whose number leads to the newest cross-reference table or stream; from there
/// every older one, as incremental updates and linearization leave them, back to the first. The newest names the document's catalogue.
/// </summary>
internal static class PdfStructure
{
    // Each save in place adds one; a document signed and annotated all its life has some dozens.
    private const int MostSections = 1_000;

    private static ReadOnlySpan<byte> EndMark => "%%EOF"u8;

    private static ReadOnlySpan<byte> StartMark => "startxref"u8;

    public static FileFinding Check(ReadOnlySpan<byte> content)
    {
        if (content.Length < 8 || !content.StartsWith("%PDF-"u8)
            || !char.IsAsciiDigit((char)content[5]) || content[6] != '.' || !char.IsAsciiDigit((char)content[7]))
        {
            return FileFinding.At(FileFault.AnotherType, 0);
        }

        var mark = content.LastIndexOf(EndMark);
        if (mark < 0)
            return FileFinding.At(FileFault.CutShort, content.Length);
        if (!FileStructure.IsPadding(content[(mark + EndMark.Length)..]))
            return FileFinding.At(FileFault.DataAfterEnd, mark + EndMark.Length);

        if (SecondAt(content) is >= 0 and var second)
            return FileFinding.At(FileFault.DataAfterEnd, second);
        return TryReadStart(content[..mark], out var start)
            ? CheckSections(content, start)
            : FileFinding.At(FileFault.Broken, mark);
    }

    // A header right after an end mark: another document begins. One inside a stream is an attachment.
    private static int SecondAt(ReadOnlySpan<byte> content)
    {
        for (var at = 0; content[(at + 1)..].IndexOf("%PDF-"u8) is >= 0 and var next;)
        {
            at += next + 1;
            if (content[..at].TrimEnd(PdfCursor.Space).EndsWith(EndMark))
                return at;
        }

        return -1;
    }

    // Backwards from the end mark: a number, and "startxref" before it.
    private static bool TryReadStart(ReadOnlySpan<byte> before, out int start)
    {
        var rest = before.TrimEnd(PdfCursor.Space);
        var number = rest[(rest.LastIndexOfAnyExceptInRange((byte)'0', (byte)'9') + 1)..];
        rest = rest[..^number.Length];
        var spaced = rest.TrimEnd(PdfCursor.Space);
        return int.TryParse(number, out start) && spaced.Length < rest.Length && spaced.EndsWith(StartMark);
    }

    private static FileFinding CheckSections(ReadOnlySpan<byte> content, int start)
    {
        // What sections share is looked at once for each; crafted ones could share almost all of a file, so all is held to a few times its length.
        var effort = 65_536 + (4L * content.Length);
        var seen = new HashSet<long>();
        var newest = PdfTrailer.None;
        for (long next = start; next >= 0;)
        {
            if (next >= content.Length || seen.Count == MostSections || !seen.Add(next))
                return FileFinding.At(FileFault.Broken, (int)Math.Min(next, content.Length));
            if (!TryReadSection(content, (int)next, ref effort, out var trailer))
                return FileFinding.At(FileFault.Broken, (int)next);
            if (trailer.IsEncrypted)
                return FileFinding.At(FileFault.Encrypted, (int)next);

            // A table for old readers may have a stream for new ones beside it.
            if (trailer.Stream >= 0
                && (trailer.Stream >= content.Length
                    || !TryReadSection(content, (int)trailer.Stream, ref effort, out var beside) || !beside.IsStream))
            {
                return FileFinding.At(FileFault.Broken, (int)Math.Min(trailer.Stream, content.Length));
            }

            if (seen.Count == 1)
                newest = trailer;
            next = trailer.Previous;
        }

        return newest.Root >= 0 && newest.Size > 0 ? new FileFinding(FileFault.None, 0) : FileFinding.At(FileFault.Broken, start);
    }

    private static bool TryReadSection(ReadOnlySpan<byte> content, int at, ref long effort, out PdfTrailer trailer)
    {
        var cursor = new PdfCursor(content, at);
        var right = cursor.TryKeyword("xref"u8)
            ? TryReadTable(content, ref cursor, out trailer)
            : TryReadStream(content, ref cursor, out trailer);
        effort -= cursor.At - at;
        return right && effort >= 0;
    }

    private static bool TryReadTable(ReadOnlySpan<byte> content, ref PdfCursor cursor, out PdfTrailer trailer)
    {
        trailer = PdfTrailer.None;
        while (cursor.TryInteger(out var first))
        {
            if (!cursor.TryInteger(out var count) || first < 0 || count < 0)
                return false;
            for (var index = 0L; index < count; index++)
            {
                if (!cursor.TryInteger(out var offset) || !cursor.TryInteger(out _))
                    return false;

                // "n": the object stands at the offset. "f": there is none.
                if (cursor.TryKeyword("n"u8))
                {
                    if (offset < 0 || offset >= content.Length)
                        return false;
                }
                else if (!cursor.TryKeyword("f"u8))
                {
                    return false;
                }
            }
        }

        return cursor.TryKeyword("trailer"u8) && cursor.TryDictionary(out trailer);
    }

    private static bool TryReadStream(ReadOnlySpan<byte> content, ref PdfCursor cursor, out PdfTrailer trailer)
    {
        trailer = PdfTrailer.None;
        return cursor.TryInteger(out _) && cursor.TryInteger(out _) && cursor.TryKeyword("obj"u8)
            && cursor.TryDictionary(out trailer) && trailer.IsStream && trailer.Length <= content.Length - cursor.At
            && cursor.TryKeyword("stream"u8);
    }
}
