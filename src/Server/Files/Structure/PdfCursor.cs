using System.Buffers;
using System.Buffers.Text;

namespace SingleWindowBridge.Server.Files.Structure;

/// <summary>What a trailer, or the dictionary of a cross-reference stream, says.</summary>
/// <param name="Size">How many objects there are; -1 where it does not say.</param>
/// <param name="Root">The number of the catalogue's object; -1 where it does not say.</param>
/// <param name="Previous">Where the section before this one stands; -1 for none.</param>
/// <param name="Stream">Where a cross-reference stream beside a table stands; -1 for none.</param>
/// <param name="Length">The length of the stream; -1 where it stands elsewhere.</param>
/// <param name="IsStream">Whether it is the dictionary of a cross-reference stream.</param>
/// <param name="IsEncrypted">Whether the document is encrypted.</param>
internal readonly record struct PdfTrailer(
    long Size, long Root, long Previous, long Stream, long Length, bool IsStream, bool IsEncrypted)
{
    public static PdfTrailer None => new(-1, -1, -1, -1, -1, false, false);
}

/// <summary>Reads tokens of a PDF, forward only.</summary>
internal ref struct PdfCursor(ReadOnlySpan<byte> content, int at)
{
    private readonly ReadOnlySpan<byte> content = content;

    private static readonly SearchValues<byte> Blanks = SearchValues.Create(Space);

    private static readonly SearchValues<byte> NotRegular = SearchValues.Create([.. Space, .. "()<>[]{}/%"u8]);

    /// <summary>The bytes between tokens.</summary>
    public static ReadOnlySpan<byte> Space => "\0\t\n\f\r "u8;

    /// <summary>Where the next token is looked for.</summary>
    public int At { get; private set; } = at;

    private readonly ReadOnlySpan<byte> Rest => content[At..];

    public bool TryKeyword(ReadOnlySpan<byte> word)
    {
        SkipSpace();
        if (!Rest.StartsWith(word) || (Rest.Length > word.Length && IsRegular(Rest[word.Length])))
            return false;

        At += word.Length;
        return true;
    }

    public bool TryInteger(out long value)
    {
        SkipSpace();
        if (!Utf8Parser.TryParse(Rest, out value, out var length) || (Rest.Length > length && IsRegular(Rest[length])))
            return false;

        At += length;
        return true;
    }

    public bool TryDictionary(out PdfTrailer trailer)
    {
        trailer = PdfTrailer.None;
        SkipSpace();
        if (!Rest.StartsWith("<<"u8))
            return false;

        At += 2;
        while (true)
        {
            SkipSpace();
            if (Rest.StartsWith(">>"u8))
            {
                At += 2;
                return true;
            }

            if (!TryName(out var key) || !TryValue(out var number, out var name))
                return false;

            trailer = key switch
            {
                _ when key.SequenceEqual("Size"u8) => trailer with { Size = number },
                _ when key.SequenceEqual("Root"u8) => trailer with { Root = number },
                _ when key.SequenceEqual("Prev"u8) => trailer with { Previous = number },
                _ when key.SequenceEqual("XRefStm"u8) => trailer with { Stream = number },
                _ when key.SequenceEqual("Length"u8) => trailer with { Length = number },
                _ when key.SequenceEqual("Type"u8) => trailer with { IsStream = name.SequenceEqual("XRef"u8) },
                _ when key.SequenceEqual("Encrypt"u8) => trailer with { IsEncrypted = true },
                _ => trailer,
            };
        }
    }

    private static bool IsRegular(byte character) => !NotRegular.Contains(character);

    private void SkipSpace()
    {
        while (At < content.Length)
        {
            var space = Rest.IndexOfAnyExcept(Blanks);
            At = space < 0 ? content.Length : At + space;
            if (At == content.Length || content[At] != '%')
                return;

            // A comment goes to the end of its line.
            var line = Rest.IndexOfAny((byte)'\r', (byte)'\n');
            At = line < 0 ? content.Length : At + line;
        }
    }

    private bool TryName(out ReadOnlySpan<byte> name)
    {
        name = default;
        if (At >= content.Length || content[At] != '/')
            return false;

        var start = ++At;
        SkipRegular();
        name = content[start..At];
        return true;
    }

    // A name, a number, a reference "12 0 R", or anything else, which is passed over.
    private bool TryValue(out long number, out ReadOnlySpan<byte> name)
    {
        number = -1;
        name = default;
        SkipSpace();
        if (TryName(out name))
            return true;
        if (!TryInteger(out number))
        {
            number = -1;
            return TrySkipOther();
        }

        var after = At;
        if (!TryInteger(out _) || !TryKeyword("R"u8))
            At = after;
        return true;
    }

    // Whatever nests is counted, not descended into.
    private bool TrySkipOther()
    {
        var depth = 0;
        do
        {
            SkipSpace();
            if (At >= content.Length)
                return false;

            var before = At;
            switch (content[At])
            {
                case (byte)'(':
                    SkipText();
                    break;
                case (byte)'<' when Rest.StartsWith("<<"u8):
                    depth++;
                    At += 2;
                    break;
                case (byte)'<':
                    At = Rest.IndexOf((byte)'>') is >= 0 and var end ? At + end + 1 : content.Length;
                    break;
                case (byte)'>' when Rest.StartsWith(">>"u8):
                    depth--;
                    At += 2;
                    break;
                case (byte)'[':
                    depth++;
                    At++;
                    break;
                case (byte)']':
                    depth--;
                    At++;
                    break;
                case (byte)'/':
                    At++;
                    SkipRegular();
                    break;
                default:
                    SkipRegular();
                    break;
            }

            if (At == before || depth < 0)
                return false;
        }
        while (depth > 0);
        return true;
    }

    // Brackets in a text are balanced, or have a backslash before them.
    private void SkipText()
    {
        var depth = 0;
        while (At < content.Length)
        {
            var character = content[At];
            At += character == '\\' ? 2 : 1;
            depth += character == '(' ? 1 : character == ')' ? -1 : 0;
            if (depth == 0)
                break;
        }

        At = Math.Min(At, content.Length);
    }

    private void SkipRegular()
    {
        var length = Rest.IndexOfAny(NotRegular);
        At = length < 0 ? content.Length : At + length;
    }
}
