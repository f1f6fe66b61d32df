using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>One thing that is wrong with one field of a request.</summary>
/// <param name="Field">The field's path in the request, such as <c>answers[3].number</c>.</param>
/// <param name="Code">What is wrong.</param>
/// <param name="Zh">What to do about it, in Chinese.</param>
/// <param name="En">What to do about it, in English.</param>
public sealed record Problem(string Field, FieldProblemCode Code, string Zh, string En)
{
    /// <summary>The question that it speaks of; null for none.</summary>
    public Question? Question { get; init; }

    /// <summary>The problem as callers see it.</summary>
    /// <param name="withQuestionText">Whether there is room for the question's whole text.</param>
    public FieldProblem ToContract(bool withQuestionText = false) => new()
    {
        Field = Field,
        Code = Code,
        Message = new LocalizedText { Zh = Zh, En = En },
        QuestionId = Question?.QuestionId ?? "",
        QuestionNumber = Question?.Number ?? "",
        QuestionText = withQuestionText ? Question?.Text : null,
    };
}
