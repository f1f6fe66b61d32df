namespace SingleWindowBridge.Sdk.Tests.AnswerSheets;

public sealed class FillTests
{
    private enum Drying
    {
        Sun,
        HotAir,
    }

    public static TheoryData<string, object, string> Converted => new()
    {
        { "official_name", 12.5m, "Text 12.5" },
        { "official_name", new DateOnly(2026, 2, 28), "Text 2026-02-28" },
        { "delegated", "YES", "YesNo true" },
        { "delegated", "否", "YesNo false" },
        { "staff", 54, "Number 54" },
        { "staff", 54L, "Number 54" },
        { "staff", 0.1, "Number 0.1" },
        { "staff", 0.1f, "Number 0.1" },
        { "staff", " -12.50 ", "Number -12.50" },
        { "since", new DateTime(2024, 2, 29, 23, 59, 0, DateTimeKind.Utc), "Date 2024-02-29" },
        { "since", new DateTimeOffset(2024, 2, 29, 23, 59, 0, TimeSpan.FromHours(-4)), "Date 2024-02-29" },
        { "since", "2024-02-29", "Date 2024-02-29" },
        { "since", "2024/2/9", "Date 2024-02-09" },
        { "drying", Drying.HotAir, "Choices HOT_AIR" },
        { "drying", "SUN", "Choices SUN" },
        { "species", new[] { "COW", "GOAT" }, "Choices COW GOAT" },
        { "species", "COW", "Choices COW" },
        { "chart", "FILE1", "FILE1" },
        { "chart", new[] { "FILE1", "FILE2" }, "FILE1 FILE2" },
        { "chart", Uploaded("FILE1"), "FILE1" },
        { "chart", new object[] { Uploaded("FILE1"), Uploaded("FILE2").File }, "FILE1 FILE2" },
    };

    public static TheoryData<string, object, string> Refused => new()
    {
        { "official_name", new object(), "Question 1.1 (official_name) takes a text, not Object." },
        { "delegated", "perhaps", "Question 1.3 (delegated) takes true or false, not \"perhaps\"." },
        { "staff", "1,250", "Question 1.4 (staff) takes a number such as 1250.5, not \"1,250\"." },
        { "staff", double.NaN, "Question 1.4 (staff) takes a number such as 1250.5, not NaN." },
        { "staff", 1e300, "Question 1.4 (staff) takes a number such as 1250.5, not 1E+300." },
        { "since", "2026-02-30", "Question 1.5 (since) takes a date such as 2026-02-28, not \"2026-02-30\"." },
        { "drying", "WIND", "Question 1.6 (drying) has no choice WIND." },
        { "drying", new[] { "SUN", "HOT_AIR" }, "Question 1.6 (drying) takes one choice only." },
        { "species", 3, "Question 1.7 (species) takes codes of choices, not 3." },
        { "laws", "none", "Question 2.1 (laws) takes rows, not \"none\"." },
        { "laws", new[] { new { Title = "A", Colour = "red" } }, "Question 2.1 (laws) has no column colour (row 1)." },
        { "laws", new[] { new { Title = "A", Year = "soon" } },
            "Question 2.1 (laws) \"Year\" (year) takes a number such as 1250.5, not \"soon\"." },
        { "chart", 5, "Question 2.2 (chart) takes ids of uploaded files, not 5." },
        { "moon_phase", "full", "The questionnaire has no question moon_phase." },
        { "staff", Answer.OfText("structure", "x"), "Question 1.4 (staff) was given the answer to structure." },
        { "staff", Answer.OfText("staff", "x"), "Question 1.4 (staff) takes a number such as 1250.5, not Text." },
    };

    private static UploadedFile Uploaded(string id) => new() { File = new StoredFile { Id = id, Name = "a.pdf" }, RequestId = Guid.Empty };

    [Theory, MemberData(nameof(Converted))]
    public void AValueBecomesAnAnswerOfTheQuestionsType(string question, object value, string expected)
    {
        var sheet = new AnswerSheet(Sample.Template).Set(question, value);
        Assert.Equal(expected, Tell(sheet.AnswerTo(question)!));
    }

    [Theory, MemberData(nameof(Refused))]
    public void AValueThatDoesNotFitIsToldByQuestion(string question, object value, string expected)
    {
        var sheet = new AnswerSheet(Sample.Template).Set("staff", 1);
        var refusal = Assert.Throws<AnswerSheetException>(() => sheet.Set(question, value));
        var problem = Assert.Single(refusal.Problems);
        Assert.Equal(expected, problem.Message.En);
        Assert.Contains(problem.Message.Zh, character => character is >= '\u4e00' and <= '\u9fff');
        Assert.Equal(question, problem.QuestionId);
        Assert.Equal(Sample.Template.Questions.FirstOrDefault(it => it.Id == question)?.Number, problem.QuestionNumber);
        Assert.Equal(expected, refusal.Fields.Single().Message.En);
    }

