using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SingleWindowBridge;

// As JSON: one object a question, by its id, with what the question asks beside the value.
public sealed partial class AnswerSheet
{
    private const string JsonFormat = "singlewindow.answer-sheet/1";

    // Readable for people: the texts are Chinese, and the file is no part of a web page.
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes the sheet as JSON: under <c>answers</c> an object for every question by its id, with <c>value</c> and
    /// <c>file_ids</c> to fill, and beside them <c>question</c>: number, type, texts, choices, columns and limits, which a reading
    /// passes over. Values are a string for texts, dates (YYYY-MM-DD) and one choice; true or false; a number; an array of codes;
    /// an array of objects by column id; null for no answer.
    /// </summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            json.WriteString("format", JsonFormat);
            json.WriteString("template_id", Template.Id);
            json.WriteNumber("template_version", Template.Version);
            json.WriteStartObject("answers");
            foreach (var question in Template.Questions)
                WriteEntry(json, question, _answers.GetValueOrDefault(question.Id));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Reads answers from JSON in the form of <see cref="ToJson"/>. Questions that it does not have keep their answers; a
    /// value of null without files takes the answer away. In the place of an entry's object the bare value may stand.</summary>
    /// <param name="json">The text.</param>
    /// <exception cref="AnswerSheetException">It is no such JSON, or of another questionnaire or version, or answers do not fit;
    /// all is listed, and the sheet is as before.</exception>
    public AnswerSheet ReadJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var problems = new SheetProblems();
        var read = new List<(Question, Answer?)>();
        try
        {
            using var document = JsonDocument.Parse(json);
            ReadSheet(document.RootElement, read, problems);
        }
        catch (JsonException fault)
        {
            problems.Add(null, new($"不是JSON：{fault.Message}", $"this is no JSON: {fault.Message}"), new SheetPlace { Line = (int?)fault.LineNumber + 1 });
        }

