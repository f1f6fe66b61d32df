using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using SingleWindowBridge;

namespace BackOffice;

/// <summary>One answer: a bare value, or <c>{ "value": ..., "files": [...] }</c> where files go with it. Tables are arrays of
/// rows, dates are written as <c>2025-03-01</c>.</summary>
[JsonConverter(typeof(Converter))]
public sealed record AnswerInput(JsonElement? Value, IReadOnlyList<string> Files)
{
    /// <summary>The value as the question wants it; null where only files answer it.</summary>
    /// <exception cref="BackOfficeException">The value is not of the question's type.</exception>
    public AnswerValue? ValueFor(Question question)
    {
        if (Value is not { } json)
            return null;
        try
        {
            return question.Type switch
            {
                QuestionType.Text or QuestionType.LongText => new AnswerValue.Text(json.GetString()!),
                QuestionType.YesNo => new AnswerValue.YesNo(json.GetBoolean()),
                QuestionType.Number => new AnswerValue.Number(json.GetDecimal()),
                QuestionType.Date => new AnswerValue.Date(
                    DateOnly.ParseExact(json.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture)),
                QuestionType.SingleChoice => new AnswerValue.Choices([json.GetString()!]),
                QuestionType.MultipleChoice =>
                    new AnswerValue.Choices([.. json.EnumerateArray().Select(code => code.GetString()!)]),
                QuestionType.Table => new AnswerValue.Table([.. json.EnumerateArray().Select(Row)]),
                _ => throw new FormatException("It is answered with files alone."),
            };
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new BackOfficeException(
                $"The answer to {question.Id} (question {question.Number}) must be of type {question.Type}: {exception.Message}",
                exception);
        }
    }

    private static Dictionary<string, string> Row(JsonElement row) =>
        row.EnumerateObject().ToDictionary(cell => cell.Name, cell => cell.Value.GetString()!);

    private sealed class Converter : JsonConverter<AnswerInput>
    {
        public override AnswerInput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                return new AnswerInput(JsonElement.ParseValue(ref reader), []);
            var parts = JsonSerializer.Deserialize<Parts>(ref reader, options)!;
            return new AnswerInput(parts.Value, parts.Files);
        }

        public override void Write(Utf8JsonWriter writer, AnswerInput value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new Parts(value.Files) { Value = value.Value }, options);
    }

    private sealed record Parts(IReadOnlyList<string> Files)
    {
        public JsonElement? Value { get; init; }
    }
}
