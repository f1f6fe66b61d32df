using System.Collections.ObjectModel;
using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Xml;

/// <summary>The bodies of what the bridge sends.</summary>
internal static class SubmissionXml
{
    private const int MostItems = 1000;
    private const int MostFiles = 200;
    private const int Line = 1000;
    private const int Text = 100_000;

    /// <summary>The message type of a submission.</summary>
    public static string TypeOf(SubmissionContent content) => content switch
    {
        ApplicationContent => "Application",
        QuestionnaireContent => "Questionnaire",
        RectificationContent => "Rectification",
        NegotiationContent => "NegotiationReply",
        SignatoriesContent => "Signatories",
        ReviewAnswerContent => "ReviewAnswer",
        _ => throw new ArgumentException($"There is no message for {content.GetType()}.", nameof(content)),
    };

    /// <summary>Whether this is the message type of a submission.</summary>
    public static bool IsType(string type) =>
        type is "Application" or "Questionnaire" or "Rectification" or "NegotiationReply" or "Signatories" or "ReviewAnswer";

    /// <summary>Writes the body.</summary>
    public static void Write(ElementWriter xml, Submission submission, FileXml files)
    {
        xml.Start(TypeOf(submission.Content));
        xml.Word("CaseNumber", submission.CaseNumber);
        xml.Text("AuthorityId", submission.AuthorityId);
        xml.Number("Delivery", submission.Delivery);
        switch (submission.Content)
        {
            case ApplicationContent application:
                xml.Text("Category", application.Category);
                xml.List("Products", application.Products, product => xml.Text("Product", product));
                Write(xml, application.Contact);
                xml.Text("Summary", application.Summary);
                xml.List("Files", application.Files, file => files.Write(xml, file));
                break;
            case QuestionnaireContent questionnaire:
                xml.Text("TemplateId", questionnaire.TemplateId);
                xml.Number("TemplateVersion", questionnaire.TemplateVersion);
                xml.List("Answers", questionnaire.Answers, answer => Write(xml, answer, files));
                break;
            case RectificationContent rectification:
                xml.Word("RectificationNumber", rectification.Number);
                xml.Number("Round", rectification.Round);
                xml.Text("Statement", rectification.Statement);
                xml.List("Files", rectification.Files, file => files.Write(xml, file));
                break;
            case NegotiationContent negotiation:
                xml.Word("Topic", negotiation.Topic == NegotiationTopic.Protocol ? "PROTOCOL" : "CERTIFICATE");
                xml.Number("Round", negotiation.Round);
                Write(xml, negotiation.Text);
                xml.List("Files", negotiation.Files, file => files.Write(xml, file));
                break;
            case SignatoriesContent signatories:
                xml.List("Officers", signatories.Officers, officer => Write(xml, officer, files));
                xml.List("Seals", signatories.Seals, file => files.Write(xml, file));
                xml.List("Files", signatories.Files, file => files.Write(xml, file));
                break;
            case ReviewAnswerContent answer:
                xml.Flag("Accepted", answer.Accepted);
                Write(xml, answer.Contact);
                break;
        }

        xml.End();
    }

    /// <summary>Reads the body of a submission's type.</summary>
    public static Submission Read(ElementReader xml, Envelope envelope, FileXml files)
    {
        xml.Enter(envelope.MessageType);
        var caseNumber = xml.Word("CaseNumber", Patterns.CaseNumber(), MessageXml.CaseNumberShape);
        var authorityId = xml.Text("AuthorityId", Line);
        var delivery = (int)xml.Number("Delivery", 1, int.MaxValue);
        SubmissionContent content = envelope.MessageType switch
        {
            "Application" => new ApplicationContent(
                xml.Text("Category", Line),
                xml.List("Products", "Product", MostItems, x => x.Text("Product", Line)),
                ReadContact(xml),
                xml.Text("Summary", 2048),
                ReadFiles(xml, "Files", files)),
            "Questionnaire" => new QuestionnaireContent(
                xml.Text("TemplateId", Line),
                (int)xml.Number("TemplateVersion", 0, int.MaxValue),
                xml.List("Answers", "Answer", MostItems, x => ReadAnswer(x, files))),
            "Rectification" => new RectificationContent(
                xml.Word("RectificationNumber", Patterns.RectificationNumber(), MessageXml.RectificationNumberShape),
                (int)xml.Number("Round", 1, int.MaxValue),
                xml.Text("Statement", 10_000),
                ReadFiles(xml, "Files", files)),
            "NegotiationReply" => new NegotiationContent(
                xml.Word("Topic", Patterns.Topic(), "PROTOCOL or CERTIFICATE") == "PROTOCOL" ? NegotiationTopic.Protocol : NegotiationTopic.Certificate,
                (int)xml.Number("Round", 1, int.MaxValue),
                ReadText(xml),
                ReadFiles(xml, "Files", files)),
            "Signatories" => new SignatoriesContent(
                xml.List("Officers", "Officer", MostItems, x => ReadOfficer(x, files)),
                ReadFiles(xml, "Seals", files),
                ReadFiles(xml, "Files", files)),
            _ => new ReviewAnswerContent(xml.Flag("Accepted"), ReadContact(xml)),
        };
        xml.Leave();
        return new Submission(envelope.MessageId, envelope.CreatedAt, caseNumber, authorityId, delivery, content);
    }

