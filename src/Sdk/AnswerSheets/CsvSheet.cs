using System.Globalization;

namespace SingleWindowBridge;

/// <summary>Reads answers off the lines of a table.</summary>
internal sealed class CsvSheet
{
    private static readonly string[] NeededColumns = ["question_id", "value"];
    private static readonly char[] Separators = [';', '；', '\n', '\r'];

    private readonly Dictionary<string, Question> _questions;
    private readonly IReadOnlyList<CsvLine> _lines;
    private readonly SheetProblems _problems;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);

    public CsvSheet(Dictionary<string, Question> questions, IReadOnlyList<CsvLine> lines, SheetProblems problems)
    {
        (_questions, _lines, _problems) = (questions, lines, problems);
        foreach (var (name, index) in (lines.Count > 0 ? lines[0].Fields : []).Select((name, index) => (name.Trim(), index)))
            _columns.TryAdd(name, index);
        foreach (var needed in NeededColumns.Where(name => !_columns.ContainsKey(name)))
            problems.Add(null, new($"首行缺少列“{needed}”", $"the first line has no column {needed}"), new SheetPlace { Line = 1 });
    }

    /// <summary>The answer to every question that the table has; null for one that is empty.</summary>
    public List<(Question Question, Answer? Answer)> Read()
    {
        var read = new List<(Question, Answer?)>();
        if (_problems.Any)
            return read;
        foreach (var group in _lines.Skip(1).GroupBy(line => Field(line, "question_id").Trim()))
        {
            if (!_questions.TryGetValue(group.Key, out var question))
            {
                foreach (var line in group)
                {
                    _problems.Add(null, new($"问卷没有问题“{group.Key}”", $"the questionnaire has no question \"{group.Key}\""),
                        At(line, "question_id") with { QuestionId = group.Key });
                }
            }
            else
            {
                read.Add((question, Answer(question, [.. group])));
            }
        }

        return read;
    }

    private Answer? Answer(Question question, List<CsvLine> lines)
    {
        List<string> files = [.. lines.SelectMany(line => Split(Field(line, "file_ids"))).Distinct(StringComparer.Ordinal)];
        if (question.Type == QuestionType.Table)
            return AnswerConverter.Make(question, Table(question, lines), files, _problems);
        foreach (var again in lines.Skip(1))
            _problems.Add(question, new("出现了两次", "is there twice"), At(again, "question_id"));
        var text = CsvText.Unescape(Field(lines[0], "value"));
        object? value = question.Type is QuestionType.SingleChoice or QuestionType.MultipleChoice && text.Length > 0
            ? Split(text)
            : text;
        return AnswerConverter.Make(question, value, files, _problems, At(lines[0], "value"));
    }

    private AnswerValue.Table? Table(Question question, List<CsvLine> lines)
    {
        var rows = new SortedDictionary<int, Dictionary<string, string>>();
        foreach (var line in lines)
        {
            var (row, id) = (Field(line, "row").Trim(), Field(line, "column").Trim());
            var value = CsvText.Unescape(Field(line, "value"));
            if (value.Length == 0)
                continue;
            if (!int.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
                _problems.Add(question, new($"行号应为正整数，给出的是“{row}”", $"needs a row number from 1, not \"{row}\""), At(line, "row"));
            else if (question.Columns.FirstOrDefault(column => column.Id == id) is not { } column)
                _problems.Add(question, new($"没有列“{id}”", $"has no column \"{id}\""), At(line, "column"));
            else if (!rows.TryAdd(number, []) && rows[number].ContainsKey(id))
                _problems.Add(question, new($"第{number}行的“{id}”出现了两次", $"has {id} of row {number} twice"), At(line, "value"));
            else
                rows[number][id] = AnswerConverter.Cell(question, column, value, _problems, At(line, "value")) ?? "";
        }

        return rows.Count == 0 ? null : new AnswerValue.Table([.. rows.Values]);
    }

    private string Field(CsvLine line, string name) =>
        _columns.TryGetValue(name, out var index) && index < line.Fields.Count ? line.Fields[index] : "";

    private SheetPlace At(CsvLine line, string name) =>
        new() { Line = line.Number, Column = _columns.TryGetValue(name, out var index) ? index + 1 : null };

    private static List<string> Split(string text) =>
        [.. text.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
