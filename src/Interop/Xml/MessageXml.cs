using System.Globalization;
using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Xml;

/// <summary>
/// The codec of the exchange: an envelope in XML that holds a body in XML, in base64 (docs/customs-exchange.md, and the schema of
/// <see cref="ExchangeSchema"/>). Every channel speaks through it.
/// </summary>
public static class MessageXml
{
    internal const string CaseNumberShape = "at most 32 letters, digits and hyphens";
    internal const string RectificationNumberShape = "18 digits and capital letters";
    private const string CommunicationReceiptType = "CommunicationReceipt";
    private const int Line = 1000;

    /// <summary>The message type of a submission, of an act of Customs or of a communication receipt.</summary>
    /// <param name="body">A <see cref="Submission"/>, a <see cref="CustomsReceipt"/> or a <see cref="CommunicationReceipt"/>.</param>
    public static string TypeOf(object body) => body switch
    {
        Submission submission => SubmissionXml.TypeOf(submission.Content),
        CustomsReceipt receipt => ActXml.TypeOf(receipt.Act),
        CommunicationReceipt => CommunicationReceiptType,
        _ => throw new ArgumentException($"There is no message for {body.GetType()}.", nameof(body)),
    };

    /// <summary>Writes a message in UTF-8. Texts may hold any characters; nothing of them is lost.</summary>
    /// <param name="to">Where to; it stays open.</param>
    /// <param name="body">A <see cref="Submission"/>, a <see cref="CustomsReceipt"/> or a <see cref="CommunicationReceipt"/>.</param>
    /// <param name="routing">Who sends it to whom.</param>
    /// <param name="inside">The contents, by SHA-256, that travel inside; all others travel beside.</param>
    public static void Write(
        Stream to, object body, Routing routing, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? inside = null)
    {
        var files = new FileXml((_, _) => null);
        foreach (var (sha256, content) in inside ?? new Dictionary<string, ReadOnlyMemory<byte>>()) files.Inside[sha256] = content;
        using var written = new MemoryStream();
        using (var xml = new ElementWriter(written)) WriteBody(xml, body, files);

        var (messageId, createdAt) = body switch
        {
            Submission submission => (submission.MessageId, submission.CreatedAt),
            CustomsReceipt receipt => (receipt.MessageId, receipt.CreatedAt),
            CommunicationReceipt receipt => (receipt.MessageId, receipt.CreatedAt),
            _ => throw new ArgumentException($"There is no message for {body.GetType()}.", nameof(body)),
        };
        using var envelope = new ElementWriter(to);
        envelope.Start("Message");
        envelope.Attribute("version", ExchangeSchema.Version.ToString(CultureInfo.InvariantCulture));
        envelope.Start("Head");
        envelope.Word("MessageId", messageId.ToUpperInvariant());
        envelope.Text("Sender", routing.Sender);
        envelope.List("Receivers", routing.Receivers, receiver => envelope.Text("Receiver", receiver));
        envelope.Time("CreatedAt", createdAt);
        envelope.Word("MessageType", TypeOf(body));
        envelope.Text("FileName", routing.FileName);
        envelope.End();
        envelope.Bytes("Body", written.GetBuffer().AsMemory(0, (int)written.Length));
        envelope.End();
    }

    /// <summary>The contents of an act's files by SHA-256, to be written inside its message.</summary>
    public static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> ContentsOf(CustomsAct act)
    {
        var contents = new Dictionary<string, ReadOnlyMemory<byte>>(act.Files.Count, StringComparer.Ordinal);
        foreach (var file in act.Files) contents[FileXml.Hash(file.Content)] = file.Content;
        return contents;
    }

