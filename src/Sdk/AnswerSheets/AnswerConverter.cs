using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace SingleWindowBridge;

/// <summary>Converts values of .NET, and texts of files, to answers.</summary>
internal static class AnswerConverter
{
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "yyyy-M-d", "yyyy/M/d"];

    /// <summary>The answer that a value is; null for none, or where the problems say why it is not.</summary>
    /// <param name="question">The question.</param>
    /// <param name="value">The value.</param>
    /// <param name="before">The answer that was there, whose files stay with a value that comes without.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static Answer? Convert(Question question, object? value, Answer? before, SheetProblems problems)
    {
        switch (value)
        {
            case null:
                return null;
            case Answer answer when answer.QuestionId != question.Id:
                problems.Add(question, new($"给出的是问题“{answer.QuestionId}”的答案", $"was given the answer to {answer.QuestionId}"));
                return null;
            case Answer answer:
                return Checked(question, answer.Value, answer.FileIds, problems);
            case WithFiles filed:
                return Make(question, filed.Value, filed.FileIds, problems);
            case FiledValue filed:
                return Make(question, filed.Value, filed.Files is null ? [] : FileIds(question, filed.Files, problems), problems);
            default:
                return question.Type == QuestionType.File
                    ? Make(question, null, FileIds(question, value, problems), problems)
                    : Make(question, value, before?.FileIds ?? [], problems);
        }
    }

    /// <summary>The answer of a value and files; null where both are nothing.</summary>
    public static Answer? Make(Question question, object? value, IReadOnlyList<string> fileIds, SheetProblems problems, SheetPlace? place = null) =>
        Checked(question, value is AnswerValue ready ? ready : Value(question, value, problems, place), fileIds, problems, place);

    /// <summary>The text of a single cell of a table; null where the problems say why there is none.</summary>
    public static string? Cell(Question question, TableColumn column, object? value, SheetProblems problems, SheetPlace? place = null)
    {
        if (value is null or "")
            return "";
        var text = column.Type switch
        {
            QuestionType.Number => Number(value) is { } number ? number.ToString(CultureInfo.InvariantCulture) : null,
            QuestionType.Date => Date(value)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            QuestionType.YesNo => YesNo(value) is { } yes ? (yes ? "true" : "false") : null,
            _ => Text(value),
        };
        if (text is null)
        {
            var (zh, en) = Wanted(column.Type);
            problems.Add(question, new($"“{column.Title.Zh}”（{column.Id}）{zh}，给出的是{Shown(value)}",
                $"\"{column.Title.En}\" ({column.Id}) {en}, not {Shown(value)}"), place);
        }

        return text;
    }

    private static Answer? Checked(
        Question question, AnswerValue? value, IReadOnlyList<string> fileIds, SheetProblems problems, SheetPlace? place = null)
    {
        if (value is not null && !Fits(question.Type, value))
            WrongType(question, value.GetType().Name, problems, place);
        return value is null && fileIds.Count == 0 ? null : new Answer { QuestionId = question.Id, Value = value, FileIds = fileIds };
    }

    private static bool Fits(QuestionType type, AnswerValue value) => type switch
    {
        QuestionType.Text or QuestionType.LongText => value is AnswerValue.Text,
        QuestionType.YesNo => value is AnswerValue.YesNo,
        QuestionType.Number => value is AnswerValue.Number or AnswerValue.Raw { Type: QuestionType.Number },
        QuestionType.Date => value is AnswerValue.Date or AnswerValue.Raw { Type: QuestionType.Date },
        QuestionType.SingleChoice or QuestionType.MultipleChoice => value is AnswerValue.Choices,
        QuestionType.Table => value is AnswerValue.Table,
        QuestionType.File => false,
        _ => true,
    };

    private static AnswerValue? Value(Question question, object? value, SheetProblems problems, SheetPlace? place)
    {
        if (value is null or "")
            return null;
        switch (question.Type)
        {
            case QuestionType.Text or QuestionType.LongText when Text(value) is { } text:
                return new AnswerValue.Text(text);
            case QuestionType.YesNo when YesNo(value) is { } yes:
                return new AnswerValue.YesNo(yes);
            case QuestionType.Number when Number(value) is { } number:
                return new AnswerValue.Number(number);
            case QuestionType.Date when Date(value) is { } date:
                return new AnswerValue.Date(date);
            case QuestionType.SingleChoice or QuestionType.MultipleChoice when Codes(value) is { } codes:
                return Choices(question, codes, problems, place);
            case QuestionType.Table when value is IEnumerable rows and not string and not IDictionary:
                return new AnswerValue.Table([.. rows.Cast<object?>().Select((row, index) => Row(question, row, index, problems))]);
            default:
                WrongType(question, Shown(value), problems, place);
                return null;
        }
    }

    private static AnswerValue.Choices? Choices(Question question, List<string> codes, SheetProblems problems, SheetPlace? place)
    {
        foreach (var code in codes.Where(code => question.Choices.All(choice => choice.Code != code)))
            problems.Add(question, new($"没有选项“{code}”", $"has no choice {code}"), place);
        if (question.Type == QuestionType.SingleChoice && codes.Count > 1)
            problems.Add(question, new("只能选择一项", "takes one choice only"), place);
        return codes.Count == 0 ? null : new AnswerValue.Choices(codes);
    }

    private static Dictionary<string, string> Row(Question question, object? row, int index, SheetProblems problems)
    {
        var cells = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, value) in CellsOf(row))
        {
            if (question.Columns.FirstOrDefault(column => column.Id == id) is not { } column)
                problems.Add(question, new($"第{index + 1}行：没有列“{id}”", $"has no column {id} (row {index + 1})"));
            else if (Cell(question, column, value, problems) is { Length: > 0 } text)
                cells[id] = text;
        }

        return cells;
    }

    private static IEnumerable<KeyValuePair<string, object?>> CellsOf(object? row) => row switch
    {
        null => [],
        IEnumerable<KeyValuePair<string, object?>> cells => cells,
        IEnumerable<KeyValuePair<string, string>> cells => cells.Select(cell => KeyValuePair.Create(cell.Key, (object?)cell.Value)),
        IDictionary cells => cells.Keys.Cast<object>().Select(key => KeyValuePair.Create($"{key}", cells[key])),
        _ => ObjectReader.Cells(row),
    };

    private static List<string> FileIds(Question question, object value, SheetProblems problems)
    {
        var ids = new List<string>();
        foreach (var file in value is IEnumerable files and not string ? files.Cast<object?>() : [value])
        {
            if (file is string { Length: > 0 } id)
                ids.Add(id);
            else if (file is StoredFile stored)
                ids.Add(stored.Id);
            else if (file is UploadedFile uploaded)
                ids.Add(uploaded.File.Id);
            else if (file is not null and not "")
                problems.Add(question, new($"附件应为文件编号，给出的是{Shown(file)}", $"takes ids of uploaded files, not {Shown(file)}"));
        }

        return ids;
    }

    private static string? Text(object value) => value switch
    {
        string text => text,
        char or Enum => value.ToString(),
        DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
        bool yes => yes ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static bool? YesNo(object value) => value switch
    {
        bool yes => yes,
        string text => text.Trim().ToUpperInvariant() switch
        {
            "TRUE" or "YES" or "是" => true,
            "FALSE" or "NO" or "否" => false,
            _ => null,
        },
        _ => null,
    };

    private static decimal? Number(object value)
    {
        const NumberStyles Digits = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite
            | NumberStyles.AllowTrailingWhite;
        try
        {
            return value switch
            {
                string text => decimal.TryParse(text, Digits, CultureInfo.InvariantCulture, out var number) ? number : null,
                // Through their own shortest text: 0.1f is 0.1 and not what it is as a binary fraction.
                double number => decimal.Parse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture),
                float number => decimal.Parse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture),
                decimal or byte or sbyte or short or ushort or int or uint or long or ulong =>
                    System.Convert.ToDecimal(value, CultureInfo.InvariantCulture),
                _ => null,
            };
        }
        catch (Exception fault) when (fault is OverflowException or FormatException)
        {
            return null;
        }
    }

    private static DateOnly? Date(object value) => value switch
    {
        DateOnly date => date,
        DateTime time => DateOnly.FromDateTime(time),
        DateTimeOffset time => DateOnly.FromDateTime(time.DateTime),
        string text when DateOnly.TryParseExact(text.Trim(), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) => date,
        _ => null,
    };

    private static List<string>? Codes(object value)
    {
        var codes = new List<string>();
        foreach (var one in value is IEnumerable many and not string ? many.Cast<object?>() : [value])
        {
            switch (one)
            {
                case string text:
                    codes.AddRange(text.Length == 0 ? [] : [text]);
                    break;
                case Enum code:
                    codes.Add(JsonNamingPolicy.SnakeCaseUpper.ConvertName(code.ToString()));
                    break;
                default:
                    return null;
            }
        }

        return codes;
    }

    private static void WrongType(Question question, string given, SheetProblems problems, SheetPlace? place)
    {
        var (zh, en) = Wanted(question.Type);
        problems.Add(question, new($"{zh}，给出的是{given}", $"{en}, not {given}"), place);
    }

    private static (string Zh, string En) Wanted(QuestionType type) => type switch
    {
        QuestionType.YesNo => ("应为true或false", "takes true or false"),
        QuestionType.Number => ("应为十进制数，如1250.5", "takes a number such as 1250.5"),
        QuestionType.Date => ("应为日期，如2026-02-28", "takes a date such as 2026-02-28"),
        QuestionType.SingleChoice => ("应为一个选项代码", "takes the code of one choice"),
        QuestionType.MultipleChoice => ("应为若干选项代码", "takes codes of choices"),
        QuestionType.Table => ("应为若干行", "takes rows"),
        QuestionType.File => ("只接受附件", "takes files only"),
        _ => ("应为文本", "takes a text"),
    };

    private static string Shown(object value)
    {
        var text = value is string given ? $"\"{given}\"" : value is IFormattable or bool ? Text(value) ?? "" : value.GetType().Name;
        return text.Length <= 60 ? text : text[..60] + "…";
    }
}
