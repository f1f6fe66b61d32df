using System.Runtime.CompilerServices;

namespace SingleWindowBridge.Sdk.Tests.AnswerSheets;

/// <summary>The code of docs/questionnaires.md, compiled here; the test holds that it is the same.</summary>
public sealed class DocumentTests
{
    [Fact]
    public void TheCodeOfTheDocumentIsTheCodeCompiledHere()
    {
        var here = Lines(File.ReadAllText(Here()));
        var folder = Path.GetDirectoryName(Here())!;
        var document = File.ReadAllText(Path.Combine(folder, "..", "..", "..", "docs", "questionnaires.md")).ReplaceLineEndings("\n");
        var blocks = document.Split("```csharp\n").Skip(1).Select(after => after.Split("```")[0]).ToList();
        Assert.Equal(2, blocks.Count);
        Assert.All(blocks, block => Assert.Contains(Lines(block), here, StringComparison.Ordinal));
    }

    internal static async Task FillAsync(CaseHandle handle, StoredFile chart)
    {
        var sheet = AnswerSheet.Of(await handle.GetQuestionnaireAsync());
        sheet.Fill(new Dictionary<string, object?>
        {
            ["authority_staff"] = 54,
            ["law_last_revised"] = new DateOnly(2024, 1, 1),
            ["authority_chart"] = chart,
            ["production_statistics"] = new[] { new { Year = 2025, ProductionT = 2870.5m, ExportsT = 2040 } },
        });
        await handle.SaveAnswersAsync(sheet);

        var check = await handle.ValidateAnswersAsync();
        foreach (var problem in check.Problems)
            Console.WriteLine($"{problem.QuestionNumber} {problem.QuestionText?.En}: {problem.Message.En}");
    }

    internal static async Task CorrectAsync(CaseHandle handle)
    {
        var marked = await handle.GetQuestionnaireAsync();
        foreach (var questionId in marked.Correction?.QuestionIds ?? [])
            Console.WriteLine(marked.Template.Questions.Single(question => question.Id == questionId).Text.En);
        await handle.SaveAnswersAsync(AnswerSheet.Of(marked).Set("enterprise_approval", "LICENCE"));
        await handle.SubmitAnswersAsync();
    }

    private static string Lines(string code) => string.Join('\n', code.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()));

    private static string Here([CallerFilePath] string path = "") => path;
}
