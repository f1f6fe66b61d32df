using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace SingleWindowBridge.Interop.Xml;

/// <summary>Reads elements in the order of the format; nothing is built that the format does not have.</summary>
/// <param name="xml">The document.</param>
/// <param name="limits">How much a message may hold.</param>
/// <param name="documentBytes">How long the document is, as far as one knows; no more than that is set aside in advance.</param>
internal sealed class ElementReader(XmlReader xml, MessageLimits limits, long documentBytes)
{
    private const int Base64Chunk = 16 * 1024;

    private readonly char[] _chunk = new char[1024];

    /// <summary>Of each element that was entered, whether it is written as an empty one.</summary>
    private readonly Stack<bool> _entered = new();

    /// <summary>How much a message may hold.</summary>
    public MessageLimits Limits => limits;

    /// <summary>The name of the root element, which must be in the format's namespace.</summary>
    public string Root()
    {
        while (xml.NodeType != XmlNodeType.Element)
            if (!xml.Read()) throw Fault(MessageFault.NotXml, "The document is empty");
        if (xml.NamespaceURI == ExchangeSchema.Namespace) return xml.LocalName;
        throw xml.NamespaceURI.StartsWith(ExchangeSchema.NamespaceFamily, StringComparison.Ordinal)
            ? Fault(MessageFault.UnknownVersion, $"The namespace {XmlEntry.Shown(xml.NamespaceURI)} is of a version that is not known here; known is {ExchangeSchema.Namespace}")
            : Fault(MessageFault.Unexpected, $"The root element is not in the namespace {ExchangeSchema.Namespace}, but in '{XmlEntry.Shown(xml.NamespaceURI)}'");
    }

    /// <summary>Whether the next element in the current one has this name.</summary>
    public bool At(string name)
    {
        if (_entered.TryPeek(out var empty) && empty) return false;
        SkipWhitespace();
        return xml.NodeType == XmlNodeType.Element && xml.LocalName == name && xml.NamespaceURI == ExchangeSchema.Namespace;
    }

    /// <summary>Goes into the element that must come now.</summary>
    public void Enter(string name, string? attribute = null, Action<string?>? check = null)
    {
        Expect(name);
        var value = Attribute(attribute);
        check?.Invoke(value);
        _entered.Push(xml.IsEmptyElement);
        xml.Read();
    }

    /// <summary>Goes out of the element that was entered last; nothing more may stand in it.</summary>
    public void Leave()
    {
        if (_entered.Pop()) return;
        SkipWhitespace();
        if (xml.NodeType != XmlNodeType.EndElement) throw NotExpected();
        xml.Read();
    }

    /// <summary>Nothing may come after the root element.</summary>
    public void End()
    {
        SkipWhitespace();
        if (!xml.EOF) throw NotExpected();
    }

    /// <summary>A text that must be there, of at most so many characters (Unicode code points); empty if the element is.</summary>
    public string Text(string name, int most)
    {
        Expect(name);
        var escaped = Attribute("escaped");
        if (escaped is not (null or "true" or "false" or "1" or "0"))
            throw Fault(MessageFault.Value, $"{name}: 'escaped' must be true or false");
        var isEscaped = escaped is "true" or "1";
        // A character is two of UTF-16 at the most, and six when it is escaped.
        var text = Raw(name, most * (isEscaped ? 6L : 2L), most);
        if (isEscaped)
            text = TextEscape.Unescape(text) ?? throw Fault(MessageFault.Value, $"{name}: a backslash stands before neither a backslash nor u and four hexadecimal digits");
        return text.Length <= most || Characters(text) <= most ? text : throw TooLong(name, most);
    }

    /// <summary>A text, or "" where the element is not there.</summary>
    public string TextOrNone(string name, int most) => At(name) ? Text(name, most) : "";

    /// <summary>A word of a pattern, without white space around it.</summary>
    public string Word(string name, Regex pattern, string shape)
    {
        Expect(name);
        Attribute(null);
        var word = Raw(name, limits.Name, limits.Name).Trim(' ', '\t', '\r', '\n');
        return pattern.IsMatch(word) ? word : throw Fault(MessageFault.Value, $"{name} must be {shape}, not '{XmlEntry.Shown(word)}'");
    }

    /// <summary>A whole number within bounds.</summary>
    public long Number(string name, long least, long most)
    {
        Expect(name);
        Attribute(null);
        var word = Raw(name, limits.Name, limits.Name).Trim(' ', '\t', '\r', '\n');
        return long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Fault(MessageFault.Value, $"{name} must be a whole number from {least} to {most}, not '{XmlEntry.Shown(word)}'");
    }

