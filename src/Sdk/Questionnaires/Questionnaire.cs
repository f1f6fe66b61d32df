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

    /// <summary>The answer to one question, or null where there is none yet.</summary>
    /// <param name="questionId">The question's id.</param>
    public Answer? AnswerTo(string questionId) => Answers.FirstOrDefault(answer => answer.QuestionId == questionId);
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
}

/// <summary>One thing that can be chosen.</summary>
/// <param name="Code">Its code, given back in answers.</param>
/// <param name="Text">What a person reads.</param>
public sealed record Choice(string Code, LocalizedText Text);

/// <summary>One column of a table.</summary>
/// <param name="Id">Its id within the question.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Required">Whether every row must fill it.</param>
public sealed record TableColumn(string Id, LocalizedText Title, bool Required);

/// <summary>A condition on another answer of the same questionnaire.</summary>
/// <param name="QuestionId">The other question.</param>
/// <param name="EqualTo">The answer that it must have: a choice's code, or "true" or "false" for yes and no.</param>
public sealed record Condition(string QuestionId, string EqualTo);
