using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>Finds the texts of a message that hold U+0000, which PostgreSQL keeps in no text.</summary>
internal static class NulCharacters
{
    /// <summary>The paths of the fields, such as <c>application.summary</c> or <c>answers[2].text</c>.</summary>
    public static IEnumerable<string> PathsIn(IMessage message, string prefix = "")
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.FieldType is not (FieldType.String or FieldType.Message) || (field.HasPresence && !field.Accessor.HasValue(message)))
                continue;

            foreach (var (place, value) in Values(field, field.Accessor.GetValue(message)))
            {
                var path = prefix + field.Name + place;
                if (value is string text && text.Contains('\0'))
                    yield return path;
                if (value is not IMessage inner)
                    continue;
                foreach (var within in PathsIn(inner, path + "."))
                    yield return within;
            }
        }
    }

    private static IEnumerable<(string Place, object? Value)> Values(FieldDescriptor field, object? value) => value switch
    {
        System.Collections.IDictionary map => map.Keys.Cast<object>().SelectMany(
            key => new[] { ("", key), ($"[{$"{key}".Replace("\0", "\\u0000")}]", map[key]) }),
        System.Collections.IEnumerable list when field.IsRepeated => list.Cast<object?>().Select((item, index) => ($"[{index}]", item)),
        _ => [("", value)],
    };
}