    /// <summary>Writes whom to ask.</summary>
    public static void Write(ElementWriter xml, ContactPerson contact)
    {
        xml.Start("Contact");
        xml.Text("Department", contact.Department);
        xml.Text("Name", contact.Name);
        xml.Text("Position", contact.Position);
        xml.Text("PhoneCountryCode", contact.PhoneCountryCode);
        xml.Text("PhoneAreaCode", contact.PhoneAreaCode);
        xml.Text("PhoneNumber", contact.PhoneNumber);
        xml.Text("Email", contact.Email);
        xml.End();
    }

    /// <summary>Reads whom to ask.</summary>
    public static ContactPerson ReadContact(ElementReader xml)
    {
        xml.Enter("Contact");
        var contact = new ContactPerson(
            xml.Text("Department", Line), xml.Text("Name", Line), xml.Text("Position", Line), xml.Text("PhoneCountryCode", Line),
            xml.Text("PhoneAreaCode", Line), xml.Text("PhoneNumber", Line), xml.Text("Email", Line));
        xml.Leave();
        return contact;
    }

    /// <summary>Writes a text in three languages.</summary>
    public static void Write(ElementWriter xml, TrilingualText text)
    {
        xml.Start("Text");
        xml.TextOrNone("Zh", text.Zh);
        xml.TextOrNone("En", text.En);
        xml.TextOrNone("Other", text.Other);
        xml.End();
    }

    /// <summary>Reads a text in three languages.</summary>
    public static TrilingualText ReadText(ElementReader xml)
    {
        xml.Enter("Text");
        var text = new TrilingualText(xml.TextOrNone("Zh", Text), xml.TextOrNone("En", Text), xml.TextOrNone("Other", Text));
        xml.Leave();
        return text;
    }

    private static void Write(ElementWriter xml, QuestionAnswer answer, FileXml files)
    {
        xml.Start("Answer");
        xml.Text("QuestionId", answer.QuestionId);
        xml.Text("Number", answer.Number);
        xml.List("Values", answer.Values, value => xml.Text("Value", value));
        xml.List("Rows", answer.Rows, row =>
        {
            xml.Start("Row");
            foreach (var (column, value) in row)
            {
                xml.Start("Cell");
                xml.Text("Column", column);
                xml.Text("Value", value);
                xml.End();
            }

            xml.End();
        });
        xml.List("Files", answer.Files, file => files.Write(xml, file));
        xml.End();
    }

    private static QuestionAnswer ReadAnswer(ElementReader xml, FileXml files)
    {
        xml.Enter("Answer");
        var answer = new QuestionAnswer(
            xml.Text("QuestionId", Line),
            xml.Text("Number", Line),
            xml.List("Values", "Value", MostItems, x => x.Text("Value", Text)),
            xml.List("Rows", "Row", MostItems, ReadRow),
            ReadFiles(xml, "Files", files));
        xml.Leave();
        return answer;
    }

    private static IReadOnlyDictionary<string, string> ReadRow(ElementReader xml)
    {
        xml.Enter("Row");
        Dictionary<string, string>? row = null;
        while (xml.At("Cell"))
        {
            xml.Enter("Cell");
            var column = xml.Text("Column", Line);
            if (!(row ??= new(1, StringComparer.Ordinal)).TryAdd(column, xml.Text("Value", Text)))
                throw xml.Fault(MessageFault.Value, $"The column '{XmlEntry.Shown(column)}' stands twice in a row");
            xml.Leave();
        }

        xml.Leave();
        return row is null ? ReadOnlyDictionary<string, string>.Empty : row;
    }

    private static void Write(ElementWriter xml, Officer officer, FileXml files)
    {
        xml.Start("Officer");
        xml.Text("Name", officer.Name);
        xml.Text("Position", officer.Position);
        files.Write(xml, officer.SpecimenSignature, "SpecimenSignature");
        xml.End();
    }

    private static Officer ReadOfficer(ElementReader xml, FileXml files)
    {
        xml.Enter("Officer");
        var officer = new Officer(xml.Text("Name", Line), xml.Text("Position", Line), files.ReadAttachment(xml, "SpecimenSignature"));
        xml.Leave();
        return officer;
    }

    private static IReadOnlyList<Attachment> ReadFiles(ElementReader xml, string name, FileXml files) =>
        xml.List(name, "File", MostFiles, x => files.ReadAttachment(x));
}