    /// <summary>Reads a message: UTF-8, or UTF-16 with a byte order mark.</summary>
    /// <param name="from">The message, from its first byte to its end; it stays open. Faults of the stream pass through.</param>
    /// <param name="limits">How much it may hold; <see cref="MessageLimits.Default"/> where null.</param>
    /// <param name="beside">
    /// Gives the content of Customs' files that travel beside the message, by SHA-256 and size in bytes; null if it is not there.
    /// The content is checked.
    /// </param>
    /// <exception cref="MessageFormatException">The message is not as it must be; nothing else comes of its content.</exception>
    public static ExchangeMessage Read(
        Stream from, MessageLimits? limits = null, Func<string, long, ReadOnlyMemory<byte>?>? beside = null)
    {
        limits ??= MessageLimits.Default;
        var length = from.CanSeek ? from.Length - from.Position : 0;
        // The body is one text, as long as the message at the most.
        var (envelope, body) = XmlEntry.Read(
            from, limits, (int)Math.Min(int.MaxValue, limits.Bytes), xml => ReadEnvelope(xml, length));
        var files = new FileXml(beside ?? ((_, _) => null));
        using var document = new MemoryStream(body, writable: false);
        var read = XmlEntry.Read(document, limits, limits.Text, xml => ReadBody(xml, envelope, files));
        return new ExchangeMessage(envelope, read, files.Inside);
    }

    private static void WriteBody(ElementWriter xml, object body, FileXml files)
    {
        switch (body)
        {
            case Submission submission:
                SubmissionXml.Write(xml, submission, files);
                break;
            case CustomsReceipt receipt:
                ActXml.Write(xml, receipt, files);
                break;
            case CommunicationReceipt receipt:
                xml.Start(CommunicationReceiptType);
                xml.Number("ResponseCode", receipt.ResponseCode);
                xml.TextOrNone("ResponseMessage", receipt.ResponseMessage);
                xml.Number("ClientSequence", receipt.ClientSequence);
                xml.Word("AnsweredMessageId", receipt.AnsweredMessageId);
                xml.TextOrNone("AnsweredFileName", receipt.AnsweredFileName);
                xml.End();
                break;
            default:
                throw new ArgumentException($"There is no message for {body.GetType()}.", nameof(body));
        }
    }

    private static (Envelope Envelope, byte[] Body) ReadEnvelope(ElementReader xml, long length)
    {
        xml.Root();
        xml.Enter("Message", "version", version =>
        {
            if (version != ExchangeSchema.Version.ToString(CultureInfo.InvariantCulture))
            {
                throw version is null
                    ? xml.Fault(MessageFault.Missing, "The attribute version of Message is missing")
                    : xml.Fault(
                        MessageFault.UnknownVersion,
                        $"The version {XmlEntry.Shown(version)} of the format is not known here; known is {ExchangeSchema.Version}");
            }
        });
        xml.Enter("Head");
        var messageId = xml.Word("MessageId", Patterns.MessageId(), "a UUID of 36 characters").ToUpperInvariant();
        var sender = xml.Text("Sender", Line);
        var receivers = xml.List("Receivers", "Receiver", 100, x => x.Text("Receiver", Line));
        if (receivers.Count == 0) throw xml.Fault(MessageFault.Missing, "Receivers is missing, or names none");
        var createdAt = xml.Time("CreatedAt");
        var type = xml.Word("MessageType", Patterns.MessageType(), "at most 64 letters");
        var fileName = xml.Text("FileName", Line);
        xml.Leave();
        var body = xml.Bytes("Body", length * 3 / 4, xml.Limits.Bytes);
        xml.Leave();
        return (new Envelope(messageId, new Routing(sender, receivers, fileName), createdAt, type), body);
    }

    private static object ReadBody(ElementReader xml, Envelope envelope, FileXml files)
    {
        var root = xml.Root();
        if (root != envelope.MessageType)
            throw xml.Fault(MessageFault.Unexpected, $"The envelope says {envelope.MessageType}, the body is {XmlEntry.Shown(root)}");
        if (SubmissionXml.IsType(root)) return SubmissionXml.Read(xml, envelope, files);
        if (root != CommunicationReceiptType)
        {
            return (object?)ActXml.Read(xml, envelope, files)
                ?? throw xml.Fault(MessageFault.UnknownType, $"The message type {root} is not known");
        }

        xml.Enter(CommunicationReceiptType);
        var receipt = new CommunicationReceipt(
            envelope.MessageId,
            envelope.CreatedAt,
            (int)xml.Number("ResponseCode", int.MinValue, int.MaxValue),
            xml.TextOrNone("ResponseMessage", 10_000),
            xml.Number("ClientSequence", 0, long.MaxValue),
            xml.Word("AnsweredMessageId", Patterns.MessageId(), "a UUID of 36 characters"),
            xml.TextOrNone("AnsweredFileName", Line));
        xml.Leave();
        return receipt;
    }
}
