using System.Globalization;

namespace SingleWindowBridge.Sdk.Tests.AnswerSheets;

/// <summary>A questionnaire with a question of every type, and sheets filled by chance.</summary>
internal static class Sample
{
    private static readonly string[] Pieces =
    [
        "a", "Z", " ", "0", "-", "+", "=", "@", "'", "\"", ",", ";", "\t", "\n", "\r\n", "\r", "=1+1", "审", "𠮷", "＝", "-1.5", "\\", "#", "|",
    ];

    public static QuestionnaireTemplate Template { get; } = new()
    {
        Id = "test",
        Version = 2,
        Title = new("问卷", "Questionnaire"),
        Parts =
        [
            new()
            {
                Id = "1",
                Questions =
                [
                    Ask("official_name", "1.1", QuestionType.Text), Ask("structure", "1.2", QuestionType.LongText),
                    Ask("delegated", "1.3", QuestionType.YesNo), Ask("staff", "1.4", QuestionType.Number) with { Unit = "persons" },
                    Ask("since", "1.5", QuestionType.Date),
                    Ask("drying", "1.6", QuestionType.SingleChoice) with { Choices = Choices("SUN", "HOT_AIR") },
                    Ask("species", "1.7", QuestionType.MultipleChoice) with { Choices = Choices("COW", "GOAT", "SHEEP") },
                ],
            },
            new()
            {
                Id = "2",
                Questions =
                [
                    Ask("laws", "2.1", QuestionType.Table) with
                    {
                        Columns =
                        [
                            new("title", new("名称", "Title"), true), new("year", new("年份", "Year"), false) { Type = QuestionType.Number },
                            new("effective", new("生效", "In force"), false) { Type = QuestionType.Date },
                            new("binding", new("强制", "Binding"), false) { Type = QuestionType.YesNo },
                        ],
                    },
                    Ask("chart", "2.2", QuestionType.File),
                ],
            },
        ],
    };

    /// <summary>A sheet with answers to some questions, with all that is hard on a file in their texts.</summary>
    public static AnswerSheet Random(int seed)
    {
        var random = new Random(seed);
        var sheet = new AnswerSheet(Template);
        foreach (var question in Template.Questions.Where(_ => random.Next(4) > 0))
        {
            var files = question.Type == QuestionType.File || random.Next(4) == 0 ? Many(random, 1, 3, i => $"FILE{seed}X{i}") : [];
            sheet.Set(new Answer { QuestionId = question.Id, Value = ValueOf(question, random), FileIds = files });
        }

        return sheet;
    }

    public static Question Question(string id) => Template.Questions.Single(question => question.Id == id);

    private static AnswerValue? ValueOf(Question question, Random random) => question.Type switch
    {
        QuestionType.YesNo => new AnswerValue.YesNo(random.Next(2) == 0),
        QuestionType.Number => new AnswerValue.Number(NumberOf(random)),
        QuestionType.Date => new AnswerValue.Date(DayOf(random)),
        QuestionType.SingleChoice => new AnswerValue.Choices([question.Choices[random.Next(2)].Code]),
        QuestionType.MultipleChoice => new AnswerValue.Choices([.. question.Choices.Select(choice => choice.Code).Take(random.Next(1, 4))]),
        QuestionType.Table => new AnswerValue.Table(Many(random, 1, 4, _ => RowOf(random))),
        QuestionType.File => null,
        _ => new AnswerValue.Text(TextOf(random)),
    };

    // Every row has its title: rows without a filled cell are not kept.
    private static Dictionary<string, string> RowOf(Random random)
    {
        var row = new Dictionary<string, string> { ["title"] = TextOf(random) };
        if (random.Next(2) == 0)
            row["year"] = NumberOf(random).ToString(CultureInfo.InvariantCulture);
        if (random.Next(2) == 0)
            row["effective"] = DayOf(random).ToString("O", CultureInfo.InvariantCulture);
        if (random.Next(2) == 0)
            row["binding"] = random.Next(2) == 0 ? "true" : "false";
        return row;
    }

    private static string TextOf(Random random) => string.Concat(Many(random, 1, 8, _ => Pieces[random.Next(Pieces.Length)]));

    private static decimal NumberOf(Random random) => new(random.Next(), random.Next(), 0, random.Next(2) == 0, (byte)random.Next(10));

    private static DateOnly DayOf(Random random) => DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber));

    private static List<T> Many<T>(Random random, int least, int most, Func<int, T> make) =>
        [.. Enumerable.Range(0, random.Next(least, most + 1)).Select(make)];

    private static Question Ask(string id, string number, QuestionType type) => new()
    {
        Id = id, Number = number, Type = type, Text = new($"问题{id}", $"Question {id}"), MaxLength = 1000,
    };

    private static Choice[] Choices(params string[] codes) => [.. codes.Select(code => new Choice(code, new($"选项{code}", code)))];
}
