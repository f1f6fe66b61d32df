namespace SingleWindowBridge;

/// <summary>
/// The answers to one questionnaire on the side of the authority, to be filled by a program: from a dictionary, an object, JSON or a
/// table (CSV). Makes no call. Whatever fills it fills it whole or not at all; what does not fit is told by question.
/// </summary>
/// <remarks>It is not safe to use one sheet from several threads at once.</remarks>
public sealed partial class AnswerSheet
{
    private readonly Dictionary<string, Question> _questions;
    private readonly Dictionary<string, Answer> _saved;
    private Dictionary<string, Answer> _answers;

    /// <summary>Makes an empty sheet.</summary>
    /// <param name="template">The questions.</param>
    public AnswerSheet(QuestionnaireTemplate template)
        : this(template, [])
    {
    }

    private AnswerSheet(QuestionnaireTemplate template, IEnumerable<Answer> saved)
    {
        ArgumentNullException.ThrowIfNull(template);
        Template = template;
        _questions = template.Questions.ToDictionary(question => question.Id, StringComparer.Ordinal);
        _saved = saved.ToDictionary(answer => answer.QuestionId, StringComparer.Ordinal);
        _answers = new Dictionary<string, Answer>(_saved, StringComparer.Ordinal);
    }

    /// <summary>The questions.</summary>
    public QuestionnaireTemplate Template { get; }

    /// <summary>The answers, in the order of the questions. Give them to <see cref="IQuestionnaires.SubmitAsync"/> or
    /// <see cref="IQuestionnaires.ValidateAsync"/>.</summary>
    public IReadOnlyList<Answer> Answers =>
        [.. Template.Questions.Select(question => _answers.GetValueOrDefault(question.Id)).OfType<Answer>()];

    /// <summary>What has changed since the sheet was made of a questionnaire: what <see cref="IQuestionnaires.SaveAsync"/> has to
    /// be given. Of a sheet that was made empty, all answers.</summary>
    public AnswerChanges Changes => new(
        [.. Answers.Where(answer => !_saved.TryGetValue(answer.QuestionId, out var before) || !Same(answer, before))],
        [.. Template.Questions.Select(question => question.Id).Where(id => _saved.ContainsKey(id) && !_answers.ContainsKey(id))]);

    /// <summary>Makes a sheet of a case's questionnaire, with the answers that are there.</summary>
    /// <param name="questionnaire">The questionnaire.</param>
    public static AnswerSheet Of(Questionnaire questionnaire)
    {
        ArgumentNullException.ThrowIfNull(questionnaire);
        return new AnswerSheet(questionnaire.Template, questionnaire.Answers);
    }

    /// <summary>The answer to one question; null where there is none.</summary>
    /// <param name="questionId">The question's id.</param>
    public Answer? AnswerTo(string questionId) => _answers.GetValueOrDefault(questionId);

    /// <summary>Answers one question; see <see cref="Fill"/> for the values that each type takes.</summary>
    /// <param name="questionId">The question's id.</param>
    /// <param name="value">The value; null takes the answer away.</param>
    /// <exception cref="AnswerSheetException">There is no such question, or the value is not of its type.</exception>
    public AnswerSheet Set(string questionId, object? value) => Fill([new(questionId, value)]);

    /// <summary>Answers one question, in the place of the answer before.</summary>
    /// <param name="answer">The answer.</param>
    /// <exception cref="AnswerSheetException">There is no such question, or the value is not of its type.</exception>
    public AnswerSheet Set(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Set(answer.QuestionId, answer);
    }

    /// <summary>
    /// Answers questions by their ids; other answers stay. A value is converted to the question's type:
    /// <list type="bullet">
    /// <item>text: a string, or what has an invariant text, such as a number;</item>
    /// <item>yes or no: a bool, or "true", "false", "yes", "no", "是", "否";</item>
    /// <item>number: any number of .NET, or its digits as a string, with a point;</item>
    /// <item>date: a <see cref="DateOnly"/>, a <see cref="DateTime"/> or <see cref="DateTimeOffset"/> (its own calendar day), or
    /// "YYYY-MM-DD";</item>
    /// <item>choice: a code, an enum value (its name as a code: <c>HotAir</c> is HOT_AIR), or several of them;</item>
    /// <item>table: rows, each a dictionary by column id or an object with a property a column (<c>NameEn</c> is name_en);</item>
    /// <item>file: the id of an uploaded file, a <see cref="StoredFile"/>, an <see cref="UploadedFile"/>, or several of them;</item>
    /// <item>any: an <see cref="Answer"/>, an <see cref="AnswerValue"/>, or a <see cref="WithFiles"/>, for a value and files.</item>
    /// </list>
    /// A null takes the answer away. A value alone keeps the files that are there.
    /// </summary>
    /// <param name="values">The values by question id.</param>
    /// <exception cref="AnswerSheetException">Questions there are not, or values not of their type; all are listed, and the sheet
    /// is as before.</exception>
    public AnswerSheet Fill(IEnumerable<KeyValuePair<string, object?>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var problems = new SheetProblems();
        var filled = new Dictionary<string, Answer>(_answers, StringComparer.Ordinal);
        foreach (var (id, value) in values)
        {
            if (!_questions.TryGetValue(id, out var question))
                problems.Add(null, new($"问卷没有问题“{id}”", $"the questionnaire has no question {id}"), new SheetPlace { QuestionId = id });
            else if (AnswerConverter.Convert(question, value, filled.GetValueOrDefault(id), problems) is { } answer)
                filled[id] = answer;
            else
                filled.Remove(id);
        }

        problems.ThrowIfAny();
        _answers = filled;
        return this;
    }

    /// <summary>
    /// Answers questions from the properties of an object: <c>AuthorityStaff</c> answers authority_staff, unless an
    /// <see cref="AnswerToAttribute"/> says otherwise; one with an <see cref="AnswerFilesAttribute"/> gives files to go with an
    /// answer; one with a <see cref="NotAnAnswerAttribute"/> is passed over. Values are converted as by <see cref="Fill"/>.
    /// </summary>
    /// <param name="source">The object; an anonymous one will do.</param>
    /// <exception cref="AnswerSheetException">Properties that answer no question, or values not of their type; all are listed,
    /// and the sheet is as before.</exception>
    public AnswerSheet FillFrom(object source) => Fill(ObjectReader.Read(source));

    internal static bool Same(Answer one, Answer other) => one.ToWire().Equals(other.ToWire());

    // What was read from a file takes the place of the answers to the questions that the file has.
    private void Take(IEnumerable<(Question Question, Answer? Answer)> read)
    {
        foreach (var (question, answer) in read)
        {
            if (answer is null)
                _answers.Remove(question.Id);
            else
                _answers[question.Id] = answer;
        }
    }
}

/// <summary>What has changed in an answer sheet: what a save has to be given.</summary>
/// <param name="Answers">The answers that are new or other than before.</param>
/// <param name="ClearedQuestionIds">The questions whose answers are gone.</param>
public sealed record AnswerChanges(IReadOnlyList<Answer> Answers, IReadOnlyList<string> ClearedQuestionIds)
{
    /// <summary>Whether nothing has changed.</summary>
    public bool IsEmpty => Answers.Count == 0 && ClearedQuestionIds.Count == 0;
}

/// <summary>A value for <see cref="AnswerSheet.Fill"/> with the files that go with it.</summary>
/// <param name="Value">The value; null where only files answer the question.</param>
/// <param name="FileIds">The ids of uploaded files.</param>
public sealed record WithFiles(object? Value, params IReadOnlyList<string> FileIds);
