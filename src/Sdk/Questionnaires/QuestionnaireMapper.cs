using System.Globalization;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Between the contract's questionnaires and ours.</summary>
internal static class QuestionnaireMapper
{
    private const string DateFormat = "yyyy-MM-dd";
    private const NumberStyles DigitsSignAndPoint = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    public static Questionnaire ToModel(this Wire.GetQuestionnaireResponse wire) => new()
    {
        Case = wire.Case.OrNone(),
        Template = wire.Template?.ToModel() ?? new QuestionnaireTemplate { Id = "" },
        Answers = wire.Answers.MapAll(ToModel),
        Files = wire.Files.MapAll(FileMapper.ToModel),
        OpenTime = wire.OpenTime.ToTimeOrNull(),
        Progress = wire.Progress.MapAll(ToModel),
        Correction = wire.Correction is not { } correction ? null : new Correction
        {
            Opinion = correction.Opinion,
            Time = correction.Time.ToTime(),
            QuestionIds = [.. correction.QuestionIds],
            UnknownQuestionIds = [.. correction.UnknownQuestionIds],
        },
    };

    public static PartProgress ToModel(this Wire.PartProgress wire) => new()
    {
        PartId = wire.PartId,
        Questions = wire.Questions,
        Answered = wire.Answered,
        Required = wire.Required,
        Missing = wire.Missing,
    };

    public static QuestionnaireTemplate ToModel(this Wire.QuestionnaireTemplate wire) => new()
    {
        Id = wire.TemplateId,
        Version = wire.Version,
        Title = wire.Title.ToText(),
        Parts = wire.Parts.MapAll(part => new QuestionnairePart
        {
            Id = part.PartId,
            Title = part.Title.ToText(),
            Questions = part.Questions.MapAll(ToModel),
        }),
    };

    public static Answer ToModel(this Wire.Answer wire) => new()
    {
        QuestionId = wire.QuestionId,
        Value = wire.ValueCase switch
        {
            Wire.Answer.ValueOneofCase.Text => new AnswerValue.Text(wire.Text),
            Wire.Answer.ValueOneofCase.YesNo => new AnswerValue.YesNo(wire.YesNo),
            Wire.Answer.ValueOneofCase.Number => ToNumber(wire.Number),
            Wire.Answer.ValueOneofCase.Date => ToDate(wire.Date),
            Wire.Answer.ValueOneofCase.Choices => new AnswerValue.Choices([.. wire.Choices.Codes]),
            Wire.Answer.ValueOneofCase.Table => new AnswerValue.Table(wire.Table.Rows.MapAll(ToCells)),
            _ => null,
        },
        FileIds = [.. wire.FileIds],
    };

    public static Wire.Answer ToWire(this Answer model)
    {
        var wire = new Wire.Answer { QuestionId = model.QuestionId, FileIds = { model.FileIds } };
        switch (model.Value)
        {
            case AnswerValue.Text text:
                wire.Text = text.Value;
                break;
            case AnswerValue.YesNo yesNo:
                wire.YesNo = yesNo.Value;
                break;
            case AnswerValue.Number number:
                wire.Number = number.Value.ToString(CultureInfo.InvariantCulture);
                break;
            case AnswerValue.Date date:
                wire.Date = date.Value.ToString(DateFormat, CultureInfo.InvariantCulture);
                break;
            case AnswerValue.Raw { Type: QuestionType.Number } raw:
                wire.Number = raw.Value;
                break;
            case AnswerValue.Raw raw:
                wire.Date = raw.Value;
                break;
            case AnswerValue.Choices choices:
                wire.Choices = new Wire.ChoiceAnswer { Codes = { choices.Codes } };
                break;
            case AnswerValue.Table table:
                wire.Table = new Wire.TableAnswer { Rows = { table.Rows.Select(ToRow) } };
                break;
        }

        return wire;
    }

    private static Question ToModel(this Wire.Question wire) => new()
    {
        Id = wire.QuestionId,
        Number = wire.Number,
        Text = wire.Text.ToText(),
        Help = wire.Help.ToText(),
        Type = (QuestionType)wire.Type,
        Required = wire.Required,
        FileRequired = wire.FileRequired,
        Choices = wire.Choices.MapAll(choice => new Choice(choice.Code, choice.Text.ToText())),
        Unit = wire.Unit.NullIfEmpty(),
        MaxLength = wire.MaxLength,
        Columns = wire.Columns.MapAll(ToModel),
        ShownIf = wire.ShownIf is { } condition ? new Condition(condition.QuestionId, condition.Equals_) : null,
        NumberLimits = wire.NumberLimits.ToModel(),
        DateLimits = wire.DateLimits.ToModel(),
        MaxRows = wire.MaxRows > 0 || wire.Type != Wire.QuestionType.Table ? wire.MaxRows : 500,
        MaxFiles = wire.MaxFiles > 0 ? wire.MaxFiles : 20,
    };

    private static TableColumn ToModel(this Wire.TableColumn wire) => new(wire.ColumnId, wire.Title.ToText(), wire.Required)
    {
        Type = wire.Type == Wire.QuestionType.Unspecified ? QuestionType.Text : (QuestionType)wire.Type,
        Unit = wire.Unit.NullIfEmpty(),
        NumberLimits = wire.NumberLimits.ToModel(),
        DateLimits = wire.DateLimits.ToModel(),
    };

    private static NumberLimits? ToModel(this Wire.NumberLimits? wire) => wire is null ? null : new NumberLimits(
        (ToNumber(wire.Min) as AnswerValue.Number)?.Value,
        (ToNumber(wire.Max) as AnswerValue.Number)?.Value,
        wire.HasMaxDecimals ? wire.MaxDecimals : null);

    private static DateLimits? ToModel(this Wire.DateLimits? wire) => wire is null ? null : new DateLimits(
        (ToDate(wire.Earliest) as AnswerValue.Date)?.Value, (ToDate(wire.Latest) as AnswerValue.Date)?.Value, wire.NotInFuture);

    private static AnswerValue ToNumber(string text) =>
        decimal.TryParse(text, DigitsSignAndPoint, CultureInfo.InvariantCulture, out var number)
            ? new AnswerValue.Number(number)
            : new AnswerValue.Raw(QuestionType.Number, text);

    private static AnswerValue ToDate(string text) =>
        DateOnly.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new AnswerValue.Date(date)
            : new AnswerValue.Raw(QuestionType.Date, text);

    private static IReadOnlyDictionary<string, string> ToCells(Wire.TableRow row) => new Dictionary<string, string>(row.Cells);

    private static Wire.TableRow ToRow(IReadOnlyDictionary<string, string> cells)
    {
        var row = new Wire.TableRow();
        foreach (var (column, text) in cells)
            row.Cells.Add(column, text);
        return row;
    }
}
