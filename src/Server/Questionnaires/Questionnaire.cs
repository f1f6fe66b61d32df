using Google.Protobuf;
using Google.Protobuf.Collections;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Questionnaires;

/// <summary>A case's questionnaire: the template that it was opened with, and the answers as last saved or submitted.</summary>
/// <param name="Template">The questions.</param>
/// <param name="Answers">The answers by question id.</param>
/// <param name="OpenedAt">When Customs opened it, in microseconds.</param>
public sealed record Questionnaire(QuestionnaireTemplate Template, Dictionary<string, Answer> Answers, long OpenedAt)
{
    /// <summary>The answers in the order of the questions.</summary>
    public IEnumerable<Answer> InOrder() =>
        Template.Parts.SelectMany(part => part.Questions).Select(question => Answers.GetValueOrDefault(question.QuestionId)).OfType<Answer>();

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
    public static async Task<Questionnaire> ReadAsync(Sql sql, CaseRow @case, QuestionnaireTemplates templates)
    {
        var row = await sql.FindAsync<Row>(
            "SELECT template_id, template_version, opened_at, answers FROM questionnaires WHERE case_id = @CaseId", new { @case.CaseId })
            ?? throw @case.NotReached(Stage.Questionnaire);
        var answers = SaveAnswersRequest.Parser.ParseFrom(row.Answers).Answers;
        return new Questionnaire(
            templates.Get(row.TemplateId, row.TemplateVersion), answers.ToDictionary(answer => answer.QuestionId), row.OpenedAt);
    }

    /// <summary>Opens a questionnaire for a case.</summary>
    public static Task OpenAsync(CaseChange change, QuestionnaireTemplate template) => change.Sql.ExecuteAsync(
        """
        INSERT INTO questionnaires (case_id, template_id, template_version, opened_at, answers)
        VALUES (@CaseId, @TemplateId, @Version, @at, @answers)
        """,
        new
        {
            change.Case.CaseId,
            template.TemplateId,
            template.Version,
            at = change.Now.ToMicroseconds(),
            answers = Array.Empty<byte>(),
        });

    /// <summary>Keeps the answers.</summary>
    public Task KeepAsync(CaseChange change) => change.Sql.ExecuteAsync(
        "UPDATE questionnaires SET answers = @answers WHERE case_id = @CaseId",
        new { change.Case.CaseId, answers = new SaveAnswersRequest { Answers = { InOrder() } }.ToByteArray() });

    private sealed class Row
    {
        public string TemplateId { get; init; } = "";

        public int TemplateVersion { get; init; }

        public long OpenedAt { get; init; }

        public byte[] Answers { get; init; } = [];
    }
}
