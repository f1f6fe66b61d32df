namespace SingleWindowBridge;

/// <summary>What an answer sheet was to be filled with does not fit its questionnaire. All that is wrong is listed; the sheet is as
/// before. No call was made.</summary>
/// <param name="problems">What is wrong.</param>
public sealed class AnswerSheetException(IReadOnlyList<AnswerSheetProblem> problems) : SingleWindowException(ErrorOf(problems))
{
    /// <summary>What is wrong, in the order of what was given.</summary>
    public IReadOnlyList<AnswerSheetProblem> Problems { get; } = problems;

    private static SingleWindowError ErrorOf(IReadOnlyList<AnswerSheetProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        return new SingleWindowError
        {
            Reason = ErrorReason.FieldInvalid,
            StatusCode = RpcStatusCode.InvalidArgument,
            MessageZh = $"答卷有 {problems.Count} 处与问卷不符。",
            MessageEn = $"The answer sheet does not fit its questionnaire in {problems.Count} place(s).",
            Fields =
            [
                .. problems.Select(problem => new FieldProblem(problem.Place, FieldProblemCode.Malformed, problem.Message)
                {
                    QuestionId = problem.QuestionId,
                    QuestionNumber = problem.QuestionNumber,
                }),
            ],
        };
    }
}

/// <summary>One thing that is wrong with what an answer sheet was to be filled with.</summary>
/// <param name="Message">What is wrong; it names the question by number.</param>
public sealed record AnswerSheetProblem(LocalizedText Message)
{
    /// <summary>The question concerned, or what was given for one; null where it is none.</summary>
    public string? QuestionId { get; init; }

    /// <summary>The question's number, such as "3.12"; null where there is no such question.</summary>
    public string? QuestionNumber { get; init; }

    /// <summary>The line of the file, from 1; null where no file was read.</summary>
    public int? Line { get; init; }

    /// <summary>The column of the table's line, from 1; null where no table was read.</summary>
    public int? Column { get; init; }

    internal string Place => (Line, Column) switch
    {
        ({ } line, { } column) => $"line {line}, column {column}",
        ({ } line, null) => $"line {line}",
        _ => QuestionId is null ? "" : $"answers[question_id={QuestionId}]",
    };
}

/// <summary>Where something stands.</summary>
internal sealed record SheetPlace
{
    public static SheetPlace Nowhere { get; } = new();

    public string? QuestionId { get; init; }

    public int? Line { get; init; }

    public int? Column { get; init; }
}

/// <summary>Collects what is wrong.</summary>
internal sealed class SheetProblems
{
    private readonly List<AnswerSheetProblem> _problems = [];

    public bool Any => _problems.Count > 0;

    public void Add(Question? question, LocalizedText fault, SheetPlace? place = null)
    {
        place ??= SheetPlace.Nowhere;
        var (zh, en) = (place.Line, place.Column) switch
        {
            ({ } line, { } column) => ($"第{line}行第{column}列：", $"Line {line}, column {column}: "),
            ({ } line, null) => ($"第{line}行：", $"Line {line}: "),
            _ => ("", ""),
        };
        if (question is not null)
            (zh, en) = ($"{zh}问题{question.Number}（{question.Id}）：", $"{en}question {question.Number} ({question.Id}) ");
        _problems.Add(new AnswerSheetProblem(new(zh + fault.Zh + "。", Capital(en + fault.En + ".")))
        {
            QuestionId = question?.Id ?? place.QuestionId,
            QuestionNumber = question?.Number,
            Line = place.Line,
            Column = place.Column,
        });
    }

    public void ThrowIfAny()
    {
        if (Any)
            throw new AnswerSheetException(_problems);
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
