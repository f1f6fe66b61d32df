namespace SingleWindowBridge;

/// <summary>A case's questionnaire: the questions that it was opened with, and the answers as last saved or submitted.</summary>
public sealed record Questionnaire
{
    /// <summary>The case.</summary>
    public required Case Case { get; init; }

    /// <summary>The questions.</summary>
    public required QuestionnaireTemplate Template { get; init; }

    /// <summary>The answers, in the order of the questions.</summary>
    public IReadOnlyList<Answer> Answers { get; init; } = [];

    /// <summary>The files that the answers name.</summary>
    public IReadOnlyList<StoredFile> Files { get; init; } = [];

    /// <summary>When Customs opened the questionnaire.</summary>
    public DateTimeOffset? OpenTime { get; init; }

    /// <summary>How far each part is answered, in the order of the parts.</summary>
    public IReadOnlyList<PartProgress> Progress { get; init; } = [];

    /// <summary>What Customs wants corrected; null where it wants nothing.</summary>
    public Correction? Correction { get; init; }

    /// <summary>The answer to one question, or null where there is none yet.</summary>
    /// <param name="questionId">The question's id.</param>
    public Answer? AnswerTo(string questionId) => Answers.FirstOrDefault(answer => answer.QuestionId == questionId);
}

/// <summary>How far one part of a questionnaire is answered. Counted are the questions that are shown with the answers as they
/// are.</summary>
public sealed record PartProgress
{
    /// <summary>The part's id: "1" to "5", or "S" for the supplementary material.</summary>
    public required string PartId { get; init; }

    /// <summary>How many questions are shown.</summary>
    public int Questions { get; init; }

    /// <summary>How many of them have an answer or a file.</summary>
    public int Answered { get; init; }

    /// <summary>How many of them must have an answer, a file or both to submit.</summary>
    public int Required { get; init; }

    /// <summary>How many questions lack something that a submission must have: 0 in every part means that it may be
    /// submitted, as far as completeness goes.</summary>
    public int Missing { get; init; }
}

/// <summary>What Customs wants corrected in a questionnaire (补齐补正). It stands from <see cref="Status.CorrectionRequired"/>
/// until Customs has received the next submission.</summary>
public sealed record Correction
{
    /// <summary>Customs' opinion, as it came.</summary>
    public string Opinion { get; init; } = "";

    /// <summary>When the bridge took it in.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>The questions that Customs marked, in the order of the questionnaire; empty where it marked none.</summary>
    public IReadOnlyList<string> QuestionIds { get; init; } = [];

    /// <summary>What Customs marked and the questionnaire does not have, as it came.</summary>
    public IReadOnlyList<string> UnknownQuestionIds { get; init; } = [];
}

/// <summary>What the check of a questionnaire found.</summary>
public sealed record AnswersCheck
{
    /// <summary>The case as it stands.</summary>
    public required Case Case { get; init; }

    /// <summary>All that a submission would be refused for, in the order of the questions; each names its question by id, number
    /// and text.</summary>
    public IReadOnlyList<FieldProblem> Problems { get; init; } = [];

    /// <summary>How far each part would be answered.</summary>
    public IReadOnlyList<PartProgress> Progress { get; init; } = [];

    /// <summary>Whether the answers could be submitted.</summary>
    public bool IsComplete => Problems.Count == 0;
}

/// <summary>A questionnaire's questions, one version of one template. A case keeps the version it was opened with.</summary>
public sealed record QuestionnaireTemplate
{
    /// <summary>The template's id, such as "aquatic"; "supplementary" for the categories that have no questionnaire of their
    /// own.</summary>
    public required string Id { get; init; }

    /// <summary>The version, from 1.</summary>
    public int Version { get; init; }

    /// <summary>The title.</summary>
    public LocalizedText Title { get; init; } = LocalizedText.Empty;

    /// <summary>The parts in their order, the supplementary material (补充材料) last.</summary>
    public IReadOnlyList<QuestionnairePart> Parts { get; init; } = [];

    /// <summary>All questions of all parts, in their order.</summary>
    public IEnumerable<Question> Questions => Parts.SelectMany(part => part.Questions);
}

/// <summary>One part of a questionnaire.</summary>
public sealed record QuestionnairePart
{
    /// <summary>The part's id: "1" to "5", or "S" for the supplementary material.</summary>
    public required string Id { get; init; }

    /// <summary>The title.</summary>
    public LocalizedText Title { get; init; } = LocalizedText.Empty;

    /// <summary>The questions in their order.</summary>
    public IReadOnlyList<Question> Questions { get; init; } = [];
}

