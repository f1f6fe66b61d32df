namespace SingleWindowBridge;

/// <summary>Says which question a property answers, for <see cref="AnswerSheet.FillFrom"/>.</summary>
/// <param name="questionId">The question's id.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AnswerToAttribute(string questionId) : Attribute
{
    /// <summary>The question's id.</summary>
    public string QuestionId { get; } = questionId;
}

/// <summary>Says that a property holds the files that go with an answer, for <see cref="AnswerSheet.FillFrom"/>: the id of an
/// uploaded file, a <see cref="StoredFile"/>, an <see cref="UploadedFile"/>, or several of them.</summary>
/// <param name="questionId">The question's id.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AnswerFilesAttribute(string questionId) : Attribute
{
    /// <summary>The question's id.</summary>
    public string QuestionId { get; } = questionId;
}

/// <summary>Says that a property answers no question, and fills no column, for <see cref="AnswerSheet.FillFrom"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotAnAnswerAttribute : Attribute;
