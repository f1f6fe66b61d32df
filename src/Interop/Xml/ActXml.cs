using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Xml;

/// <summary>The bodies of what Customs sends: the business receipt (业务回执), one type for each act.</summary>
internal static class ActXml
{
    private const int MostItems = 1000;
    private const int MostFiles = 200;
    private const int Line = 1000;
    private const int Text = 100_000;
    private const string Answered = "AnsweredMessageId";

    /// <summary>The message type of an act.</summary>
    public static string TypeOf(CustomsAct act) => act switch
    {
        StartReview => "StartReview",
        Received => "Received",
        ReceiveFailed => "ReceiveFailed",
        Accept => "Accept",
        NotAccept => "NotAccept",
        RequireCorrection => "RequireCorrection",
        Approve => "Approve",
        ApproveAssessment => "ApproveAssessment",
        OpenQuestionnaire => "OpenQuestionnaire",
        RequireRectification => "RequireRectification",
        OpenRound => "OpenRound",
        CompleteNegotiation => "CompleteNegotiation",
        PublishProtocol => "PublishProtocol",
        PublishAnnouncement => "PublishAnnouncement",
        ConfirmCertificate => "ConfirmCertificate",
        Close => "Close",
        Reject => "Reject",
        _ => throw new ArgumentException($"There is no message for {act.GetType()}.", nameof(act)),
    };

    /// <summary>Writes the body.</summary>
    public static void Write(ElementWriter xml, CustomsReceipt receipt, FileXml files)
    {
        xml.Start(TypeOf(receipt.Act));
        xml.Word("CaseNumber", receipt.CaseNumber);
        if (receipt.Sequence > 0) xml.Number("Sequence", receipt.Sequence);
        if (receipt is { Answers: { } answers, Act: not StartReview }) xml.Word(Answered, answers.ToUpperInvariant());
        switch (receipt.Act)
        {
            case StartReview review:
                xml.Text("AuthorityId", review.AuthorityId);
                xml.Text("Category", review.Category);
                xml.List("Products", review.Products, product => xml.Text("Product", product));
                SubmissionXml.Write(xml, review.Contact);
                xml.Text("Summary", review.Summary);
                break;
            case ReceiveFailed failed:
                xml.Text("FailureReason", failed.FailureReason);
                break;
            case RequireCorrection correction:
                xml.List("Questions", correction.QuestionIds, id => xml.Text("QuestionId", id));
                break;
            case OpenQuestionnaire opened:
                xml.TextOrNone("TemplateId", opened.TemplateId);
                break;
            case RequireRectification rectification:
                xml.Word("RectificationNumber", rectification.Number);
                xml.Text("Requirements", rectification.Requirements);
                break;
            case OpenRound round:
                SubmissionXml.Write(xml, round.Text);
                break;
        }

        xml.TextOrNone("Opinion", receipt.Act.Opinion);
        xml.List("Files", receipt.Act.Files, file => files.Write(xml, file));
        xml.End();
    }

    /// <summary>Reads the body of an act's type, or gives null where there is no such act.</summary>
    public static CustomsReceipt? Read(ElementReader xml, Envelope envelope, FileXml files)
    {
        if (ReaderOf(envelope.MessageType) is not { } read) return null;
        xml.Enter(envelope.MessageType);
        var caseNumber = xml.Word("CaseNumber", Patterns.CaseNumber(), MessageXml.CaseNumberShape);
        var sequence = xml.At("Sequence") ? (int)xml.Number("Sequence", 1, int.MaxValue) : 0;
        var answers = envelope.MessageType != "StartReview" && xml.At(Answered)
            ? xml.Word(Answered, Patterns.MessageId(), "a UUID of 36 characters").ToUpperInvariant()
            : null;
        var act = read(xml);
        var opinion = xml.TextOrNone("Opinion", Text);
        var sent = xml.List("Files", "File", MostFiles, files.ReadCustomsFile);
        xml.Leave();
        return new CustomsReceipt(
            envelope.MessageId, envelope.CreatedAt, caseNumber, act with { Opinion = opinion, Files = sent })
        { Sequence = sequence, Answers = answers };
    }

    private static Func<ElementReader, CustomsAct>? ReaderOf(string type) => type switch
    {
        "StartReview" => xml => new StartReview(
            xml.Text("AuthorityId", Line),
            xml.Text("Category", Line),
            xml.List("Products", "Product", MostItems, x => x.Text("Product", Line)),
            SubmissionXml.ReadContact(xml),
            xml.Text("Summary", Text)),
        "Received" => _ => new Received(),
        "ReceiveFailed" => xml => new ReceiveFailed(xml.Text("FailureReason", Text)),
        "Accept" => _ => new Accept(),
        "NotAccept" => _ => new NotAccept(),
        "RequireCorrection" => xml => new RequireCorrection
        {
            QuestionIds = xml.List("Questions", "QuestionId", MostItems, x => x.Text("QuestionId", Line)),
        },
        "Approve" => _ => new Approve(),
        "ApproveAssessment" => _ => new ApproveAssessment(),
        "OpenQuestionnaire" => xml => new OpenQuestionnaire(xml.TextOrNone("TemplateId", Line)),
        "RequireRectification" => xml => new RequireRectification(
            xml.Word("RectificationNumber", Patterns.RectificationNumber(), MessageXml.RectificationNumberShape),
            xml.Text("Requirements", Text)),
        "OpenRound" => xml => new OpenRound(SubmissionXml.ReadText(xml)),
        "CompleteNegotiation" => _ => new CompleteNegotiation(),
        "PublishProtocol" => _ => new PublishProtocol(),
        "PublishAnnouncement" => _ => new PublishAnnouncement(),
        "ConfirmCertificate" => _ => new ConfirmCertificate(),
        "Close" => _ => new Close(),
        "Reject" => _ => new Reject(),
        _ => null,
    };
}