    /// <summary>A point in time with its offset.</summary>
    public DateTimeOffset Time(string name)
    {
        const string shape = "a time with its offset, such as 2025-11-20T08:30:00.1234567Z";
        var word = Word(name, Patterns.Time(), shape);
        return DateTimeOffset.TryParseExact(
            word, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw Fault(MessageFault.Value, $"{name} must be {shape}, not '{word}'");
    }

    /// <summary>True or false.</summary>
    public bool Flag(string name) => Word(name, Patterns.Flag(), "true or false") is "true" or "1";

    /// <summary>Bytes in base64, with white space anywhere.</summary>
    /// <param name="name">The element's name.</param>
    /// <param name="expected">How many there should be, as far as one knows.</param>
    /// <param name="most">The most there may be.</param>
    public byte[] Bytes(string name, long expected, long most)
    {
        Expect(name);
        Attribute(null);
        var bytes = new byte[(int)Math.Clamp(expected, 0, Math.Min(most, documentBytes * 3 / 4))];
        var length = 0;
        var padded = false;
        // Four characters are three bytes: what is left of one chunk goes before the next.
        var chunk = ArrayPool<char>.Shared.Rent(Base64Chunk);
        try
        {
            var held = 0;
            foreach (var read in Chunks(chunk, () => held))
            {
                held = WithoutWhiteSpace(chunk, held, read);
                var whole = held & ~3;
                if (whole == 0) continue;
                if (length + (whole / 4L * 3) > bytes.Length)
                    Array.Resize(ref bytes, (int)Math.Min(int.MaxValue - 64, Math.Max(length + (whole / 4L * 3), bytes.Length * 2L)));
                if (padded || !Convert.TryFromBase64Chars(chunk.AsSpan(0, whole), bytes.AsSpan(length), out var decoded))
                    throw Fault(MessageFault.Value, $"{name} is not base64");
                padded = decoded < whole / 4 * 3;
                length += decoded;
                if (length > most) throw Fault(MessageFault.Limit, $"{name} has more than {most} bytes");
                chunk.AsSpan(whole, held - whole).CopyTo(chunk);
                held -= whole;
            }

            if (held > 0) throw Fault(MessageFault.Value, $"{name} is not base64");
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chunk);
        }

        Array.Resize(ref bytes, length);
        return bytes;
    }

    /// <summary>A list in an element of its own; empty where the element is not there.</summary>
    public IReadOnlyList<T> List<T>(string name, string item, int most, Func<ElementReader, T> read)
    {
        if (!At(name)) return [];
        Enter(name);
        if (!At(item))
        {
            Leave();
            return [];
        }

        var items = new List<T>();
        while (At(item))
        {
            if (items.Count == most) throw Fault(MessageFault.Limit, $"{name} has more than {most} {item}");
            items.Add(read(this));
        }

        Leave();
        return items;
    }

    /// <summary>What is wrong, and where.</summary>
    public MessageFormatException Fault(MessageFault fault, string message)
    {
        var place = (IXmlLineInfo)xml;
        return new MessageFormatException(fault, message, place.LineNumber, place.LinePosition);
    }

    private static int Characters(string text) => text.Length - text.Count(char.IsLowSurrogate);

    private void Expect(string name)
    {
        if (At(name)) return;
        if (_entered.TryPeek(out var empty) && empty) throw Fault(MessageFault.Missing, $"{name} is missing");
        throw xml.NodeType is XmlNodeType.EndElement ? Fault(MessageFault.Missing, $"{name} is missing") : NotExpected($"; {name} must come here");
    }

    private MessageFormatException NotExpected(string rest = "") => Fault(
        MessageFault.Unexpected,
        xml.NodeType == XmlNodeType.Element ? $"The element {XmlEntry.Shown(xml.Name)} is not expected{rest}" : $"Text is not expected{rest}");

    /// <summary>The value of the one attribute that the element may have.</summary>
    private string? Attribute(string? known)
    {
        string? value = null;
        for (var more = xml.MoveToFirstAttribute(); more; more = xml.MoveToNextAttribute())
        {
            if (xml.NamespaceURI is "http://www.w3.org/2000/xmlns/" or "http://www.w3.org/2001/XMLSchema-instance") continue;
            if (known is null || xml.NamespaceURI.Length > 0 || xml.LocalName != known)
                throw Fault(MessageFault.Unexpected, $"The attribute {XmlEntry.Shown(xml.Name)} is not expected");
            value = xml.Value;
        }

        xml.MoveToElement();
        return value;
    }

    private void SkipWhitespace()
    {
        while (xml.NodeType is XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace or XmlNodeType.XmlDeclaration && xml.Read())
        {
        }
    }

    /// <summary>All text of the element, which holds no other, and goes past it.</summary>
    private string Raw(string name, long mostUnits, int most)
    {
        var text = "";
        StringBuilder? longer = null;
        foreach (var read in Chunks(_chunk, () => 0))
        {
            if ((longer?.Length ?? text.Length) + read > mostUnits) throw TooLong(name, most);
            if (text.Length == 0 && longer is null) text = new string(_chunk, 0, read);
            else (longer ??= new StringBuilder(text, Math.Max(text.Length + read, 4096))).Append(_chunk, 0, read);
        }

        return longer?.ToString() ?? text;
    }

    /// <summary>Reads the text of the element piece by piece, each to behind what is still held, and goes past the element.</summary>
    private IEnumerable<int> Chunks(char[] chunk, Func<int> held)
    {
        var empty = xml.IsEmptyElement;
        xml.Read();
        if (empty) yield break;
        while (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
        {
            for (int read; (read = xml.ReadValueChunk(chunk, held(), chunk.Length - held())) > 0;) yield return read;
            xml.Read();
        }

        if (xml.NodeType != XmlNodeType.EndElement) throw NotExpected();
        xml.Read();
    }

    /// <summary>Takes the white space out of what was read behind what is held, and gives how much there is then.</summary>
    private static int WithoutWhiteSpace(char[] chunk, int held, int read)
    {
        var added = chunk.AsSpan(held, read);
        if (!added.ContainsAny(" \t\r\n")) return held + read;
        foreach (var character in added)
            if (character is not (' ' or '\t' or '\r' or '\n')) chunk[held++] = character;
        return held;
    }

    private MessageFormatException TooLong(string name, int most) => Fault(MessageFault.Limit, $"{name} has more than {most} characters");
}
