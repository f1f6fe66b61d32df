using System.Reflection;
using System.Text.Json;

namespace SingleWindowBridge;

/// <summary>Reads the properties of an object as values by question or column id.</summary>
internal static class ObjectReader
{
    /// <summary>The values by question id, with the files that other properties give to them.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Read(object source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        var files = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in PropertiesOf(source))
        {
            if (property.GetCustomAttribute<AnswerFilesAttribute>() is { } ofFiles)
                files[ofFiles.QuestionId] = property.GetValue(source);
            else
                values[property.GetCustomAttribute<AnswerToAttribute>()?.QuestionId ?? Snake(property)] = property.GetValue(source);
        }

        foreach (var (id, given) in files)
            values[id] = new FiledValue(values.GetValueOrDefault(id), given);
        return values;
    }

    /// <summary>The cells of a row by column id.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Cells(object row) =>
        PropertiesOf(row).Select(property => new KeyValuePair<string, object?>(Snake(property), property.GetValue(row)));

    private static IEnumerable<PropertyInfo> PropertiesOf(object source) =>
        source.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property =>
            property.CanRead && property.GetIndexParameters().Length == 0
            && property.GetCustomAttribute<NotAnAnswerAttribute>() is null);

    private static string Snake(PropertyInfo property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
}

/// <summary>A value and its files, neither of them converted yet.</summary>
internal sealed record FiledValue(object? Value, object? Files);
