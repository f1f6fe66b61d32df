using System.Text;
using System.Text.Json;

namespace SingleWindowBridge.Sdk.Tests.AnswerSheets;

/// <summary>Sheets as JSON and as tables, out and in again.</summary>
public sealed class FileFormTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 300)];

    [Theory, MemberData(nameof(Seeds))]
    public void WhatGoesOutAsJsonComesInAgain(int seed)
    {
        var sheet = Sample.Random(seed);
        Same(sheet, new AnswerSheet(Sample.Template).ReadJson(sheet.ToJson()));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void WhatGoesOutAsATableComesInAgainAndNoCellIsAFormula(int seed)
    {
        var sheet = Sample.Random(seed);
        var csv = Csv(sheet);
        Same(sheet, Read(new AnswerSheet(Sample.Template), csv));

        var lines = CsvReader.Read(new MemoryStream(csv), new SheetProblems());
        Assert.All(lines.SelectMany(line => line.Fields), field =>
            Assert.True(field.Length == 0 || !"=+-@\t\r\n＝＋－＠".Contains(field[0], StringComparison.Ordinal) || CsvText.IsNumber(field), field));
    }

    [Theory, MemberData(nameof(Seeds))]
    public void ATableTakesThePlaceOfWhatWasThere(int seed) =>
        Same(Sample.Random(seed), Read(Sample.Random(seed + 1), Csv(Sample.Random(seed))));

    [Fact]
    public void AnEmptySheetAsJsonTellsWhatIsAsked()
    {
        using var json = JsonDocument.Parse(new AnswerSheet(Sample.Template).ToJson());
        var answers = json.RootElement.GetProperty("answers");
        Assert.Equal(Sample.Template.Questions.Select(question => question.Id), answers.EnumerateObject().Select(entry => entry.Name));
        var drying = answers.GetProperty("drying");
        Assert.Equal(JsonValueKind.Null, drying.GetProperty("value").ValueKind);
        Assert.Equal("SINGLE_CHOICE", drying.GetProperty("question").GetProperty("type").GetString());
        Assert.Equal("选项HOT_AIR", drying.GetProperty("question").GetProperty("choices").GetProperty("HOT_AIR").GetProperty("zh").GetString());
        Assert.Equal("NUMBER", answers.GetProperty("laws").GetProperty("question").GetProperty("columns").GetProperty("year").GetProperty("type").GetString());
    }

    [Fact]
    public void ABareValueMayStandInThePlaceOfAnEntry()
    {
        var sheet = new AnswerSheet(Sample.Template).ReadJson(
            """
            { "format": "singlewindow.answer-sheet/1", "template_id": "test", "template_version": 2,
              "answers": { "staff": 54, "species": ["COW"], "laws": [ { "title": "Act", "year": 2019 } ] } }
            """);
        Assert.Equal(["Number 54", "Choices COW", "Table title=Act,year=2019"], sheet.Answers.Select(FillTests.Tell));
    }

    [Theory]
    [InlineData("""{ "staff": { "value": "many" } }""", "Question 1.4 (staff) takes a number such as 1250.5, not \"many\".")]
    [InlineData("""{ "staff": 1e99 }""", "Question 1.4 (staff) takes a number such as 1250.5, not \"1e99\".")]
    [InlineData("""{ "staff": 1, "staff": 2 }""", "Question 1.4 (staff) is there twice.")]
    [InlineData("""{ "stuff": 1 }""", "The questionnaire has no question stuff.")]
    [InlineData("""{ "staff": { "vaule": 1 } }""", "Question 1.4 (staff) cannot have such a vaule.")]
    [InlineData("""{ "laws": { "value": { "title": "Act" } } }""", "Question 2.1 (laws) has no column key (row 1).")]
    public void WhatIsWrongInJsonIsToldByQuestion(string answers, string expected)
    {
        var sheet = new AnswerSheet(Sample.Template).Set("structure", "kept");
        var refusal = Assert.Throws<AnswerSheetException>(() => sheet.ReadJson(
            $$"""{ "format": "singlewindow.answer-sheet/1", "template_id": "test", "template_version": 2, "answers": {{answers}} }"""));
        Assert.Equal(expected, refusal.Problems[0].Message.En);
        Assert.Single(sheet.Answers);
    }

    [Fact]
    public void JsonOfAnotherQuestionnaireOrVersionIsRefused()
    {
        var json = new AnswerSheet(Sample.Template with { Version = 1 }).ToJson();
        var refusal = Assert.Throws<AnswerSheetException>(() => new AnswerSheet(Sample.Template).ReadJson(json));
        Assert.Equal("This is not a sheet of test in version 2.", refusal.Problems.Single().Message.En);
        Assert.Equal(2, Assert.Throws<AnswerSheetException>(() => new AnswerSheet(Sample.Template).ReadJson("{\n oops }")).Problems.Single().Line);
        Assert.Throws<AnswerSheetException>(() => new AnswerSheet(Sample.Template).ReadJson("[]"));
    }

    [Fact]
    public void ATableIsUtf8WithAMarkAndLinesByTheStandard()
    {
        var csv = Csv(new AnswerSheet(Sample.Template).Set("structure", "a \"b\"\nc").Set("official_name", "=HYPERLINK(1)").Set("staff", -3));
        Assert.Equal([0xEF, 0xBB, 0xBF], csv[..3]);
        var text = Encoding.UTF8.GetString(csv[3..]);
        Assert.StartsWith("question_id,number,part,type,required,question_zh,question_en,hint,row,column,value,file_ids\r\n", text, StringComparison.Ordinal);
        Assert.Contains("official_name,1.1,1,TEXT,,问题official_name,Question official_name,,,,'=HYPERLINK(1),\r\n", text, StringComparison.Ordinal);
        Assert.Contains(",\"a \"\"b\"\"\nc\",\r\n", text, StringComparison.Ordinal);
        Assert.Contains("[persons],,,-3,\r\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(";")]
    [InlineData("\t")]
    public void ASpreadsheetMaySaveItWithOtherSeparatorsAndFewerColumns(string separator)
    {
        string[] lines = ["question_id,row,column,value", "staff,,,54", "laws,2,title,Second", "laws,1,title,First", "species,,,COW", "delegated,,,TRUE"];
        var csv = Encoding.UTF8.GetBytes(string.Join('\n', lines).Replace(",", separator, StringComparison.Ordinal));
        Assert.Equal(
            ["YesNo true", "Number 54", "Choices COW", "Table title=First|title=Second"],
            Read(new AnswerSheet(Sample.Template), csv).Answers.Select(FillTests.Tell));
    }

    [Theory]
    [InlineData("staff,,,many", "Line 2, column 4: question 1.4 (staff) takes a number such as 1250.5, not \"many\".")]
    [InlineData("staff,,,1\nstaff,,,2", "Line 3, column 1: question 1.4 (staff) is there twice.")]
    [InlineData("structure,,,\"two\nlines\"\nstuff,,,1", "Line 4, column 1: the questionnaire has no question \"stuff\".")]
    [InlineData("laws,0,title,Act", "Line 2, column 2: question 2.1 (laws) needs a row number from 1, not \"0\".")]
    [InlineData("laws,1,tilte,Act", "Line 2, column 3: question 2.1 (laws) has no column \"tilte\".")]
    [InlineData("laws,1,title,Act\nlaws,1,title,Again", "Line 3, column 4: question 2.1 (laws) has title of row 1 twice.")]
    [InlineData("laws,1,year,soon", "Line 2, column 4: question 2.1 (laws) \"Year\" (year) takes a number such as 1250.5, not \"soon\".")]
    [InlineData("species,,,COW;CAT", "Line 2, column 4: question 1.7 (species) has no choice CAT.")]
    [InlineData("structure,,,\"open", "Line 2, column 4: a quotation mark is not closed.")]
    [InlineData("structure,,,\"a\"b,", "Line 2, column 4: a separator must follow the closing quotation mark.")]
    public void WhatIsWrongInATableIsToldByLineAndColumn(string lines, string expected)
    {
        var sheet = new AnswerSheet(Sample.Template).Set("since", "2026-01-01");
        var refusal = Assert.Throws<AnswerSheetException>(() => Read(sheet, Encoding.UTF8.GetBytes("question_id,row,column,value\n" + lines)));
        Assert.Equal(expected, Assert.Single(refusal.Problems).Message.En);
        Assert.Single(sheet.Answers);
    }

    [Fact]
    public void ATableWithoutItsColumnsOrNotInUtf8IsRefused()
    {
        Assert.Equal("Line 1: the first line has no column value.",
            Assert.Throws<AnswerSheetException>(() => Read(new AnswerSheet(Sample.Template), "question_id\nstaff"u8.ToArray())).Problems.Single().Message.En);
        Assert.Contains("not in UTF-8",
            Assert.Throws<AnswerSheetException>(() => Read(new AnswerSheet(Sample.Template), [0x71, 0xD6, 0xD0])).Problems.Single().Message.En,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'s-Hertogenbosch", "'s-Hertogenbosch")]
    [InlineData("'", "'")]
    [InlineData("=1", "'=1")]
    [InlineData("'=1", "''=1")]
    [InlineData("''", "'''")]
    public void AnApostropheOfAPersonStays(string text, string written)
    {
        Assert.Equal(written, CsvText.Escape(text));
        Assert.Equal(text, CsvText.Unescape(written));
    }

    private static byte[] Csv(AnswerSheet sheet)
    {
        using var stream = new MemoryStream();
        sheet.WriteCsv(stream);
        return stream.ToArray();
    }

    private static AnswerSheet Read(AnswerSheet sheet, byte[] csv) => sheet.ReadCsv(new MemoryStream(csv));

    private static void Same(AnswerSheet expected, AnswerSheet actual)
    {
        Assert.Equal(expected.Answers.Select(FillTests.Tell), actual.Answers.Select(FillTests.Tell));
        Assert.All(expected.Answers.Zip(actual.Answers), pair => Assert.True(AnswerSheet.Same(pair.First, pair.Second)));
    }
}
