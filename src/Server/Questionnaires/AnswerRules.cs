using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Questionnaires;

/// <summary>Checks answers against a questionnaire. Whether the files named exist is checked elsewhere.</summary>
public static class AnswerRules
{
    /// <summary>The most rows that a table may have.</summary>
    public const int MaxRows = 500;

    /// <summary>The most files that an answer may have.</summary>
    public const int MaxFiles = 20;

    /// <summary>The most that all answers of a questionnaire may take together, in bytes as the contract encodes them.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>
    /// Checks the answers of a request to save: they may be incomplete, but what is there must be right.
    /// The fields are named by place, such as <c>answers[3].number</c>.
    /// </summary>
    public static IReadOnlyList<Problem> CheckDraft(QuestionnaireTemplate template, IReadOnlyList<Answer> answers, DateTimeOffset now)
    {
        var questions = ById(template);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var problems = new List<Problem>();
        for (var i = 0; i < answers.Count; i++)
            if (Find(questions, seen, answers[i], $"answers[{i}]", problems) is { } question)
                problems.AddRange(new AnswerCheck(question, answers[i], $"answers[{i}]").Problems(now));
        return problems;
    }

    /// <summary>
    /// Checks which answers a request to save takes away: each a question of the questionnaire, once, and not answered as well.
    /// </summary>
    public static IReadOnlyList<Problem> CheckCleared(
        QuestionnaireTemplate template, IReadOnlyList<string> clearedQuestionIds, IReadOnlyList<Answer> answers)
    {
        var questions = ById(template);
        var taken = answers.Select(answer => answer.QuestionId).ToHashSet(StringComparer.Ordinal);
        var problems = new List<Problem>();
        for (var i = 0; i < clearedQuestionIds.Count; i++)
        {
            var field = $"cleared_question_ids[{i}]";
            if (!questions.TryGetValue(clearedQuestionIds[i], out var question))
                problems.Add(UnknownQuestion(field));
            else if (!taken.Add(question.QuestionId))
                problems.Add(new Problem(field, FieldProblemCode.Duplicate,
                    $"问题{question.Number}在本次请求中已回答或已清除，请只保留一处。",
                    $"Question {question.Number} is answered or cleared already in this request; name it once.")
                {
                    Question = question,
                });
        }

        return problems;
    }

    /// <summary>
    /// Checks all answers of a questionnaire before it is submitted: every question that is shown and required must have its answer and
    /// its files. Answers to questions that are not shown are passed over.
    /// The fields are named by question, such as <c>answers[question_id=export_products].table.rows[0]</c>.
    /// </summary>
    public static IReadOnlyList<Problem> CheckComplete(QuestionnaireTemplate template, IReadOnlyList<Answer> answers, DateTimeOffset now)
    {
        var questions = ById(template);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var given = new Dictionary<string, Answer>(StringComparer.Ordinal);
        var problems = new List<Problem>();
        foreach (var answer in answers)
            if (Find(questions, seen, answer, $"answers[question_id={answer.QuestionId}]", problems) is { } question)
                given.Add(question.QuestionId, answer);

        var shown = ShownQuestions(template, given);
        foreach (var question in Questions(template).Where(question => shown.Contains(question.QuestionId)))
        {
            var field = $"answers[question_id={question.QuestionId}]";
            var check = new AnswerCheck(question, given.GetValueOrDefault(question.QuestionId) ?? new Answer(), field);
            problems.AddRange(check.Problems(now));
            problems.AddRange(check.Gaps());
        }

        return problems;
    }

    /// <summary>Tells how far each part is answered: what is shown, answered, required and missing.</summary>
    public static IEnumerable<PartProgress> Progress(QuestionnaireTemplate template, IReadOnlyDictionary<string, Answer> answers)
    {
        var shown = ShownQuestions(template, answers);
        foreach (var part in template.Parts)
        {
            var progress = new PartProgress { PartId = part.PartId };
            foreach (var question in part.Questions.Where(question => shown.Contains(question.QuestionId)))
            {
                var check = new AnswerCheck(question, answers.GetValueOrDefault(question.QuestionId) ?? new Answer(), "");
                progress.Questions++;
                progress.Answered += check.IsAnswered ? 1 : 0;
                progress.Required += question.Required || question.FileRequired ? 1 : 0;
                progress.Missing += check.Gaps().Any() ? 1 : 0;
            }

            yield return progress;
        }
    }

    /// <summary>Gives the ids of the questions that are shown with these answers.</summary>
    public static IReadOnlySet<string> ShownQuestions(QuestionnaireTemplate template, IReadOnlyDictionary<string, Answer> answers)
    {
        // A condition names an earlier question, so one pass is enough; a question that hangs on a hidden one is hidden too.
        var shown = new HashSet<string>(StringComparer.Ordinal);
        foreach (var question in Questions(template))
        {
            if (question.ShownIf is not { } condition
                || (shown.Contains(condition.QuestionId) && Holds(condition, answers.GetValueOrDefault(condition.QuestionId))))
                shown.Add(question.QuestionId);
        }

        return shown;
    }

    private static bool Holds(Condition condition, Answer? answer) => answer?.ValueCase switch
    {
        Answer.ValueOneofCase.YesNo => condition.Equals_ == (answer.YesNo ? "true" : "false"),
        Answer.ValueOneofCase.Choices => answer.Choices.Codes.Contains(condition.Equals_),
        _ => false,
    };

    private static IEnumerable<Question> Questions(QuestionnaireTemplate template) => template.Parts.SelectMany(part => part.Questions);

    private static Dictionary<string, Question> ById(QuestionnaireTemplate template) =>
        Questions(template).ToDictionary(question => question.QuestionId, StringComparer.Ordinal);

    private static Question? Find(
        Dictionary<string, Question> questions, HashSet<string> seen, Answer answer, string field, List<Problem> problems)
    {
        if (!questions.TryGetValue(answer.QuestionId, out var question))
        {
            problems.Add(UnknownQuestion(field + ".question_id"));
            return null;
        }

        if (seen.Add(question.QuestionId))
            return question;
        problems.Add(new Problem(field + ".question_id", FieldProblemCode.Duplicate,
            $"问题{question.Number}有多个答案，请只保留一个。", $"Question {question.Number} is answered more than once; keep one answer.")
        {
            Question = question,
        });
        return null;
    }

    private static Problem UnknownQuestion(string field) => new(field, FieldProblemCode.UnknownValue,
        "该问卷没有此问题，请使用问卷模板中的问题编号。", "The questionnaire has no such question; use the question ids of its template.");
}
