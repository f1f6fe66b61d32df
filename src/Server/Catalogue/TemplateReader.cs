using System.Globalization;
using System.Text.RegularExpressions;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Questionnaires;

namespace SingleWindowBridge.Server.Catalogue;

/// <summary>Makes a questionnaire of its file: puts common sets in, numbers the questions, checks everything.</summary>
/// <param name="file">The file's name, for the faults.</param>
/// <param name="common">The parts' titles and the common sets.</param>
/// <param name="faults">Takes what is wrong.</param>
internal sealed partial class TemplateReader(string file, CommonFile common, List<string> faults)
{
    private readonly Dictionary<string, Question> questions = new(StringComparer.Ordinal);

    /// <summary>Makes the questionnaire; what is wrong with it goes to the faults.</summary>
    public QuestionnaireTemplate Read(TemplateFile content)
    {
        Expect(IdPattern().IsMatch(content.TemplateId), "template_id must be snake_case");
        Expect(content.Version > 0, "version must be 1 or more");
        Expect(content.Title.Fault is null, $"title: {content.Title.Fault}");
        Expect(content.Parts.Count > 0 && content.Parts[^1].PartId == "S", "parts: the last part must be S, the supplementary material");
        Expect(content.Parts.DistinctBy(part => part.PartId).Count() == content.Parts.Count, "parts: a part is there twice");

        var template = new QuestionnaireTemplate
        {
            TemplateId = content.TemplateId, Version = content.Version, Title = content.Title.ToMessage(),
        };
        for (var i = 0; i < content.Parts.Count; i++)
            template.Parts.Add(ReadPart(content.Parts[i], $"parts[{i}]"));
        return template;
    }

    private QuestionnairePart ReadPart(PartEntry entry, string where)
    {
        Expect(common.Parts.TryGetValue(entry.PartId, out var title), $"{where}: part {entry.PartId}: common.json has no title for it");
        var part = new QuestionnairePart { PartId = entry.PartId, Title = title?.ToMessage() };
        for (var i = 0; i < entry.Questions.Count; i++)
        {
            foreach (var (item, path) in Resolve(entry.Questions[i], $"{where}.questions[{i}]"))
            {
                var number = (part.Questions.Count + 1).ToString(CultureInfo.InvariantCulture);
                part.Questions.Add(ReadQuestion(item, $"{entry.PartId}.{number}", path));
            }
        }

        Expect(part.Questions.Count > 0, $"{where}: part {entry.PartId}: has no questions");
        return part;
    }

    private IEnumerable<(QuestionEntry Entry, string Path)> Resolve(QuestionEntry entry, string where)
    {
        if (entry.Include is null)
            return [(entry, where)];
        Expect(entry == new QuestionEntry { Include = entry.Include, Choices = entry.Choices, Columns = entry.Columns },
            $"{where}: include {entry.Include}: stands with members of a question");
        Expect(common.Sets.TryGetValue(entry.Include, out var set), $"{where}: include {entry.Include}: there is no such common set");
        return (set ?? []).Select((item, index) => (item, $"{where}: sets.{entry.Include}[{index}]"));
    }

    private Question ReadQuestion(QuestionEntry entry, string number, string path)
    {
        var id = entry.Id ?? "";
        var known = TryReadType(entry.Type, out var type);
        void Must(bool holds, string fault) => Expect(holds, $"{path}: question {id} ({number}): {fault}");

        Must(IdPattern().IsMatch(id), "id must be snake_case");
        Must(known, $"there is no type {entry.Type}");
        Must(entry.Text is not null, "text is missing");
        Must(entry.Text?.Fault is null, $"text: {entry.Text?.Fault}");
        Must(entry.Help?.Fault is null, $"help: {entry.Help?.Fault}");
        var written = type is QuestionType.Text or QuestionType.LongText or QuestionType.Table;
        Must(written ? entry.MaxLength > 0 : entry.MaxLength == 0, written ? "max_length is missing" : "max_length has no use here");
        Must(type != QuestionType.File || entry.Required == entry.FileRequired, "a FILE is required by both required and file_required");
        LimitRules.Check(entry, type, Must);
        CheckChoices(entry, type, Must);
        CheckColumns(entry, type, Must);
        if (entry.ShownIf is { } condition)
            CheckCondition(condition, Must);

        var question = new Question
        {
            QuestionId = id, Number = number, Type = type, Required = entry.Required, FileRequired = entry.FileRequired,
            Unit = entry.Unit ?? "", MaxLength = entry.MaxLength,
            Text = entry.Text?.ToMessage(), Help = entry.Help?.ToMessage(),
            Choices = { entry.Choices.Select(choice => new Choice { Code = choice.Code, Text = choice.Text.ToMessage() }) },
            Columns = { entry.Columns.Select(ReadColumn) },
            ShownIf = entry.ShownIf is { } shown ? new Condition { QuestionId = shown.QuestionId, Equals_ = shown.Answer } : null,
            NumberLimits = entry.Limits.ToNumberLimits(),
            DateLimits = entry.Limits.ToDateLimits(),
            MaxRows = type == QuestionType.Table ? entry.MaxRows ?? AnswerRules.MaxRows : 0,
            MaxFiles = entry.MaxFiles ?? AnswerRules.MaxFiles,
        };
        Must(questions.TryAdd(id, question), "is there twice");
        return question;
    }

