using FsCheck;
using FsCheck.Fluent;
using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Tests.Xml;

/// <summary>Messages at random: every kind, with texts that XML does not like.</summary>
internal static class GeneratedMessages
{
    private static readonly string[] Pieces =
    [
        "a", "文", " ", "  ", "\t", "\n", "\r", "\r\n", "<", ">", "&", "\"", "'", "]]>", "<!--", "&#x0;", @"\", @"\\", @"\u0041", "é", "\u0085",
        "\u2028", "\uFEFF", "\uFFFD", "\U0001F9C0", "\U00020BB7", "\U0010FFFF", "\0", "\u0001", "\u000B", "\u001F", "\u007F", "\uFFFE", "\uFFFF",
        "\uD83E", "\uDDC0", "{", "x=\"1\"",
    ];

    private static readonly Gen<string> Texts = Gen.Elements(Pieces).ListOf().Select(pieces => string.Concat(pieces.Take(40)));

    private static readonly Gen<byte[]> Bytes = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();

    private static readonly Gen<Attachment> Attachments =
        from name in Texts
        from media in Texts
        from content in Bytes
        select new Attachment(name, media, content.Length, MessageSamples.Hash(content));

    private static readonly Gen<CustomsFile> CustomsFiles =
        from name in Texts
        from content in Bytes
        select new CustomsFile(name, content);

    private static readonly Gen<ContactPerson> Contacts =
        from texts in Texts.ArrayOf(7)
        select new ContactPerson(texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], texts[6]);

    private static readonly Gen<TrilingualText> Trilingual =
        from texts in Texts.ArrayOf(3)
        select new TrilingualText(texts[0], texts[1], texts[2]);

    private static readonly Gen<string> RectificationNumbers =
        Gen.Elements("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".ToCharArray()).ArrayOf(18).Select(letters => new string(letters));

    private static readonly Gen<QuestionAnswer> Answers =
        from id in Texts
        from number in Texts
        from values in List(Texts)
        from rows in List(from columns in Texts.ListOf() from value in Texts select Row(columns, value))
        from files in List(Attachments)
        select new QuestionAnswer(id, number, values, rows, files);

    private static readonly Gen<SubmissionContent> Contents = Gen.OneOf(
        from category in Texts
        from products in List(Texts)
        from contact in Contacts
        from summary in Texts
        from files in List(Attachments)
        select (SubmissionContent)new ApplicationContent(category, products, contact, summary, files),
        from template in Texts
        from version in Gen.Choose(0, int.MaxValue)
        from answers in List(Answers)
        select (SubmissionContent)new QuestionnaireContent(template, version, answers),
        from number in RectificationNumbers
        from round in Gen.Choose(1, 99)
        from statement in Texts
        from files in List(Attachments)
        select (SubmissionContent)new RectificationContent(number, round, statement, files),
        from topic in Gen.Elements(NegotiationTopic.Protocol, NegotiationTopic.Certificate)
        from text in Trilingual
        from files in List(Attachments)
        select (SubmissionContent)new NegotiationContent(topic, 1, text, files),
        from officers in List(from name in Texts from position in Texts from file in Attachments select new Officer(name, position, file))
        from seals in List(Attachments)
        select (SubmissionContent)new SignatoriesContent(officers, seals, []),
        from accepted in Gen.Elements(true, false)
        from contact in Contacts
        select (SubmissionContent)new ReviewAnswerContent(accepted, contact));

    private static readonly Gen<CustomsAct> Acts =
        from act in Gen.OneOf(
            Gen.Elements<CustomsAct>(
                new Received(), new Accept(), new NotAccept(), new Approve(), new ApproveAssessment(), new CompleteNegotiation(),
                new PublishProtocol(), new PublishAnnouncement(), new ConfirmCertificate(), new Close(), new Reject()),
            from reason in Texts select (CustomsAct)new ReceiveFailed(reason),
            from ids in List(Texts) select (CustomsAct)new RequireCorrection { QuestionIds = ids },
            from template in Texts select (CustomsAct)new OpenQuestionnaire(template),
            from number in RectificationNumbers from asked in Texts select (CustomsAct)new RequireRectification(number, asked),
            from text in Trilingual select (CustomsAct)new OpenRound(text),
            from texts in Texts.ArrayOf(3)
            from products in List(Texts)
            from contact in Contacts
            select (CustomsAct)new StartReview(texts[0], texts[1], products, contact, texts[2]))
        from opinion in Texts
        from files in List(CustomsFiles)
        select act with { Opinion = opinion, Files = files };

    /// <summary>Submissions, receipts of Customs and communication receipts.</summary>
    public static Gen<object> Bodies { get; } =
        from at in Gen.Choose(0, int.MaxValue).Select(value => DateTimeOffset.UnixEpoch.AddTicks(value * 1_000_003L))
        from id in Gen.Constant(0).Select(_ => Samples.MessageId())
        from text in Texts
        from number in Gen.Choose(0, int.MaxValue)
        from body in Gen.OneOf(
            Contents.Select(content => (object)new Submission(id, at, Samples.CaseNumber, text, 1 + (number % 5), content)),
            Acts.Select(act => (object)new CustomsReceipt(id, at, Samples.CaseNumber, act)
            {
                Sequence = number,
                Answers = number % 2 == 0 || act is StartReview ? null : Samples.MessageId(),
            }),
            Gen.Constant((object)new CommunicationReceipt(id, at, number - 5, text, number, id, text)))
        select body;

    private static Gen<IReadOnlyList<T>> List<T>(Gen<T> items) =>
        from count in Gen.Choose(0, 3)
        from list in items.ArrayOf(count)
        select (IReadOnlyList<T>)list;

    private static Dictionary<string, string> Row(IEnumerable<string> columns, string value) =>
        columns.Take(5).Distinct().ToDictionary(column => column, column => value + column);
}
