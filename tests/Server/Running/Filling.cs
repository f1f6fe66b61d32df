using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>Fills questionnaires as shortly as they let themselves be filled.</summary>
public static class Filling
{
    /// <summary>An answer to every question that must be answered; yes-or-no questions with no, so that what hangs on a yes is not shown.</summary>
    public static IEnumerable<Answer> Of(QuestionnaireTemplate template, string fileId) =>
        from part in template.Parts
        from question in part.Questions
        where (question.Required || question.FileRequired) && question.ShownIf is null
        select Of(question, fileId);

    /// <summary>A number within the limits.</summary>
    public static string ANumber(NumberLimits? limits) => limits switch
    {
        { Min.Length: > 0 } => limits.Min,
        { HasMaxDecimals: true } => "12",
        _ => "12.5",
    };

    /// <summary>Something that may stand in a cell of the column.</summary>
    public static string ACell(TableColumn column) => column.Type switch
    {
        QuestionType.Number => ANumber(column.NumberLimits),
        QuestionType.Date => "2024-02-29",
        QuestionType.YesNo => "true",
        _ => "1",
    };

    private static Answer Of(Question question, string fileId)
    {
        var answer = new Answer { QuestionId = question.QuestionId };
        if (question.FileRequired || question.Type == QuestionType.File)
            answer.FileIds.Add(fileId);
        switch (question.Type)
        {
            case QuestionType.Text or QuestionType.LongText:
                answer.Text = "有 / yes";
                break;
            case QuestionType.YesNo:
                answer.YesNo = false;
                break;
            case QuestionType.Number:
                answer.Number = ANumber(question.NumberLimits);
                break;
            case QuestionType.Date:
                answer.Date = "2024-02-29";
                break;
            case QuestionType.SingleChoice or QuestionType.MultipleChoice:
                answer.Choices = new ChoiceAnswer { Codes = { question.Choices[0].Code } };
                break;
            case QuestionType.Table:
                var row = new TableRow();
                foreach (var column in question.Columns)
                    row.Cells.Add(column.ColumnId, ACell(column));
                answer.Table = new TableAnswer { Rows = { row } };
                break;
            default:
                break;
        }

        return answer;
    }
}