/// <summary>One question.</summary>
public sealed record Question
{
    /// <summary>The question's id within its template; the same in later versions while the question means the same.</summary>
    public required string Id { get; init; }

    /// <summary>The number that a person sees, such as "3.12".</summary>
    public string Number { get; init; } = "";

    /// <summary>The question.</summary>
    public LocalizedText Text { get; init; } = LocalizedText.Empty;

    /// <summary>What a good answer holds; may be empty.</summary>
    public LocalizedText Help { get; init; } = LocalizedText.Empty;

    /// <summary>How it is answered.</summary>
    public QuestionType Type { get; init; }

    /// <summary>Whether an answer must be there to submit, if the question is shown.</summary>
    public bool Required { get; init; }

    /// <summary>Whether at least one file must be there to submit, if the question is shown.</summary>
    public bool FileRequired { get; init; }

    /// <summary>What can be chosen, for <see cref="QuestionType.SingleChoice"/> and
    /// <see cref="QuestionType.MultipleChoice"/>.</summary>
    public IReadOnlyList<Choice> Choices { get; init; } = [];

    /// <summary>The unit of a <see cref="QuestionType.Number"/>, such as "t"; null for none.</summary>
    public string? Unit { get; init; }

    /// <summary>The most characters that a text or table cell may have; 0 where it does not apply.</summary>
    public int MaxLength { get; init; }

    /// <summary>The columns of a <see cref="QuestionType.Table"/>.</summary>
    public IReadOnlyList<TableColumn> Columns { get; init; } = [];

    /// <summary>The question is shown only if this holds; null for always.</summary>
    public Condition? ShownIf { get; init; }

    /// <summary>What a <see cref="QuestionType.Number"/> must keep to; null for nothing but being a number.</summary>
    public NumberLimits? NumberLimits { get; init; }

    /// <summary>What a <see cref="QuestionType.Date"/> must keep to; null for nothing but being a date.</summary>
    public DateLimits? DateLimits { get; init; }

    /// <summary>The most rows that a <see cref="QuestionType.Table"/> may have; 0 where it does not apply.</summary>
    public int MaxRows { get; init; }

    /// <summary>The most files that may go with the answer.</summary>
    public int MaxFiles { get; init; } = 20;
}

/// <summary>What a number must keep to.</summary>
/// <param name="Min">The smallest number allowed; null for any.</param>
/// <param name="Max">The largest number allowed; null for any.</param>
/// <param name="MaxDecimals">The most digits after the point; null for 9.</param>
public sealed record NumberLimits(decimal? Min, decimal? Max, int? MaxDecimals);

/// <summary>What a date must keep to.</summary>
/// <param name="Earliest">The earliest date allowed; null for any.</param>
/// <param name="Latest">The latest date allowed; null for any.</param>
/// <param name="NotInFuture">Whether the date may not lie in the future.</param>
public sealed record DateLimits(DateOnly? Earliest, DateOnly? Latest, bool NotInFuture);

/// <summary>One thing that can be chosen.</summary>
/// <param name="Code">Its code, given back in answers.</param>
/// <param name="Text">What a person reads.</param>
public sealed record Choice(string Code, LocalizedText Text);

/// <summary>One column of a table.</summary>
/// <param name="Id">Its id within the question.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Required">Whether every row must fill it.</param>
public sealed record TableColumn(string Id, LocalizedText Title, bool Required)
{
    /// <summary>What its cells hold: <see cref="QuestionType.Text"/>, <see cref="QuestionType.Number"/>,
    /// <see cref="QuestionType.Date"/> (YYYY-MM-DD) or <see cref="QuestionType.YesNo"/> (true or false).</summary>
    public QuestionType Type { get; init; } = QuestionType.Text;

    /// <summary>The unit of a <see cref="QuestionType.Number"/>, such as "t"; null for none.</summary>
    public string? Unit { get; init; }

    /// <summary>What a <see cref="QuestionType.Number"/> must keep to; null for nothing but being a number.</summary>
    public NumberLimits? NumberLimits { get; init; }

    /// <summary>What a <see cref="QuestionType.Date"/> must keep to; null for nothing but being a date.</summary>
    public DateLimits? DateLimits { get; init; }
}

/// <summary>A condition on another answer of the same questionnaire.</summary>
/// <param name="QuestionId">The other question.</param>
/// <param name="EqualTo">The answer that it must have: a choice's code, or "true" or "false" for yes and no.</param>
public sealed record Condition(string QuestionId, string EqualTo);
