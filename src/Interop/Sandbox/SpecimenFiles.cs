using System.Globalization;
using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>The files that the simulated Customs sends: one-page PDFs that name the case. The same act, the same bytes.</summary>
public static class SpecimenFiles
{
    /// <summary>
    /// The act with a specimen of what Customs sends with it: the protocol, the certificate form, the requirements of a
    /// rectification, a draft under negotiation or the notice of a review. An act that has files already, or bears none, stays as it is.
    /// </summary>
    /// <param name="act">The act.</param>
    /// <param name="state">The case; its number and category stand in the file.</param>
    /// <param name="at">When the act was done; its day in China stands in the file.</param>
    public static CustomsAct Complete(CustomsAct act, SandboxCase state, DateTimeOffset at)
    {
        if (act.Files.Count > 0) return act;
        var day = at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return act switch
        {
            PublishProtocol => act with
            {
                Files = Page($"protocol-{state.CaseNumber}.pdf", "Protocol on Inspection, Quarantine and Sanitary Requirements",
                [
                    "Between the General Administration of Customs of the People's Republic of China",
                    "and the competent authority of the exporting country.",
                    "",
                    "Article 1. The products shall meet the laws, regulations and standards of China.",
                    "Article 2. Establishments shall be approved by the authority and registered with Customs.",
                    "Article 3. Each consignment shall carry an official certificate in the confirmed form.",
                    "Article 4. Each side shall inform the other of risks to food safety without delay.",
                    "Article 5. The protocol is valid for five years from the day of its signature.",
                ]),
            },
            ConfirmCertificate => act with
            {
                Files = Page($"certificate-form-{state.CaseNumber}.pdf", "Official Certificate for Export to China",
                [
                    "Certificate no.: ____________________   Date of issue: ____________________",
                    "Exporter: ____________________   Importer: ____________________",
                    "Establishment and registration no.: ____________________",
                    "Product, quantity, net weight: ____________________",
                    "Seal no.: ____________________   Means of transport: ____________________",
                    "",
                    "I, the undersigned official, certify that the products meet the protocol and are fit to be eaten.",
                    "Name, signature and seal: ____________________",
                ]),
            },
            RequireRectification asked => act with
            {
                Files = Page($"rectification-{asked.Number}.pdf", "Requirements of Rectification",
                    [$"Rectification no.: {asked.Number}", "", .. asked.Requirements.Split('\n')]),
            },
            OpenRound opened => act with
            {
                Files = Page($"negotiation-draft-{day}.pdf", "Draft under Negotiation", opened.Text.En.Split('\n')),
            },
            StartReview start => act with
            {
                Files = Page($"review-notice-{state.CaseNumber}.pdf", "Notice of Retrospective Review",
                    [$"Products: {string.Join(", ", start.Products)}", "", .. start.Summary.Split('\n')]),
            },
            _ => act,
        };

        IReadOnlyList<CustomsFile> Page(string name, string title, string[] body) =>
        [
            new CustomsFile(name, PdfPage.Write(title, state.Category,
            [
                $"Case: {state.CaseNumber}",
                $"Category: {(state.Category.Length > 0 ? state.Category : "not stated")}",
                $"Date: {day}",
                "",
                .. body,
                "",
                "SPECIMEN from a simulated Customs. Not an official document.",
            ])),
        ];
    }
}
