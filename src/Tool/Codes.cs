using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SingleWindowBridge.Tool;

/// <summary>Names for scripts: the contract's codes, such as CORRECTION_REQUIRED, and the SDK's fields in snake case, such as case_number.</summary>
internal static class Codes
{
    /// <summary>How objects are written for scripts: without what is not there.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = new FieldNames(),
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper) },
    };

    /// <summary>The code of a value.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());

    /// <summary>An option that takes a code.</summary>
    public static Option<T?> Option<T>(string name, string description)
        where T : struct, Enum
    {
        var codes = Enum.GetValues<T>().Where(value => Convert.ToInt32(value, null) != 0).ToDictionary(Of, StringComparer.OrdinalIgnoreCase);
        var option = new Option<T?>(name)
        {
            Description = description,
            CustomParser = given =>
            {
                if (codes.TryGetValue(given.Tokens[0].Value, out var value))
                    return value;
                given.AddError($"{name}：没有“{given.Tokens[0].Value}”。 There is no \"{given.Tokens[0].Value}\"; {string.Join(", ", codes.Keys)}.");
                return null;
            },
        };
        option.CompletionSources.Add(_ => codes.Keys.Select(code => new System.CommandLine.Completions.CompletionItem(code)));
        return option;
    }

    private sealed class FieldNames : JsonNamingPolicy
    {
        public override string ConvertName(string name) => name == "ETag" ? "etag" : SnakeCaseLower.ConvertName(name);
    }
}
