using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;

namespace SingleWindowBridge.Interop.Tests;

/// <summary>The files that the simulated Customs sends.</summary>
public sealed class SpecimenFileTests
{
    private static readonly SandboxCase Case = new() { CaseNumber = Samples.CaseNumber, Category = "DAIRY" };
    private static readonly DateTimeOffset At = new(2025, 11, 20, 20, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Kinds => ["protocol", "certificate", "rectification", "round"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Specimen_is_a_readable_pdf_that_names_the_case(string kind)
    {
        CustomsAct act = kind switch
        {
            "protocol" => new PublishProtocol(),
            "certificate" => new ConfirmCertificate(),
            "rectification" => new RequireRectification(
                "QH959CSFZ8M2BQ2YZB", "一、召回（程序）\n1. Recall (a\\b): " + new string('x', 200)),
            _ => new OpenRound(new TrilingualText("草案", "Draft of the protocol", "")),
        };
        var file = Assert.Single(SpecimenFiles.Complete(act, Case, At).Files);
        var text = PdfCheck.Check(file.Content.ToArray());
        Assert.EndsWith(".pdf", file.Name, StringComparison.Ordinal);
        Assert.Contains($"(Case: {Samples.CaseNumber})", text, StringComparison.Ordinal);
        Assert.Contains("(Category: DAIRY)", text, StringComparison.Ordinal);
        Assert.Contains("(Date: 2025-11-21)", text, StringComparison.Ordinal);
        Assert.Contains("SPECIMEN", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Brackets_and_backslashes_are_escaped()
    {
        var text = PdfCheck.Check(PdfPage.Write("T", "乳品", ["a (b) \\ c", "中文"]));
        Assert.Contains("(a \\(b\\) \\\\ c) Tj", text, StringComparison.Ordinal);
        Assert.Contains("/Subject <FEFF4E7354C1>", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Acts_that_bear_no_files_stay_as_they_are()
    {
        var act = new Close();
        Assert.Same(act, SpecimenFiles.Complete(act, Case, At));
    }
}
