using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Interop.Tests.Xml;

/// <summary>Every message goes out and comes in as it was, and is as the schema says.</summary>
public sealed class MessageXmlTests
{
    public static TheoryData<string> Kinds => [.. MessageSamples.Bodies.Select((body, index) => $"{index} {MessageXml.TypeOf(body)}")];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Message_of_every_kind_comes_back_as_it_was_and_fits_the_schema(string kind)
    {
        var body = MessageSamples.Bodies.ElementAt(int.Parse(kind.Split(' ')[0]));
        var written = MessageSamples.Write(body);
        SchemaCheck.Check(written);
        var read = MessageSamples.Read(written);
        Assert.Equal(Json(body), Json(read.Body));
        Assert.Equal(MessageXml.TypeOf(body), read.Envelope.MessageType);
        Assert.Equal(
            (MessageSamples.Routing.Sender, "GACC", MessageSamples.Routing.FileName),
            (read.Envelope.Routing.Sender, Assert.Single(read.Envelope.Routing.Receivers), read.Envelope.Routing.FileName));
    }

    [Fact]
    public void Samples_have_every_kind_of_content_and_of_act()
    {
        Assert.Equal(Kinds<SubmissionContent>(), MessageSamples.Contents.Select(content => content.GetType()).ToHashSet());
        Assert.Equal(Kinds<CustomsAct>(), MessageSamples.Acts.Select(act => act.GetType()).Append(typeof(Unreadable)).ToHashSet());

        static HashSet<Type> Kinds<T>() => [.. typeof(T).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(T)))];
    }

    [Fact]
    public void Random_messages_come_back_as_they_were_and_fit_the_schema() => Prop.ForAll(
        GeneratedMessages.Bodies.ToArbitrary(),
        body =>
        {
            var written = MessageSamples.Write(body);
            SchemaCheck.Check(written);
            return Json(body) == Json(MessageSamples.Read(written).Body);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void What_XML_cannot_hold_is_escaped_and_what_it_can_is_left_alone()
    {
        var written = BodyText(new ReceiveFailed("\u0001 a\\b \U0001F9C0"));
        Assert.Contains("""<FailureReason escaped="true">\u0001 a\\b """ + "\U0001F9C0</FailureReason>", written, StringComparison.Ordinal);
        Assert.Contains(@"<FailureReason>a\b</FailureReason>", BodyText(new ReceiveFailed(@"a\b")), StringComparison.Ordinal);
    }

    [Fact]
    public void Contents_travel_inside_or_beside()
    {
        var submission = MessageSamples.Submission(MessageSamples.Contents[0]);
        Assert.Equal(MessageSamples.Content, MessageSamples.Read(MessageSamples.Write(submission)).Contents[MessageSamples.File.Sha256].ToArray());
        var beside = MessageSamples.Write(submission, inside: false);
        SchemaCheck.Check(beside);
        Assert.Empty(MessageSamples.Read(beside).Contents);

        var receipt = MessageSamples.Receipt(MessageSamples.Acts.OfType<PublishProtocol>().Single());
        var contents = MessageSamples.ContentsOf(receipt);
        var written = MessageSamples.Write(receipt, inside: false);
        SchemaCheck.Check(written);
        Assert.Equal(Json(receipt), Json(MessageSamples.Read(written, (sha256, _) => contents[sha256]).Body));
        Assert.Equal(MessageFault.FileMissing, Fault(() => MessageSamples.Read(written)));
        Assert.Equal(MessageFault.FileMismatch, Fault(() => MessageSamples.Read(written, (_, _) => new byte[2])));
    }

    [Fact]
    public void Largest_questionnaire_of_the_catalogue_fits_into_a_message()
    {
        // 14 tables of 500 rows and 17 million characters in all, of the kind that takes most room in XML.
        var cells = Enumerable.Range(0, 4).ToDictionary(column => $"c{column}", _ => new string('&', 610));
        var answers = Enumerable.Range(0, 14).Select(n => new QuestionAnswer($"q{n}", "1", [], [.. Enumerable.Repeat(cells, 500)], []));
        var read = (Submission)MessageSamples.Read(MessageSamples.Write(
            MessageSamples.Submission(new QuestionnaireContent("dairy", 1, [.. answers])), inside: false)).Body;
        Assert.All(((QuestionnaireContent)read.Content).Answers, answer => Assert.Equal(cells, answer.Rows[499]));
    }

    [Fact]
    public void Ids_are_written_in_capitals_and_taken_in_any_case()
    {
        var receipt = MessageSamples.Receipt(new Received()) with { MessageId = "6f1c2a9e-3f0b-4f4e-9d57-0c1b7f3f8a11" };
        var written = MessageSamples.Write(receipt);
        Assert.Contains("6F1C2A9E-3F0B-4F4E-9D57-0C1B7F3F8A11", Encoding.UTF8.GetString(written), StringComparison.Ordinal);
        var lower = Encoding.UTF8.GetString(written).Replace("6F1C2A9E-3F0B-4F4E-9D57-0C1B7F3F8A11", receipt.MessageId, StringComparison.Ordinal);
        Assert.Equal("6F1C2A9E-3F0B-4F4E-9D57-0C1B7F3F8A11", MessageSamples.Read(Encoding.UTF8.GetBytes(lower)).Envelope.MessageId);
    }

    [Fact]
    public void Every_type_element_and_attribute_of_the_schema_is_explained_in_Chinese_and_English()
    {
        using var stream = ExchangeSchema.Open();
        XNamespace xs = "http://www.w3.org/2001/XMLSchema";
        var declared = XDocument.Load(stream).Descendants()
            .Where(e => e.Attribute("name") is not null && e.Name.Namespace == xs).ToList();
        Assert.True(declared.Count > 200, $"{declared.Count}");
        Assert.All(declared, e =>
        {
            var words = e.Element(xs + "annotation")?.Elements(xs + "documentation")
                .ToDictionary(d => d.Attribute(XNamespace.Xml + "lang")!.Value, d => d.Value) ?? [];
            Assert.Contains(words.GetValueOrDefault("zh", ""), c => c is >= '\u4e00' and <= '\u9fff');
            Assert.True(words.GetValueOrDefault("en", "").Length > 3, $"{e.Attribute("name")}");
        });
    }

    private static string BodyText(CustomsAct act) =>
        Encoding.UTF8.GetString(SchemaCheck.BodyOf(SchemaCheck.CheckDocument(MessageSamples.Write(MessageSamples.Receipt(act)))));

    private static MessageFault Fault(Action read) => Assert.Throws<MessageFormatException>(read).Fault;

    // The half of a surrogate pair is no text that JSON keeps apart; the escape does.
    private static string Json(object body) => JsonSerializer.Serialize(body, body.GetType(), Options);

    private static readonly JsonSerializerOptions Options = new() { Converters = { new ExactStrings() } };

    private sealed class ExactStrings : System.Text.Json.Serialization.JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetString()!;

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(string.Concat(value.Select(c => char.IsSurrogate(c) ? $"#{(int)c:X}" : $"{c}")))));

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WritePropertyName(Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(string.Concat(value.Select(c => char.IsSurrogate(c) ? $"#{(int)c:X}" : $"{c}")))));
    }
}