        problems.ThrowIfAny();
        Take(read);
        return this;
    }

    private static void WriteEntry(Utf8JsonWriter json, Question question, Answer? answer)
    {
        json.WriteStartObject(question.Id);
        json.WriteStartObject("question");
        WriteQuestion(json, question);
        json.WriteEndObject();
        json.WritePropertyName("value");
        WriteValue(json, question, answer?.Value);
        json.WriteStartArray("file_ids");
        foreach (var id in answer?.FileIds ?? [])
            json.WriteStringValue(id);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteQuestion(Utf8JsonWriter json, Question question)
    {
        json.WriteString("number", question.Number);
        json.WriteString("type", CodeOf(question.Type));
        WriteText(json, question.Text);
        if (!question.Help.IsEmpty)
        {
            json.WriteStartObject("help");
            WriteText(json, question.Help);
            json.WriteEndObject();
        }

        json.WriteBoolean("required", question.Required);
        json.WriteBoolean("file_required", question.FileRequired);
        if (question.ShownIf is { } condition)
        {
            json.WriteStartObject("shown_if");
            json.WriteString(condition.QuestionId, condition.EqualTo);
            json.WriteEndObject();
        }

        if (question.MaxLength > 0)
            json.WriteNumber("max_length", question.MaxLength);
        if (question.MaxRows > 0)
            json.WriteNumber("max_rows", question.MaxRows);
        WriteLimits(json, question.Unit, question.NumberLimits, question.DateLimits);
        if (question.Choices.Count > 0)
        {
            json.WriteStartObject("choices");
            foreach (var choice in question.Choices)
            {
                json.WriteStartObject(choice.Code);
                WriteText(json, choice.Text);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        if (question.Columns.Count == 0)
            return;
        json.WriteStartObject("columns");
        foreach (var column in question.Columns)
        {
            json.WriteStartObject(column.Id);
            WriteText(json, column.Title);
            json.WriteString("type", CodeOf(column.Type));
            json.WriteBoolean("required", column.Required);
            WriteLimits(json, column.Unit, column.NumberLimits, column.DateLimits);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter json, string? unit, NumberLimits? numbers, DateLimits? dates)
    {
        if (unit is not null)
            json.WriteString("unit", unit);
        if (numbers?.Min is { } min)
            json.WriteNumber("min", min);
        if (numbers?.Max is { } max)
            json.WriteNumber("max", max);
        if (numbers?.MaxDecimals is { } decimals)
            json.WriteNumber("max_decimals", decimals);
        if (dates?.Earliest is { } earliest)
            json.WriteString("earliest", earliest.ToString("O", CultureInfo.InvariantCulture));
        if (dates?.Latest is { } latest)
            json.WriteString("latest", latest.ToString("O", CultureInfo.InvariantCulture));
        if (dates is { NotInFuture: true })
            json.WriteBoolean("not_in_future", true);
    }

    private static void WriteText(Utf8JsonWriter json, LocalizedText text)
    {
        json.WriteString("zh", text.Zh);
        json.WriteString("en", text.En);
    }

    private static void WriteValue(Utf8JsonWriter json, Question question, AnswerValue? value)
    {
        switch (value)
        {
            case AnswerValue.Text text:
                json.WriteStringValue(text.Value);
                break;
            case AnswerValue.YesNo yesNo:
                json.WriteBooleanValue(yesNo.Value);
                break;
            case AnswerValue.Number number:
                json.WriteNumberValue(number.Value);
                break;
            case AnswerValue.Date date:
                json.WriteStringValue(date.Value.ToString("O", CultureInfo.InvariantCulture));
                break;
            case AnswerValue.Raw raw:
                json.WriteStringValue(raw.Value);
                break;
            case AnswerValue.Choices { Codes: [var code] } when question.Type == QuestionType.SingleChoice:
                json.WriteStringValue(code);
                break;
            case AnswerValue.Choices choices:
                json.WriteStartArray();
                foreach (var code in choices.Codes)
                    json.WriteStringValue(code);
                json.WriteEndArray();
                break;
            case AnswerValue.Table table:
                json.WriteStartArray();
                foreach (var row in table.Rows)
                {
                    json.WriteStartObject();
                    foreach (var column in question.Columns)
                        json.WriteString(column.Id, row.GetValueOrDefault(column.Id) ?? "");
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private void ReadSheet(JsonElement sheet, List<(Question, Answer?)> read, SheetProblems problems)
    {
        if (Text(sheet, "format") != JsonFormat)
            problems.Add(null, new($"format应为{JsonFormat}", $"format must be {JsonFormat}"));
        else if (Text(sheet, "template_id") != Template.Id || Text(sheet, "template_version") != $"{Template.Version}")
            problems.Add(null, new($"不是问卷{Template.Id}第{Template.Version}版的答卷", $"this is not a sheet of {Template.Id} in version {Template.Version}"));
        else if (!sheet.TryGetProperty("answers", out var answers) || answers.ValueKind != JsonValueKind.Object)
            problems.Add(null, new("缺少answers", "answers is missing"));
        else
            ReadAnswers(answers, read, problems);
    }

    private void ReadAnswers(JsonElement answers, List<(Question, Answer?)> read, SheetProblems problems)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in answers.EnumerateObject())
        {
            if (!_questions.TryGetValue(entry.Name, out var question))
                problems.Add(null, new($"问卷没有问题“{entry.Name}”", $"the questionnaire has no question {entry.Name}"), new SheetPlace { QuestionId = entry.Name });
            else if (!seen.Add(question.Id))
                problems.Add(question, new("出现了两次", "is there twice"));
            else
                read.Add((question, ReadEntry(question, entry.Value, problems)));
        }
    }

    private static Answer? ReadEntry(Question question, JsonElement entry, SheetProblems problems)
    {
        if (entry.ValueKind != JsonValueKind.Object)
            return AnswerConverter.Make(question, Plain(entry), [], problems);
        var (value, files) = ((object?)null, new List<string>());
        foreach (var member in entry.EnumerateObject())
        {
            if (member.NameEquals("value"))
                value = Plain(member.Value);
            else if (member.NameEquals("file_ids") && Plain(member.Value) is List<object?> ids && ids.TrueForAll(id => id is string))
                files.AddRange(ids.Cast<string>());
            else if (!member.NameEquals("question") && !(member.NameEquals("file_ids") && member.Value.ValueKind == JsonValueKind.Null))
                problems.Add(question, new($"不能有“{member.Name}”这样的内容", $"cannot have such a {member.Name}"));
        }

        return AnswerConverter.Make(question, value, files, problems);
    }

    private static object? Plain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.TryGetDecimal(out var number) ? number : json.GetRawText(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => json.EnumerateArray().Select(Plain).ToList(),
        JsonValueKind.Object => json.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, Plain(member.Value))).ToList(),
        _ => null,
    };

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? $"{Plain(member)}" : null;
}
