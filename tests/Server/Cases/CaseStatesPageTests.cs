using System.Text.RegularExpressions;
using SingleWindow.Bridge.V1;
using SingleWindow.Tests.Workflow;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Tests.Cases;

/// <summary>The page of the states of a case, against the repository's copy and against the manual.</summary>
public sealed partial class CaseStatesPageTests
{
    private static readonly string Drawn =
        CaseStatesPage.Write(new FoodCatalogue(new QuestionnaireTemplates()).EnumValues);

    [Fact]
    public void The_page_is_current() => Assert.True(
        Drawn == File.ReadAllText(Path.Combine(Root(), "docs", "case-states.md")),
        "docs/case-states.md is not what the workflow table says; run eng/case-states.sh.");

    [Theory]
    [InlineData(CaseKind.Assessment)]
    [InlineData(CaseKind.Review)]
    public void Every_arrow_is_in_the_manual_and_every_line_of_the_manual_is_an_arrow(CaseKind kind)
    {
        // Nobody comes to these: Customs takes on no replies, and each kind has a first stage of its own.
        string[] unreachable = kind == CaseKind.Assessment
            ? ["RECEPTION", "PROTOCOL_NEGOTIATION ACCEPTED", "CERTIFICATE_NEGOTIATION ACCEPTED"]
            : ["APPLICATION", "PROTOCOL_NEGOTIATION ACCEPTED", "CERTIFICATE_NEGOTIATION ACCEPTED"];
        Stage[] submitting =
        [
            Stage.Application, Stage.Reception, Stage.Questionnaire, Stage.Assessment, Stage.ProtocolNegotiation,
            Stage.CertificateNegotiation,
        ];
        var expected =
            from line in ExpectedTable.All
            where line.Kind == kind && line.Stage != Stage.Unspecified
            from stage in line.Stage is { } only ? [only] : submitting
            let at = $"{WireNames.Of(stage)} {WireNames.Of(line.Status)}"
            where !unreachable.Any(place => at.StartsWith(place, StringComparison.Ordinal))
            select $"{at}: {WireNames.Of(line.Event)}";
        Assert.Equal(expected.Distinct().Order(StringComparer.Ordinal), Arrows(kind).Distinct().Order(StringComparer.Ordinal));
    }

    // STAGE STATUS: EVENT of every arrow that starts at a status; a stage drawn before is looked up there.
    private static IEnumerable<string> Arrows(CaseKind kind)
    {
        var kinds = Drawn.Split("\n## ");
        var page = kinds[kind == CaseKind.Assessment ? 1 : 2];
        foreach (var section in page.Split("\n### ").Skip(1))
        {
            var stage = StageOf().Match(section).Groups[1].Value;
            var picture = section.Contains("As in the assessment above.", StringComparison.Ordinal)
                ? kinds[1].Split("\n### ").Single(it => StageOf().Match(it).Groups[1].Value == stage)
                : section;
            foreach (Match arrow in Arrow().Matches(picture))
            {
                foreach (var label in arrow.Groups[2].Value.Split(" / "))
                    yield return $"{stage} {arrow.Groups[1].Value}: {label.Split(' ')[0]}";
            }
        }
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SingleWindowBridge.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The repository is not above the tests.");
        return folder;
    }

    [GeneratedRegex(@"^[^\n]*\(`([A-Z_]+)`\)")]
    private static partial Regex StageOf();

    [GeneratedRegex(@"^    ([A-Z_]+) --> [A-Z_\[\]*]+ : (.+)$", RegexOptions.Multiline)]
    private static partial Regex Arrow();
}
