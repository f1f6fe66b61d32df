using System.Globalization;
using System.Text.RegularExpressions;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Questionnaires;

/// <summary>Checks one answer against its question.</summary>
/// <param name="question">The question.</param>
/// <param name="answer">The answer; an empty one where none was given.</param>
/// <param name="field">The answer's path in the request.</param>
internal sealed partial class AnswerCheck(Question question, Answer answer, string field)
{
    /// <summary>Gives what is wrong with what is there.</summary>
    public IEnumerable<Problem> Problems()
    {
        var problems = answer.ValueCase == Answer.ValueOneofCase.None ? [] : ValueProblems();
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

    private IEnumerable<Problem> ValueProblems() => (question.Type, answer.ValueCase) switch
    {
        (QuestionType.Text, Answer.ValueOneofCase.Text) => TextProblems(answer.Text, ".text", severalLines: false),
        (QuestionType.LongText, Answer.ValueOneofCase.Text) => TextProblems(answer.Text, ".text", severalLines: true),
        (QuestionType.YesNo, Answer.ValueOneofCase.YesNo) => [],
        (QuestionType.Number, Answer.ValueOneofCase.Number) => NumberPattern().IsMatch(answer.Number)
            ? []
            : [Wrong(".number", FieldProblemCode.Malformed, "应为十进制数，如1250.5，整数部分最多18位，小数部分最多9位",
                "needs a decimal number such as 1250.5, of at most 18 digits before and 9 after the point")],
        (QuestionType.Date, Answer.ValueOneofCase.Date) =>
            DateOnly.TryParseExact(answer.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? []
            : [Wrong(".date", FieldProblemCode.Malformed, "应为日期，格式为YYYY-MM-DD", "needs a date that exists, as YYYY-MM-DD")],
        (QuestionType.SingleChoice or QuestionType.MultipleChoice, Answer.ValueOneofCase.Choices) => ChoiceProblems(),
        (QuestionType.Table, Answer.ValueOneofCase.Table) => TableProblems(),
        _ => [WrongType()],
    };

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

    private IEnumerable<Problem> TableProblems()
    {
        var rows = answer.Table.Rows;
        if (rows.Count > AnswerRules.MaxRows)
        {
            yield return Wrong(".table.rows", FieldProblemCode.TooMany,
                $"表格最多{AnswerRules.MaxRows}行", $"takes at most {AnswerRules.MaxRows} rows");
            yield break;
        }

        for (var i = 0; i < rows.Count; i++)
        {
            foreach (var (column, cell) in rows[i].Cells.OrderBy(cell => cell.Key, StringComparer.Ordinal))
            {
                var path = $".table.rows[{i}].cells[{column}]";
                if (question.Columns.All(known => known.ColumnId != column))
                    yield return Wrong(path, FieldProblemCode.UnknownValue, "没有此列", "has no such column");
                else
                    foreach (var problem in TextProblems(cell, path, severalLines: true))
                        yield return problem;
            }
        }
    }

    private IEnumerable<Problem> FileProblems()
    {
        if (answer.FileIds.Count > AnswerRules.MaxFiles)
            yield return Wrong(".file_ids", FieldProblemCode.TooMany,
                $"最多{AnswerRules.MaxFiles}个附件", $"takes at most {AnswerRules.MaxFiles} files");
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
        $"Question {question.Number}, \"{Shorten(question.Text.En, 60)}\": {en}.");

    // All problems go with the error in the trailers of the call, whose size is limited.
    private static string Shorten(string text, int length) => text.Length <= length ? text : text[..length].TrimEnd() + "…";

    [GeneratedRegex(@"^[+-]?[0-9]{1,18}(\.[0-9]{1,9})?\z")]
    private static partial Regex NumberPattern();
}
