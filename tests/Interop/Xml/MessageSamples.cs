using System.Security.Cryptography;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Interop.Tests.Xml;

/// <summary>A message of every kind, with something in every field.</summary>
internal static class MessageSamples
{
    public static readonly Routing Routing = new("NZ-MPI", ["GACC"], "file.xml");

    public static readonly byte[] Content = [.. "%PDF-1.4 特"u8];

    public static readonly Attachment File = new("申请 letter.pdf", "application/pdf", Content.Length, Hash(Content));

    private static readonly ContactPerson Contact = new("出口处 Export", "A. Person", "Director", "64", "4", "8940100", "a@example.org");

    private static readonly DateTimeOffset At = new DateTimeOffset(2025, 11, 20, 16, 30, 0, TimeSpan.FromHours(8)).AddTicks(1234567);

    public static IReadOnlyList<SubmissionContent> Contents { get; } =
    [
        new ApplicationContent("DAIRY", ["INFANT_FORMULA", "PASTEURISED_MILK"], Contact, "婴幼儿配方 infant formula\nsecond line", [File, File]),
        new QuestionnaireContent("dairy", 3,
        [
            new QuestionAnswer("q1", "1.1", ["yes", ""], [], []),
            new QuestionAnswer("q2", "1.2", [], [new Dictionary<string, string> { ["b"] = "1", ["a"] = " " }, new Dictionary<string, string>()], [File]),
        ]),
        new RectificationContent("QH959CSFZ8M2BQ2YZB", 2, "Done.\r\nAll of it.\t", [File]),
        new NegotiationContent(NegotiationTopic.Protocol, 1, new TrilingualText("同意", "We agree <&>", ""), []),
        new NegotiationContent(NegotiationTopic.Certificate, 3, new TrilingualText("", "", "\U0001F9C0 d'accord"), [File]),
        new SignatoriesContent([new Officer("O. One", "Veterinarian", File)], [File], [File]),
        new ReviewAnswerContent(true, Contact),
        new ReviewAnswerContent(false, Contact),
    ];

    public static IReadOnlyList<CustomsAct> Acts { get; } =
    [
        new StartReview("NZ-MPI", "DAIRY", ["INFANT_FORMULA"], Contact, "回顾性检查"),
        new Received(),
        new ReceiveFailed("入库失败"),
        new Accept(),
        new NotAccept { Opinion = "不予受理\nNot accepted" },
        new RequireCorrection { Opinion = "补齐补正", QuestionIds = ["q1", "q2"] },
        new RequireCorrection { Opinion = "补齐补正" },
        new Approve(),
        new ApproveAssessment(),
        new OpenQuestionnaire("dairy"),
        new OpenQuestionnaire(""),
        new RequireRectification("QH959CSFZ8M2BQ2YZB", "1. 整改"),
        new OpenRound(new TrilingualText("磋商", "Talk", "Parler")),
        new CompleteNegotiation(),
        new PublishProtocol { Files = [new CustomsFile("protocol.pdf", Content), new CustomsFile("议定书.pdf", new byte[] { 0, 255 })] },
        new PublishAnnouncement { Opinion = "公告" },
        new ConfirmCertificate { Files = [new CustomsFile("empty.pdf", ReadOnlyMemory<byte>.Empty)] },
        new Close(),
        new Reject { Opinion = "审核不通过" },
    ];

    public static IEnumerable<object> Bodies =>
    [
        .. Contents.Select(Submission),
        .. Acts.Select((act, index) => Receipt(act) with { Sequence = index }),
        new CommunicationReceipt(Samples.MessageId(), At, 0, "", 17, Samples.MessageId(), "Application_X_t-1.xml"),
        new CommunicationReceipt(Samples.MessageId(), At, -204, "格式错误 malformed", 0, Samples.MessageId(), ""),
    ];

    public static Submission Submission(SubmissionContent content) =>
        new(Samples.MessageId(), At, Samples.CaseNumber, "NZ-MPI", 2, content);

    public static CustomsReceipt Receipt(CustomsAct act) => new(Samples.MessageId(), At, "01KA8BERGZQ4ZQJ7KJ41GPWGH3", act);

    public static byte[] Write(object body, bool inside = true)
    {
        using var written = new MemoryStream();
        MessageXml.Write(written, body, Routing, inside ? ContentsOf(body) : null);
        return written.ToArray();
    }

    public static ExchangeMessage Read(byte[] message, Func<string, long, ReadOnlyMemory<byte>?>? beside = null) =>
        MessageXml.Read(new MemoryStream(message), beside: beside);

    public static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> ContentsOf(object body) => body is CustomsReceipt receipt
        ? MessageXml.ContentsOf(receipt.Act)
        : new Dictionary<string, ReadOnlyMemory<byte>> { [File.Sha256] = Content };

    public static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
