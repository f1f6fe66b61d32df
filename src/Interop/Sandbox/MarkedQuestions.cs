using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Sandbox;

/// <summary>
/// Which questions the simulated Customs marks in a correction. A scenario does not know the questionnaire, so it names parts; the
/// submission says which questions those are.
/// </summary>
internal static class MarkedQuestions
{
    /// <summary>Stands for the first question answered in each of parts 3 and 4.</summary>
    public static readonly IReadOnlyList<string> FirstOfParts3And4 = ["3.", "4."];

    /// <summary>
    /// The act with the questions in the place of the parts; with the very first one where those parts have no answer, as where
    /// supplementary material alone was asked for.
    /// </summary>
    public static CustomsAct WithQuestions(this CustomsAct act, SubmissionContent content)
    {
        if (act is not RequireCorrection { QuestionIds: { Count: > 0 } parts } correction
            || content is not QuestionnaireContent { Answers: { Count: > 0 } answers })
            return act;
        var marked = parts.Select(part => answers.FirstOrDefault(answer => answer.Number.StartsWith(part, StringComparison.Ordinal)))
            .OfType<QuestionAnswer>().DefaultIfEmpty(answers[0]);
        return correction with { QuestionIds = [.. marked.Select(answer => answer.QuestionId)] };
    }
}