    [Fact]
    public void AllThatIsWrongIsToldAtOnceAndNothingIsKept()
    {
        var sheet = new AnswerSheet(Sample.Template).Set("staff", 1);
        var refusal = Assert.Throws<AnswerSheetException>(() => sheet.Fill(new Dictionary<string, object?>
        {
            ["staff"] = 2, ["since"] = "soon", ["delegated"] = 7,
        }));
        Assert.Equal(["since", "delegated"], refusal.Problems.Select(problem => problem.QuestionId));
        Assert.Equal("Number 1", Tell(Assert.Single(sheet.Answers)));
    }

    [Fact]
    public void ADictionaryFillsASheet()
    {
        var sheet = new AnswerSheet(Sample.Template).Fill(new Dictionary<string, object?>
        {
            ["laws"] = new List<Dictionary<string, object?>>
            {
                new() { ["title"] = "Food Safety Act", ["year"] = 2019, ["effective"] = new DateOnly(2019, 7, 1), ["binding"] = true },
                new() { ["title"] = "Fisheries Act", ["year"] = null },
            },
            ["official_name"] = new WithFiles("Ministry", "FILE1", "FILE2"),
            ["staff"] = null,
        });
        Assert.Equal(
            ["Text Ministry FILE1 FILE2", "Table title=Food Safety Act,year=2019,effective=2019-07-01,binding=true|title=Fisheries Act"],
            sheet.Answers.Select(Tell));
    }

    [Fact]
    public void AnObjectFillsASheetByTheNamesOfItsProperties()
    {
        var sheet = new AnswerSheet(Sample.Template).Set("staff", 3).FillFrom(new Office
        {
            OfficialName = "Ministry", Kind = Drying.HotAir, Laws = [new("Act", 2019)], Chart = "FILE9", Papers = ["FILE1"], Staff = null,
        });
        Assert.Equal(["Text Ministry FILE1", "Choices HOT_AIR", "Table title=Act,year=2019", "FILE9"], sheet.Answers.Select(Tell));
        Assert.Throws<AnswerSheetException>(() => sheet.FillFrom(new { OfficialNames = "typo" }));
    }

    [Fact]
    public void AValueAloneKeepsTheFilesThatAreThereAndNullTakesAllAway()
    {
        var sheet = new AnswerSheet(Sample.Template).Set("staff", new WithFiles(1, "FILE1")).Set("staff", 2);
        Assert.Equal("Number 2 FILE1", Tell(sheet.Answers.Single()));
        Assert.Empty(sheet.Set("staff", null).Answers);
    }

    [Fact]
    public void ChangesAreWhatASaveHasToBeGiven()
    {
        var sheet = AnswerSheet.Of(new Questionnaire
        {
            Case = new Case { Id = "C" }, Template = Sample.Template,
            Answers = [Answer.OfText("official_name", "Ministry"), Answer.OfNumber("staff", 3), Answer.OfChoices("species", ["COW"])],
        });
        Assert.True(sheet.Changes.IsEmpty);

        sheet.Set("official_name", "Ministry").Set("species", new[] { "COW" }).Set("structure", "New").Set("staff", null);
        Assert.Equal(["structure"], sheet.Changes.Answers.Select(answer => answer.QuestionId));
        Assert.Equal(["staff"], sheet.Changes.ClearedQuestionIds);
    }

    internal static string Tell(Answer answer)
    {
        var value = answer.Value switch
        {
            null => "",
            AnswerValue.Text text => $"Text {text.Value} ",
            AnswerValue.YesNo yesNo => yesNo.Value ? "YesNo true " : "YesNo false ",
            AnswerValue.Number number => FormattableString.Invariant($"Number {number.Value} "),
            AnswerValue.Date date => FormattableString.Invariant($"Date {date.Value:yyyy-MM-dd} "),
            AnswerValue.Choices choices => $"Choices {string.Join(' ', choices.Codes)} ",
            AnswerValue.Table table =>
                $"Table {string.Join('|', table.Rows.Select(row => string.Join(',', row.Select(cell => $"{cell.Key}={cell.Value}"))))} ",
            var other => $"{other} ",
        };
        return (value + string.Join(' ', answer.FileIds)).TrimEnd(' ');
    }

    private sealed class Office
    {
        public string? OfficialName { get; init; }

        [AnswerFiles("official_name")]
        public IReadOnlyList<string> Papers { get; init; } = [];

        [AnswerTo("drying")]
        public Drying Kind { get; init; }

        public IReadOnlyList<Law> Laws { get; init; } = [];

        public string? Chart { get; init; }

        public int? Staff { get; init; }

        [NotAnAnswer]
        public string Remark { get; init; } = "mine";
    }

    private sealed record Law(string Title, int Year);
}
