using System.Globalization;
using System.Text;

namespace SingleWindowBridge;

// As a table: one line an answer, of a table one line a cell.
public sealed partial class AnswerSheet
{
    private const char Separator = ';';

    private static readonly string[] Header =
        ["question_id", "number", "part", "type", "required", "question_zh", "question_en", "hint", "row", "column", "value", "file_ids"];

    /// <summary>
    /// Writes the whole questionnaire as a table: CSV by RFC 4180, in UTF-8 with a byte order mark, as Excel opens it. A line for
    /// every question, of a <see cref="QuestionType.Table"/> one for every cell with its <c>row</c> (from 1) and <c>column</c>. To
    /// fill are <c>value</c> (several choices with ; between them) and <c>file_ids</c> (likewise; of a table on any of its lines).
    /// A value that a spreadsheet would take for a formula has an apostrophe before it, which a reading takes away again.
    /// </summary>
    /// <param name="stream">Where to write; it stays open.</param>
    public void WriteCsv(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        var csv = new CsvWriter(text);
        csv.Write(Header);
        foreach (var part in Template.Parts)
        {
            foreach (var question in part.Questions)
            {
                var answer = _answers.GetValueOrDefault(question.Id);
                var files = string.Join(Separator, answer?.FileIds ?? []);
                foreach (var (row, column, value) in Cells(question, answer?.Value))
                {
                    csv.Write(
                        question.Id, question.Number, part.Id, CodeOf(column?.Type ?? question.Type), Needed(question, column),
                        question.Text.Zh, question.Text.En, Hint(question, column), row, column?.Id ?? "", value, files);
                    files = "";
                }
            }
        }
    }

    /// <summary>Reads answers from a table in the form of <see cref="WriteCsv"/>, also with ; or tabs between its columns, as
    /// spreadsheets of some countries save it. Needed are the columns <c>question_id</c> and <c>value</c>, and <c>row</c> and
    /// <c>column</c> for tables; others are passed over. Questions that it does not have keep their answers; one whose lines are all
    /// empty loses its answer. Empty cells, and rows without a filled cell, are not kept.</summary>
    /// <param name="stream">The table, in UTF-8.</param>
    /// <exception cref="AnswerSheetException">It is no such table, or answers do not fit; all is listed by line and column, and the
    /// sheet is as before.</exception>
    public AnswerSheet ReadCsv(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var problems = new SheetProblems();
        var lines = CsvReader.Read(stream, problems);
        problems.ThrowIfAny();
        var read = new CsvSheet(_questions, lines, problems).Read();
        problems.ThrowIfAny();
        Take(read);
        return this;
    }

    /// <summary>The code of a type, such as LONG_TEXT.</summary>
    internal static string CodeOf(QuestionType type) => System.Text.Json.JsonNamingPolicy.SnakeCaseUpper.ConvertName(type.ToString());

    // The cells of an answer; of a table that is empty, one row to fill.
    private static IEnumerable<(string Row, TableColumn? Column, string Value)> Cells(Question question, AnswerValue? value)
    {
        if (question.Type != QuestionType.Table)
        {
            yield return ("", null, Written(value));
            yield break;
        }

        var rows = value is AnswerValue.Table { Rows.Count: > 0 } table ? table.Rows : [new Dictionary<string, string>()];
        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var column in question.Columns)
            {
                var cell = rows[i].GetValueOrDefault(column.Id) ?? "";
                yield return ((i + 1).ToString(CultureInfo.InvariantCulture), column,
                    column.Type == QuestionType.Number && CsvText.IsNumber(cell) ? cell : CsvText.Escape(cell));
            }
        }
    }

    private static string Written(AnswerValue? value) => value switch
    {
        AnswerValue.Text text => CsvText.Escape(text.Value),
        AnswerValue.YesNo yesNo => yesNo.Value ? "true" : "false",
        AnswerValue.Number number => number.Value.ToString(CultureInfo.InvariantCulture),
        AnswerValue.Date date => date.Value.ToString("O", CultureInfo.InvariantCulture),
        AnswerValue.Raw raw => CsvText.Escape(raw.Value),
        AnswerValue.Choices choices => CsvText.Escape(string.Join(Separator, choices.Codes)),
        _ => "",
    };

    private static string Needed(Question question, TableColumn? column) => (column?.Required ?? question.Required, question.FileRequired) switch
    {
        (true, true) => "value and file",
        (true, false) => question.Type == QuestionType.File ? "file" : "value",
        (false, true) => "file",
        _ => "",
    };

    private static string Hint(Question question, TableColumn? column)
    {
        var unit = column?.Unit ?? question.Unit;
        var told = new List<string>();
        if (column is not null)
            told.Add($"{column.Title.Zh} {column.Title.En}");
        if (question.Choices.Count > 0)
            told.Add(string.Join("; ", question.Choices.Select(choice => $"{choice.Code} = {choice.Text.Zh} {choice.Text.En}")));
        if (unit is not null)
            told.Add($"[{unit}]");
        if (question.ShownIf is { } condition)
            told.Add($"({condition.QuestionId} = {condition.EqualTo})");
        return CsvText.Escape(string.Join(" ", told));
    }
}
