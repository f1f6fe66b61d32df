using System.Reflection;
using System.Text;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Interop.Tests.Xml;

/// <summary>What the one entry of XML takes, and what it refuses and by which name.</summary>
[Collection(Measured.Name)]
public sealed class EntryTests
{
    private static readonly string Valid = Encoding.UTF8.GetString(MessageSamples.Write(MessageSamples.Receipt(new NotAccept { Opinion = "不予受理 \U0001F9C0" })));

    private static readonly string[] OtherWays =
        ["XmlReader.Create", "XmlTextReader", "XmlDocument", "XDocument", "XElement", "XPathDocument", "XmlSerializer", "DataContractSerializer"];

    public static TheoryData<string, string, MessageFault> Refused => new()
    {
        { "a document type", Valid.Replace("<Message ", "<!DOCTYPE Message><Message ", StringComparison.Ordinal), MessageFault.DocumentType },
        { "an external entity", Valid.Replace("<Message ", "<!DOCTYPE m [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Message ", StringComparison.Ordinal), MessageFault.DocumentType },
        { "entities of entities", BillionLaughs(), MessageFault.DocumentType },
        { "an entity that is not declared", Valid.Replace("<Sender>", "<Sender>&laughs;", StringComparison.Ordinal), MessageFault.NotXml },
        { "a reference to a character XML has not", Valid.Replace("<Sender>", "<Sender>&#x1;", StringComparison.Ordinal), MessageFault.NotXml },
        { "nothing", "", MessageFault.NotXml },
        { "white space", " \n ", MessageFault.NotXml },
        { "half of a message", Valid[..(Valid.Length / 2)], MessageFault.NotXml },
        { "two messages", Valid + "<Message/>", MessageFault.NotXml },
        { "an unclosed element", Valid.Replace("</Receiver>", "", StringComparison.Ordinal), MessageFault.NotXml },
        { "an element that ends too late", Valid.Replace("</Head>", "", StringComparison.Ordinal), MessageFault.Unexpected },
        { "another namespace", Valid.Replace("urn:singlewindow-bridge", "urn:other", StringComparison.Ordinal), MessageFault.Unexpected },
        { "a newer namespace", Valid.Replace("exchange:1", "exchange:2", StringComparison.Ordinal), MessageFault.UnknownVersion },
        { "a newer version", Valid.Replace("version=\"1\"", "version=\"2\"", StringComparison.Ordinal), MessageFault.UnknownVersion },
        { "no version", Valid.Replace(" version=\"1\"", "", StringComparison.Ordinal), MessageFault.Missing },
        { "an unknown attribute", Valid.Replace("<Head>", "<Head x=\"1\">", StringComparison.Ordinal), MessageFault.Unexpected },
        { "an unknown element", Valid.Replace("<Sender>", "<Extra/><Sender>", StringComparison.Ordinal), MessageFault.Unexpected },
        { "elements out of order", Valid.Replace("<Sender>NZ-MPI</Sender>", "", StringComparison.Ordinal), MessageFault.Unexpected },
        { "a text between elements", Valid.Replace("<Sender>", "text<Sender>", StringComparison.Ordinal), MessageFault.Unexpected },
        { "no receiver", Valid.Replace("<Receiver>GACC</Receiver>", "", StringComparison.Ordinal), MessageFault.Missing },
        { "no body", Valid[..Valid.IndexOf("<Body>", StringComparison.Ordinal)] + "</Message>", MessageFault.Missing },
        { "a body that is not base64", Valid.Replace("<Body>", "<Body>*", StringComparison.Ordinal), MessageFault.Value },
        { "base64 that is cut off", Valid.Replace("</Body>", "A</Body>", StringComparison.Ordinal), MessageFault.Value },
        { "base64 after its end", Valid.Replace("</Body>", "====</Body>", StringComparison.Ordinal), MessageFault.Value },
        { "an id that is none", Valid.Replace("<MessageId>", "<MessageId>X", StringComparison.Ordinal), MessageFault.Value },
        { "a time without its offset", Valid.Replace("+08:00</CreatedAt>", "</CreatedAt>", StringComparison.Ordinal), MessageFault.Value },
        { "a day that there is not", Valid.Replace("<CreatedAt>2025-11-20", "<CreatedAt>2025-02-30", StringComparison.Ordinal), MessageFault.Value },
        { "an escape that is none", Valid.Replace("<Sender>", "<Sender escaped=\"true\">\\u00", StringComparison.Ordinal), MessageFault.Value },
        { "an escape neither true nor false", Valid.Replace("<Sender>", "<Sender escaped=\"maybe\">", StringComparison.Ordinal), MessageFault.Value },
        { "a type that is not known", Rewrap("<Invented xmlns=\"urn:singlewindow-bridge:customs-exchange:1\"/>", "Invented"), MessageFault.UnknownType },
        { "a type that is not the body's", Valid.Replace(">NotAccept<", ">Accept<", StringComparison.Ordinal), MessageFault.Unexpected },
        { "a body that is no XML", Rewrap("NotAccept", "NotAccept"), MessageFault.NotXml },
        { "an entity in the body", Rewrap("<!DOCTYPE x [<!ENTITY a 'b'>]><NotAccept>&a;</NotAccept>", "NotAccept"), MessageFault.DocumentType },
        { "a line that is too long", Valid.Replace("<Sender>", "<Sender>" + new string('x', 1001), StringComparison.Ordinal), MessageFault.Limit },
        { "a name that is too long", Valid.Replace("<Head>", $"<{new string('H', 300)}>", StringComparison.Ordinal), MessageFault.Limit },
        { "an attribute that is too long", Valid.Replace("<Head>", $"<Head a=\"{new string('H', 300)}\">", StringComparison.Ordinal), MessageFault.Limit },
        { "many attributes", Valid.Replace("<Head>", $"<Head {string.Concat(Enumerable.Range(0, 17).Select(n => $" a{n}=''"))}>", StringComparison.Ordinal), MessageFault.Limit },
        { "depth", Valid.Replace("<Head>", string.Concat(Enumerable.Repeat("<Head>", 16)), StringComparison.Ordinal), MessageFault.Limit },
        { "a long comment", Valid.Replace("<Head>", $"<!-- {new string('-', 1)}{new string('x', 20_000)} --><Head>", StringComparison.Ordinal), MessageFault.Limit },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_wrong_is_refused_by_name(string what, string message, MessageFault fault)
    {
        var refusal = Assert.Throws<MessageFormatException>(() => MessageSamples.Read(Encoding.UTF8.GetBytes(message)));
        Assert.True(fault == refusal.Fault, $"{what}: {refusal.Fault} {refusal.Message}");
    }

    [Fact]
    public void There_is_no_other_way_in()
    {
        // The second reads the schema that is in the assembly.
        string[] may = ["XmlEntry.cs", "ExchangeSchema.cs"];
        var source = Path.Combine(
            typeof(EntryTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "src");
        var readers = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(path => OtherWays.Any(File.ReadAllText(path).Contains)).Select(Path.GetFileName);
        Assert.Equal(may.Order(StringComparer.Ordinal), readers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void UTF_8_and_UTF_16_with_a_mark_are_taken()
    {
        Encoding[] encodings = [new UTF8Encoding(false), new UTF8Encoding(true), new UnicodeEncoding(false, true), new UnicodeEncoding(true, true)];
        foreach (var encoding in encodings)
        {
            var name = encoding is UnicodeEncoding ? "utf-16" : "utf-8";
            byte[] message = [.. encoding.GetPreamble(), .. encoding.GetBytes(Valid.Replace("\"utf-8\"", $"\"{name}\"", StringComparison.Ordinal))];
            Assert.Equal("不予受理 \U0001F9C0", ((CustomsReceipt)MessageSamples.Read(message).Body).Act.Opinion);
        }
    }

    [Theory]
    [InlineData("GB18030")]
    [InlineData("iso-8859-1")]
    [InlineData("utf-7")]
    [InlineData("utf-16")]
    [InlineData("utf-32")]
    public void Other_encodings_are_refused_by_name(string name)
    {
        var message = Encoding.UTF8.GetBytes(Valid.Replace("\"utf-8\"", $"'{name}'", StringComparison.Ordinal));
        var refusal = Assert.Throws<MessageFormatException>(() => MessageSamples.Read(message));
        Assert.Equal(MessageFault.Encoding, refusal.Fault);
        Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_the_encoding_are_refused()
    {
        byte[][] messages =
        [
            Encoding.Unicode.GetBytes(Valid), Encoding.BigEndianUnicode.GetBytes(Valid), Encoding.UTF32.GetBytes(Valid),
            [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes(Valid)],
            Encoding.Latin1.GetBytes(Valid.Replace("GACC", "é", StringComparison.Ordinal)),
            [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Valid.Replace("utf-8", "utf-16", StringComparison.Ordinal)), 0x00, 0xD8],
        ];
        Assert.All(messages, message =>
            Assert.Equal(MessageFault.Encoding, Assert.Throws<MessageFormatException>(() => MessageSamples.Read(message)).Fault));
    }

    [Fact]
    public void What_does_no_harm_is_taken()
    {
        var message = Valid
            .Replace("<Head>", "<!-- a comment --><?pi data?>\r\n\t<Head xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">", StringComparison.Ordinal)
            .Replace("<Sender>NZ-MPI<", "<Sender><![CDATA[NZ]]>&#45;<!-- -->MPI<", StringComparison.Ordinal);
        Assert.Equal("NZ-MPI", MessageSamples.Read(Encoding.UTF8.GetBytes(message)).Envelope.Routing.Sender);
        var prefixed = Valid.Replace("<", "<e:", StringComparison.Ordinal).Replace("<e:/", "</e:", StringComparison.Ordinal)
            .Replace("<e:?", "<?", StringComparison.Ordinal).Replace("xmlns=", "xmlns:e=", StringComparison.Ordinal);
        Assert.Equal("NZ-MPI", MessageSamples.Read(Encoding.UTF8.GetBytes(prefixed)).Envelope.Routing.Sender);
    }

    [Fact]
    public void Fault_names_the_place()
    {
        var refusal = Assert.Throws<MessageFormatException>(() => MessageSamples.Read(
            Encoding.UTF8.GetBytes(Valid.Replace("<Sender>", "\n\n<Extra/><Sender>", StringComparison.Ordinal))));
        Assert.Equal(6 + Valid[..Valid.IndexOf("<Sender>", StringComparison.Ordinal)].Count(c => c == '\n') - 3, refusal.Line);
        Assert.Contains("Extra", refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Giants => ["nesting", "nesting in the body", "text", "text in the body", "attributes", "elements", "name", "comment", "base64", "file"];

    /// <summary>
    /// Millions of everything are answered after no more of them than one can see that they are too many, each byte read once, and in less
    /// memory than ten times their own size: so the answer comes within a second on any machine that reads 100 MB in one. The time itself
    /// is not judged here, which depends on what else the machine does.
    /// </summary>
    [Theory]
    [MemberData(nameof(Giants))]
    public void Giants_are_refused_as_soon_as_they_can_be_told_and_in_little_memory(string kind)
    {
        const string ns = "xmlns=\"urn:singlewindow-bridge:customs-exchange:1\"";
        var hundred = 100 * 1024 * 1024;
        var message = Encoding.UTF8.GetBytes(kind switch
        {
            "nesting" => string.Concat(Enumerable.Repeat("<a>", 1_000_000)),
            "nesting in the body" => Rewrap(string.Concat(Enumerable.Repeat("<a>", 1_000_000)), "Accept"),
            "text" => Valid.Replace("<Sender>", "<Sender>" + new string('x', hundred), StringComparison.Ordinal),
            "text in the body" => Rewrap($"<Accept {ns}><CaseNumber>1</CaseNumber><Opinion>{new string('x', 3 * (hundred / 4))}</Opinion></Accept>", "Accept"),
            "attributes" => $"<Message {string.Concat(Enumerable.Range(0, 1_000_000).Select(n => $" a{n}=''"))}/>",
            "elements" => $"<Message {ns} version='1'><Head>{string.Concat(Enumerable.Repeat("<a/>", 1_000_000))}",
            "name" => $"<{new string('n', hundred)}/>",
            "comment" => $"<!--{new string('n', hundred)}--><Message/>",
            "base64" => Valid.Replace("<Body>", "<Body>" + new string('A', hundred), StringComparison.Ordinal),
            _ => Rewrap($"<Accept {ns}><CaseNumber>1</CaseNumber><Files><File><Name>n</Name><SizeBytes>4194304</SizeBytes><Sha256>{new string('a', 64)}</Sha256><Content>{new string('A', 3 * (hundred / 4))}</Content></File></Files></Accept>", "Accept"),
        });
        using var stream = new CountedStream(message);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MessageFormatException>(() => MessageXml.Read(stream));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // What is in the body is seen only when the body has been read to its end.
        var most = kind is "base64" or "file" || kind.EndsWith("in the body", StringComparison.Ordinal) ? message.Length : 128 * 1024;
        Assert.True(stream.Given <= most, $"{stream.Given} of {message.Length} bytes were read");
        Assert.True(allocated < (10L * message.Length) + Fuzz.Floor, $"{allocated} for {message.Length}");
    }

    /// <summary>Counts what is read of it.</summary>
    private sealed class CountedStream(byte[] content) : MemoryStream(content, writable: false)
    {
        public long Given { get; private set; }

        // Reading into a span comes here too, as of every stream made from another.
        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = base.Read(buffer, offset, count);
            Given += read;
            return read;
        }
    }

    private static string Rewrap(string body, string type)
    {
        var start = Valid.IndexOf("<Body>", StringComparison.Ordinal);
        return Valid[..start].Replace(">NotAccept<", $">{type}<", StringComparison.Ordinal)
            + "<Body>" + Convert.ToBase64String(Encoding.UTF8.GetBytes(body)) + "</Body></Message>";
    }

    private static string BillionLaughs() =>
        "<!DOCTYPE lolz [<!ENTITY lol0 \"lol\">" + string.Concat(Enumerable.Range(1, 9).Select(n =>
            $"<!ENTITY lol{n} \"{string.Concat(Enumerable.Repeat($"&lol{n - 1};", 10))}\">")) + "]><Message>&lol9;</Message>";
}
