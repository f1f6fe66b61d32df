using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Questionnaires;

/// <summary>Checks one answer against its question.</summary>
/// <param name="question">The question.</param>
/// <param name="answer">The answer; an empty one where none was given.</param>
/// <param name="field">The answer's path in the request.</param>
internal sealed class AnswerCheck(Question question, Answer answer, string field)
{
    // Today is today anywhere on earth.
    private static readonly TimeSpan EarliestZone = TimeSpan.FromHours(14);

    /// <summary>Whether there is a value or a file.</summary>
    public bool IsAnswered => HasValue() || answer.FileIds.Count > 0;

    private int MaxFiles => question.MaxFiles > 0 ? question.MaxFiles : AnswerRules.MaxFiles;

    private int MaxRows => question.MaxRows > 0 ? question.MaxRows : AnswerRules.MaxRows;

    /// <summary>Gives what is wrong with what is there.</summary>
    /// <param name="now">The time that it is, which dates are held against.</param>
    public IEnumerable<Problem> Problems(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.ToOffset(EarliestZone).DateTime);
        var problems = answer.ValueCase == Answer.ValueOneofCase.None ? [] : ValueProblems(today);
        return problems.Concat(FileProblems());
    }

    /// <summary>Gives what must be there and is not.</summary>
    public IEnumerable<Problem> Gaps()
    {
        if (question.Required && question.Type != QuestionType.File && !HasValue())
            yield return Wrong("", FieldProblemCode.Required, "为必填项，请填写", "must be answered");
        if (question.FileRequired && answer.FileIds.Count == 0)
            yield return Wrong(".file_ids", FieldProblemCode.Required, "须上传附件，请至少上传一个文件", "needs a file; upload at least one");
        if (answer.ValueCase != Answer.ValueOneofCase.Table || question.Type != QuestionType.Table)
            yield break;
        for (var i = 0; i < answer.Table.Rows.Count; i++)
        {
            foreach (var column in question.Columns.Where(column => column.Required))
            {
                if (!answer.Table.Rows[i].Cells.TryGetValue(column.ColumnId, out var cell) || string.IsNullOrWhiteSpace(cell))
                    yield return Wrong($".table.rows[{i}].cells[{column.ColumnId}]", FieldProblemCode.Required,
                        $"第{i + 1}行的“{column.Title.Zh}”为必填项", $"row {i + 1} needs \"{column.Title.En}\"");
            }
        }
    }

    private bool HasValue() => answer.ValueCase switch
    {
        Answer.ValueOneofCase.None => false,
        Answer.ValueOneofCase.Text => !string.IsNullOrWhiteSpace(answer.Text),
        Answer.ValueOneofCase.Choices => answer.Choices.Codes.Count > 0,
        Answer.ValueOneofCase.Table => answer.Table.Rows.Any(row => row.Cells.Values.Any(cell => !string.IsNullOrWhiteSpace(cell))),
        _ => true,
    };

    private IEnumerable<Problem> ValueProblems(DateOnly today) => (question.Type, answer.ValueCase) switch
    {
        (QuestionType.Text, Answer.ValueOneofCase.Text) => TextProblems(answer.Text, ".text", severalLines: false),
        (QuestionType.LongText, Answer.ValueOneofCase.Text) => TextProblems(answer.Text, ".text", severalLines: true),
        (QuestionType.YesNo, Answer.ValueOneofCase.YesNo) => [],
        (QuestionType.Number, Answer.ValueOneofCase.Number) => Told(".number", "", "", ValueLimits.Check(answer.Number, question.NumberLimits)),
        (QuestionType.Date, Answer.ValueOneofCase.Date) => Told(".date", "", "", ValueLimits.Check(answer.Date, question.DateLimits, today)),
        (QuestionType.SingleChoice or QuestionType.MultipleChoice, Answer.ValueOneofCase.Choices) => ChoiceProblems(),
        (QuestionType.Table, Answer.ValueOneofCase.Table) => TableProblems(today),
        _ => [WrongType()],
    };

    private IEnumerable<Problem> Told(string path, string zhBefore, string enBefore, ValueFault? fault)
    {
        if (fault is not null)
            yield return Wrong(path, fault.Code, zhBefore + fault.Zh, enBefore + fault.En);
    }

    private IEnumerable<Problem> ChoiceProblems()
    {
        var codes = answer.Choices.Codes;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < codes.Count; i++)
        {
            if (question.Choices.All(choice => choice.Code != codes[i]))
                yield return Wrong($".choices.codes[{i}]", FieldProblemCode.UnknownValue, "没有此选项", "has no such choice");
            else if (!seen.Add(codes[i]))
                yield return Wrong($".choices.codes[{i}]", FieldProblemCode.Duplicate, "重复选择了同一选项", "has the same choice twice");
        }

        if (question.Type == QuestionType.SingleChoice && codes.Count > 1)
            yield return Wrong(".choices.codes", FieldProblemCode.TooMany, "只能选择一项", "takes one choice only");
    }

    private IEnumerable<Problem> TableProblems(DateOnly today)
    {
        var rows = answer.Table.Rows;
        if (rows.Count > MaxRows)
            return [Wrong(".table.rows", FieldProblemCode.TooMany, $"表格最多{MaxRows}行", $"takes at most {MaxRows} rows")];
        return rows.SelectMany((row, index) => row.Cells.OrderBy(cell => cell.Key, StringComparer.Ordinal)
            .SelectMany(cell => CellProblems(index, cell.Key, cell.Value, today)));
    }

    private IEnumerable<Problem> CellProblems(int row, string columnId, string cell, DateOnly today)
    {
        var path = $".table.rows[{row}].cells[{columnId}]";
        if (question.Columns.FirstOrDefault(known => known.ColumnId == columnId) is not { } column)
            return [Wrong(path, FieldProblemCode.UnknownValue, "没有此列", "has no such column")];
        var (zh, en) = ($"第{row + 1}行的“{column.Title.Zh}”", $"row {row + 1}, \"{column.Title.En}\" ");

        // An empty cell of any type is one that is not filled yet.
        return column.Type switch
        {
            QuestionType.Number when cell.Length > 0 => Told(path, zh, en, ValueLimits.Check(cell, column.NumberLimits)),
            QuestionType.Date when cell.Length > 0 => Told(path, zh, en, ValueLimits.Check(cell, column.DateLimits, today)),
            QuestionType.YesNo when cell is not ("true" or "false" or "") => Told(path, zh, en, ValueLimits.NotYesNo),
            QuestionType.Number or QuestionType.Date or QuestionType.YesNo => [],
            _ => TextProblems(cell, path, severalLines: true),
        };
    }

    private IEnumerable<Problem> FileProblems()
    {
        if (answer.FileIds.Count > MaxFiles)
            yield return Wrong(".file_ids", FieldProblemCode.TooMany,
                $"最多{MaxFiles}个附件", $"takes at most {MaxFiles} files");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < answer.FileIds.Count; i++)
            if (!seen.Add(answer.FileIds[i]))
                yield return Wrong($".file_ids[{i}]", FieldProblemCode.Duplicate, "重复引用了同一附件", "names the same file twice");
    }

    private IEnumerable<Problem> TextProblems(string text, string path, bool severalLines)
    {
        if (CountCharacters(text) > question.MaxLength)
            yield return Wrong(path, FieldProblemCode.TooLong,
                $"最多{question.MaxLength}个字符", $"takes at most {question.MaxLength} characters");
        if (!severalLines && text.AsSpan().ContainsAny('\r', '\n'))
            yield return Wrong(path, FieldProblemCode.Malformed, "应为单行文本", "takes one line");
        if (!FieldRules.FitsXml(text))
            yield return Wrong(path, FieldProblemCode.Malformed, "含有不可用的控制字符", "holds control characters; take them out");
    }

    private static int CountCharacters(string text) => text.Length - text.Count(char.IsLowSurrogate);

    private Problem WrongType()
    {
        var given = answer.ValueCase switch
        {
            Answer.ValueOneofCase.Text => ".text",
            Answer.ValueOneofCase.YesNo => ".yes_no",
            Answer.ValueOneofCase.Number => ".number",
            Answer.ValueOneofCase.Date => ".date",
            Answer.ValueOneofCase.Choices => ".choices",
            _ => ".table",
        };
        var (zh, en) = question.Type switch
        {
            QuestionType.Text or QuestionType.LongText => ("应以文本（text）回答", "is answered with text"),
            QuestionType.YesNo => ("应以是或否（yes_no）回答", "is answered with yes_no"),
            QuestionType.Number => ("应以数值（number）回答", "is answered with number"),
            QuestionType.Date => ("应以日期（date）回答", "is answered with date"),
            QuestionType.Table => ("应以表格（table）回答", "is answered with table"),
            QuestionType.File => ("只接受附件（file_ids）", "takes files only (file_ids)"),
            _ => ("应以选项（choices）回答", "is answered with choices"),
        };
        return Wrong(given, FieldProblemCode.WrongType, zh, en);
    }

    private Problem Wrong(string path, FieldProblemCode code, string zh, string en) => new(field + path, code,
        $"问题{question.Number}“{Shorten(question.Text.Zh, 30)}”：{zh}。",
        $"Question {question.Number}, \"{Shorten(question.Text.En, 60)}\": {en}.")
    {
        Question = question,
    };

    // All problems go with the error in the trailers of the call, whose size is limited.
    private static string Shorten(string text, int length) => text.Length <= length ? text : text[..length].TrimEnd() + "…";
}
