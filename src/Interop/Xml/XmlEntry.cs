using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace SingleWindowBridge.Interop.Xml;

/// <summary>
/// The one way by which XML comes in. It reads no document type, resolves nothing, and counts bytes, depth, elements, attributes,
/// names and texts before the XML reader sees them; whatever is wrong comes out as a <see cref="MessageFormatException"/>.
/// </summary>
internal static partial class XmlEntry
{
    private const int BufferChars = 4096;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads one document.</summary>
    /// <param name="from">The document, from its first byte.</param>
    /// <param name="limits">How much it may hold.</param>
    /// <param name="textLimit">The most characters of one text.</param>
    /// <param name="read">Reads the root element and all in it.</param>
    /// <exception cref="MessageFormatException">The content is not as it must be. Faults of the stream pass through.</exception>
    public static T Read<T>(Stream from, MessageLimits limits, int textLimit, Func<ElementReader, T> read)
    {
        var bounded = new BoundedStream(from, limits.Bytes);
        var head = new byte[256];
        var headLength = bounded.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var (encoding, skip) = EncodingOf(head.AsSpan(0, headLength));
        using var text = new StreamReader(
            new HeadFirstStream(head.AsMemory(skip, headLength - skip), bounded), encoding, detectEncodingFromByteOrderMarks: false, BufferChars);
        using var counting = new CountingReader(text, limits, textLimit);
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CheckCharacters = true,
        };
        try
        {
            using var xml = XmlReader.Create(counting, settings);
            var reader = new ElementReader(xml, limits, from.CanSeek ? from.Length : 0);
            var result = read(reader);
            reader.End();
            return result;
        }
        catch (XmlException fault)
        {
            throw new MessageFormatException(
                MessageFault.NotXml, $"Not well-formed XML: {Shown(fault.Message)}", fault.LineNumber, fault.LinePosition, fault);
        }
        catch (DecoderFallbackException fault)
        {
            throw new MessageFormatException(
                MessageFault.Encoding, $"The bytes are not {encoding.WebName.ToUpperInvariant()}", inner: fault);
        }
    }

    /// <summary>A text of another's making, short enough for a message to an operator and on one line.</summary>
    public static string Shown(string text) =>
        string.Concat((text.Length > 200 ? text[..200] + "..." : text).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));

    /// <summary>UTF-8 with a byte order mark or without, UTF-16 with one; what the XML declaration says must be the same.</summary>
    private static (Encoding Encoding, int Skip) EncodingOf(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) || head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF])) throw Refused("UTF-32");
        var (encoding, skip) = head switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (Utf8, 3),
            [0xFF, 0xFE, ..] => (new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true), 2),
            [0xFE, 0xFF, ..] => (new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true), 2),
            [0, _, ..] or [_, 0, ..] => throw Refused("UTF-16 or UTF-32 without a byte order mark"),
            _ => ((Encoding)Utf8, 0),
        };
        // The declaration is ASCII; in UTF-16 every other byte of it is zero.
        Span<char> ascii = stackalloc char[head.Length];
        var length = 0;
        foreach (var character in head[skip..])
            if (character != 0) ascii[length++] = (char)character;
        var declaration = ascii[..length].ToString();
        if (Declared().Match(declaration) is not { Success: true } match) return (encoding, skip);

        var declared = match.Groups[1].Value;
        var family = encoding is UTF8Encoding ? "UTF-8" : "UTF-16";
        var fits = declared.Equals(family, StringComparison.OrdinalIgnoreCase)
            || (encoding is UnicodeEncoding && declared.Equals(skip == 2 && head[0] == 0xFF ? "UTF-16LE" : "UTF-16BE", StringComparison.OrdinalIgnoreCase));
        return fits ? (encoding, skip) : throw Refused(Shown(declared));
    }

    private static MessageFormatException Refused(string encoding) => new(
        MessageFault.Encoding, $"The encoding {encoding} is not taken: send UTF-8, or UTF-16 with a byte order mark");

    [GeneratedRegex("""^<\?xml\s[^>]*?encoding\s*=\s*["']([^"']{0,100})["']""", RegexOptions.CultureInvariant)]
    private static partial Regex Declared();

    /// <summary>Gives at most so many bytes.</summary>
    private sealed class BoundedStream(Stream inner, long most) : ReadStream
    {
        private long _read;

        public override int Read(Span<byte> buffer)
        {
            if (inner.CanSeek && _read == 0 && inner.Length > most) throw TooLarge();
            var read = inner.Read(buffer);
            _read += read;
            return _read > most ? throw TooLarge() : read;
        }

        private MessageFormatException TooLarge() => new(MessageFault.TooLarge, $"The message has more than {most} bytes");
    }

    /// <summary>Gives what was read ahead, then the rest.</summary>
    private sealed class HeadFirstStream(ReadOnlyMemory<byte> head, Stream rest) : ReadStream
    {
        private ReadOnlyMemory<byte> _head = head;

        public override int Read(Span<byte> buffer)
        {
            if (_head.IsEmpty) return rest.Read(buffer);
            var read = Math.Min(buffer.Length, _head.Length);
            _head.Span[..read].CopyTo(buffer);
            _head = _head[read..];
            return read;
        }
    }

    private abstract class ReadStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public abstract override int Read(Span<byte> buffer);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