    private static TableColumn ReadColumn(ColumnEntry entry)
    {
        TryReadType(entry.Type ?? "TEXT", out var type);
        return new TableColumn
        {
            ColumnId = entry.Id, Title = entry.Title.ToMessage(), Required = entry.Required, Type = type, Unit = entry.Unit ?? "",
            NumberLimits = entry.Limits.ToNumberLimits(), DateLimits = entry.Limits.ToDateLimits(),
        };
    }

    private static bool TryReadType(string? name, out QuestionType type) =>
        Enum.TryParse(name?.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out type)
        && type != QuestionType.Unspecified && !int.TryParse(name, out _);

    private static void CheckChoices(QuestionEntry entry, QuestionType type, Action<bool, string> must)
    {
        var chosen = type is QuestionType.SingleChoice or QuestionType.MultipleChoice;
        must(chosen ? entry.Choices.Count > 1 : entry.Choices.Count == 0, chosen ? "choices are missing" : "choices have no use here");
        must(entry.Choices.DistinctBy(choice => choice.Code).Count() == entry.Choices.Count, "a choice is there twice");
        foreach (var choice in entry.Choices)
        {
            must(CodePattern().IsMatch(choice.Code), $"choice {choice.Code}: code must be UPPER_SNAKE");
            must(choice.Text.Fault is null, $"choice {choice.Code}: {choice.Text.Fault}");
        }
    }

    private static void CheckColumns(QuestionEntry entry, QuestionType type, Action<bool, string> must)
    {
        var table = type == QuestionType.Table;
        must(table ? entry.Columns.Count > 0 : entry.Columns.Count == 0, table ? "columns are missing" : "columns have no use here");
        must(entry.Columns.DistinctBy(column => column.Id).Count() == entry.Columns.Count, "a column is there twice");
        foreach (var column in entry.Columns)
        {
            must(IdPattern().IsMatch(column.Id), $"column {column.Id}: id must be snake_case");
            must(column.Title.Fault is null, $"column {column.Id}: {column.Title.Fault}");
            var known = TryReadType(column.Type ?? "TEXT", out var cells);
            must(known && cells is QuestionType.Text or QuestionType.Number or QuestionType.Date or QuestionType.YesNo,
                $"column {column.Id}: there are no cells of type {column.Type}");
            LimitRules.Check(column, cells, (holds, fault) => must(holds, $"column {column.Id}: {fault}"));
        }
    }

    private void CheckCondition(ConditionEntry condition, Action<bool, string> must)
    {
        if (!questions.TryGetValue(condition.QuestionId, out var other))
        {
            must(false, $"shown_if: no question {condition.QuestionId} comes before");
            return;
        }

        var possible = other.Type switch
        {
            QuestionType.YesNo => condition.Answer is "true" or "false",
            QuestionType.SingleChoice or QuestionType.MultipleChoice => other.Choices.Any(choice => choice.Code == condition.Answer),
            _ => false,
        };
        must(possible, $"shown_if: {condition.QuestionId} has no choice {condition.Answer}");
    }

    private void Expect(bool holds, string fault)
    {
        if (!holds)
            faults.Add($"{file}: {fault}");
    }

    [GeneratedRegex(@"^[a-z][a-z0-9]*(_[a-z0-9]+)*\z")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*\z")]
    private static partial Regex CodePattern();
}
