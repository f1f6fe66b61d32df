namespace SingleWindowBridge;

/// <summary>The answer to one question. The factories make one of each type; each takes the ids of uploaded files that go with
/// it, at most 20.</summary>
public sealed record Answer
{
    /// <summary>The question answered.</summary>
    public required string QuestionId { get; init; }

    /// <summary>The value, of the question's type; null where only files answer it.</summary>
    public AnswerValue? Value { get; init; }

    /// <summary>Ids of uploaded files that go with the answer, at most 20.</summary>
    public IReadOnlyList<string> FileIds { get; init; } = [];

    /// <summary>Answers a <see cref="QuestionType.Text"/> or <see cref="QuestionType.LongText"/>.</summary>
    /// <param name="questionId">The question.</param>
    /// <param name="text">The text, at most <see cref="Question.MaxLength"/> characters.</param>
    /// <param name="fileIds">Files that go with it.</param>
    public static Answer OfText(string questionId, string text, params string[] fileIds) =>
        new() { QuestionId = questionId, Value = new AnswerValue.Text(text), FileIds = fileIds };

    /// <summary>Answers a <see cref="QuestionType.YesNo"/>.</summary>
    /// <param name="questionId">The question.</param>
    /// <param name="yes">Yes or no.</param>
    /// <param name="fileIds">Files that go with it.</param>
    public static Answer OfYesNo(string questionId, bool yes, params string[] fileIds) =>
        new() { QuestionId = questionId, Value = new AnswerValue.YesNo(yes), FileIds = fileIds };

    /// <summary>Answers a <see cref="QuestionType.Number"/>.</summary>
    /// <param name="questionId">The question.</param>
    /// <param name="number">The number, in the question's unit.</param>
    /// <param name="fileIds">Files that go with it.</param>
    public static Answer OfNumber(string questionId, decimal number, params string[] fileIds) =>
        new() { QuestionId = questionId, Value = new AnswerValue.Number(number), FileIds = fileIds };

    /// <summary>Answers a <see cref="QuestionType.Date"/>.</summary>
    /// <param name="questionId">The question.</param>
    /// <param name="date">The date.</param>
    /// <param name="fileIds">Files that go with it.</param>
    public static Answer OfDate(string questionId, DateOnly date, params string[] fileIds) =>
        new() { QuestionId = questionId, Value = new AnswerValue.Date(date), FileIds = fileIds };

    /// <summary>Answers a <see cref="QuestionType.SingleChoice"/> (one code) or
    /// <see cref="QuestionType.MultipleChoice"/>.</summary>
    /// <param name="questionId">The question.</param>
    /// <param name="codes">The codes of the choices made.</param>
    /// <param name="fileIds">Files that go with it.</param>
    public static Answer OfChoices(string questionId, IReadOnlyList<string> codes, params string[] fileIds) =>
        new() { QuestionId = questionId, Value = new AnswerValue.Choices(codes), FileIds = fileIds };

    /// <summary>Answers a <see cref="QuestionType.Table"/>.</summary>
    /// <param name="questionId">The question.</param>
    /// <param name="rows">The rows in their order, at most 500; the cells by column id.</param>
    /// <param name="fileIds">Files that go with it.</param>
    public static Answer OfTable(
        string questionId, IReadOnlyList<IReadOnlyDictionary<string, string>> rows, params string[] fileIds) =>
        new() { QuestionId = questionId, Value = new AnswerValue.Table(rows), FileIds = fileIds };

    /// <summary>Answers a <see cref="QuestionType.File"/>.</summary>
    /// <param name="questionId">The question.</param>
    /// <param name="fileIds">The files, at least one.</param>
    public static Answer OfFiles(string questionId, params string[] fileIds) =>
        new() { QuestionId = questionId, FileIds = fileIds };
}

/// <summary>The value of an answer: one of the records nested here.</summary>
public abstract record AnswerValue
{
    private AnswerValue()
    {
    }

    /// <summary>For <see cref="QuestionType.Text"/> and <see cref="QuestionType.LongText"/>.</summary>
    /// <param name="Value">The text.</param>
    public sealed record Text(string Value) : AnswerValue;

    /// <summary>For <see cref="QuestionType.YesNo"/>.</summary>
    /// <param name="Value">Yes or no.</param>
    public sealed record YesNo(bool Value) : AnswerValue;

    /// <summary>For <see cref="QuestionType.Number"/>.</summary>
    /// <param name="Value">The number, in the question's unit.</param>
    public sealed record Number(decimal Value) : AnswerValue;

    /// <summary>For <see cref="QuestionType.Date"/>.</summary>
    /// <param name="Value">The date.</param>
    public sealed record Date(DateOnly Value) : AnswerValue;

    /// <summary>For <see cref="QuestionType.SingleChoice"/> (exactly one) and
    /// <see cref="QuestionType.MultipleChoice"/>.</summary>
    /// <param name="Codes">The codes of the choices made.</param>
    public sealed record Choices(IReadOnlyList<string> Codes) : AnswerValue;

    /// <summary>For <see cref="QuestionType.Table"/>.</summary>
    /// <param name="Rows">The rows in their order; the cells by column id.</param>
    public sealed record Table(IReadOnlyList<IReadOnlyDictionary<string, string>> Rows) : AnswerValue;

    /// <summary>A number or date in the server's own writing, where .NET's type cannot hold it. It can be given back.</summary>
    /// <param name="Type">What it is: <see cref="QuestionType.Number"/> or <see cref="QuestionType.Date"/>.</param>
    /// <param name="Value">The value as the server wrote it.</param>
    public sealed record Raw(QuestionType Type, string Value) : AnswerValue;
}
