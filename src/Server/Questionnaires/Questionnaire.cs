using Google.Protobuf;
using Google.Protobuf.Collections;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Questionnaires;

/// <summary>A case's questionnaire: the template that it was opened with, and the answers as last saved or submitted.</summary>
/// <param name="Template">The questions.</param>
/// <param name="Answers">The answers by question id.</param>
/// <param name="OpenedAt">When Customs opened it, in microseconds.</param>
/// <param name="Wanted">What Customs wants corrected, with the questions as it named them; null for nothing.</param>
public sealed record Questionnaire(
    QuestionnaireTemplate Template, Dictionary<string, Answer> Answers, long OpenedAt, Correction? Wanted)
{
    /// <summary>The answers in the order of the questions.</summary>
    public IEnumerable<Answer> InOrder() =>
        Template.Parts.SelectMany(part => part.Questions).Select(question => Answers.GetValueOrDefault(question.QuestionId)).OfType<Answer>();

    /// <summary>The answers to questions that are shown, in the order of the questions.</summary>
    public IEnumerable<Answer> Shown()
    {
        var shown = AnswerRules.ShownQuestions(Template, Answers);
        return InOrder().Where(answer => shown.Contains(answer.QuestionId));
    }

    /// <summary>How far each part is answered.</summary>
    public IEnumerable<PartProgress> Progress => AnswerRules.Progress(Template, Answers);

    /// <summary>How many bytes the answers take, as the contract encodes them.</summary>
    public int Bytes => ToDocument().CalculateSize();

    /// <summary>What Customs wants corrected, as callers see it; null for nothing.</summary>
    public Correction? ToCorrection()
    {
        if (Wanted is null)
            return null;
        var order = Template.Parts.SelectMany(part => part.Questions).Select(question => question.QuestionId).ToList();
        var correction = Wanted.Clone();
        correction.QuestionIds.Clear();
        correction.QuestionIds.Add(order.Intersect(Wanted.QuestionIds, StringComparer.Ordinal));
        correction.UnknownQuestionIds.Add(Wanted.QuestionIds.Except(order, StringComparer.Ordinal));
        return correction;
    }

    /// <summary>Every file that the answers name.</summary>
    public IReadOnlyCollection<string> FileIds => [.. InOrder().SelectMany(answer => answer.FileIds).Distinct()];

    /// <summary>Puts answers over those before and takes others away.</summary>
    public void Merge(IEnumerable<Answer> answers, IEnumerable<string> cleared)
    {
        foreach (var questionId in cleared)
            Answers.Remove(questionId);
        foreach (var answer in answers)
            Answers[answer.QuestionId] = answer;
    }

    /// <summary>Puts the cells of every row in the order of their columns, so that the same answers always have the same bytes.</summary>
    public static void Normalise(RepeatedField<Answer> answers)
    {
        foreach (var row in answers.Where(answer => answer.ValueCase == Answer.ValueOneofCase.Table).SelectMany(answer => answer.Table.Rows))
        {
            var cells = row.Cells.OrderBy(cell => cell.Key, StringComparer.Ordinal).ToList();
            row.Cells.Clear();
            foreach (var (column, text) in cells)
                row.Cells.Add(column, text);
        }
    }

    /// <summary>Reads a case's questionnaire.</summary>
    /// <exception cref="BridgeException">STAGE_NOT_REACHED: the case ended before it was opened.</exception>
    public static async Task<Questionnaire> ReadAsync(Sql sql, CaseRow @case, OpenedTemplates templates)
    {
        var row = await sql.FindAsync<Row>(
            "SELECT template_id, template_version, template_sha256, opened_at, answers, correction FROM questionnaires WHERE case_id = @CaseId",
            new { @case.CaseId })
            ?? throw @case.NotReached(Stage.Questionnaire);
        var answers = SaveAnswersRequest.Parser.ParseFrom(row.Answers).Answers;
        return new Questionnaire(
            await templates.GetAsync(sql, row.TemplateSha256, row.TemplateId, row.TemplateVersion),
            answers.ToDictionary(answer => answer.QuestionId, StringComparer.Ordinal),
            row.OpenedAt,
            row.Correction is { Length: > 0 } correction ? Correction.Parser.ParseFrom(correction) : null);
    }

    /// <summary>Opens a questionnaire for a case.</summary>
    public static async Task OpenAsync(CaseChange change, QuestionnaireTemplate template) => await change.Sql.PostAsync(
        """
        INSERT INTO questionnaires (case_id, template_id, template_version, opened_at, answers, template_sha256)
        VALUES (@CaseId, @TemplateId, @Version, @at, @answers, @sha256)
        """,
        new
        {
            change.Case.CaseId,
            template.TemplateId,
            template.Version,
            at = change.Now.ToMicroseconds(),
            answers = Array.Empty<byte>(),
            sha256 = await OpenedTemplates.KeepAsync(change.Sql, template),
        });

    /// <summary>Keeps what Customs wants corrected, in the place of what it wanted before.</summary>
    public static Task MarkAsync(CaseChange change)
    {
        var correction = new Correction
        {
            Opinion = change.Opinion, Time = Times.ToTimestamp(change.Now.ToMicroseconds()), QuestionIds = { change.QuestionIds },
        };
        return KeepCorrectionAsync(change, correction.ToByteArray());
    }

    /// <summary>Forgets what Customs wanted corrected: it has an answer to it.</summary>
    public static Task UnmarkAsync(CaseChange change) => KeepCorrectionAsync(change, []);

    /// <summary>Keeps the answers.</summary>
    public Task KeepAsync(CaseChange change) => change.Sql.PostAsync(
        "UPDATE questionnaires SET answers = @answers WHERE case_id = @CaseId",
        new { change.Case.CaseId, answers = ToDocument().ToByteArray() });

    private static Task KeepCorrectionAsync(CaseChange change, byte[] correction) => change.Sql.PostAsync(
        "UPDATE questionnaires SET correction = @correction WHERE case_id = @CaseId", new { change.Case.CaseId, correction });

    private SaveAnswersRequest ToDocument() => new() { Answers = { InOrder() } };

    private sealed class Row
    {
        public string TemplateId { get; init; } = "";

        public int TemplateVersion { get; init; }

        public string TemplateSha256 { get; init; } = "";

        public long OpenedAt { get; init; }

        public byte[] Answers { get; init; } = [];

        public byte[] Correction { get; init; } = [];
    }
}
