using System.Globalization;
using System.Text;
using System.Xml;

namespace SingleWindowBridge.Interop.Xml;

/// <summary>Writes elements of the format.</summary>
internal sealed class ElementWriter : IDisposable
{
    private readonly XmlWriter _xml;

    /// <summary>Begins a document in UTF-8.</summary>
    public ElementWriter(Stream to)
    {
        _xml = XmlWriter.Create(to, new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Indent = true,
            // A carriage return is written as a reference, or a reader would take it for a line end.
            NewLineHandling = NewLineHandling.Entitize,
            CloseOutput = false,
        });
        _xml.WriteStartDocument();
    }

    /// <summary>Begins an element.</summary>
    public void Start(string name) => _xml.WriteStartElement(name, ExchangeSchema.Namespace);

    /// <summary>Writes an attribute of the element that was begun.</summary>
    public void Attribute(string name, string value) => _xml.WriteAttributeString(name, value);

    /// <summary>Ends the element that was begun last.</summary>
    public void End() => _xml.WriteEndElement();

    /// <summary>A text, escaped where XML cannot hold it.</summary>
    public void Text(string name, string text)
    {
        Start(name);
        if (TextEscape.IsNeeded(text))
        {
            Attribute("escaped", "true");
            text = TextEscape.Escape(text);
        }

        _xml.WriteString(text);
        End();
    }

    /// <summary>A text; nothing where it is empty.</summary>
    public void TextOrNone(string name, string text)
    {
        if (text.Length > 0) Text(name, text);
    }

    /// <summary>A word that XML can hold.</summary>
    public void Word(string name, string word) => _xml.WriteElementString(name, ExchangeSchema.Namespace, word);

    /// <summary>A whole number.</summary>
    public void Number(string name, long number) => Word(name, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A point in time with its offset, to the tenth of a microsecond.</summary>
    public void Time(string name, DateTimeOffset time) => Word(
        name, time.ToString(time.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture));

    /// <summary>True or false.</summary>
    public void Flag(string name, bool flag) => Word(name, flag ? "true" : "false");

    /// <summary>Bytes in base64.</summary>
    public void Bytes(string name, ReadOnlyMemory<byte> bytes)
    {
        Start(name);
        const int step = 48 * 1024;
        var buffer = new byte[Math.Min(step, bytes.Length)];
        for (var at = 0; at < bytes.Length; at += step)
        {
            var length = Math.Min(step, bytes.Length - at);
            bytes.Span.Slice(at, length).CopyTo(buffer);
            _xml.WriteBase64(buffer, 0, length);
        }

        End();
    }

    /// <summary>A list in an element of its own; nothing where it is empty.</summary>
    public void List<T>(string name, IReadOnlyList<T> items, Action<T> write)
    {
        if (items.Count == 0) return;
        Start(name);
        foreach (var item in items) write(item);
        End();
    }

    /// <summary>Ends the document.</summary>
    public void Dispose() => _xml.Dispose();
}
