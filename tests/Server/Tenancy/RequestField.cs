using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace SingleWindowBridge.Server.Tests.Tenancy;

/// <summary>A text somewhere in a request: the fields that lead to it.</summary>
/// <param name="Way">From the request inwards; the last is the text.</param>
internal sealed record RequestField(IReadOnlyList<FieldDescriptor> Way)
{
    // Deeper than any request of the contract; messages that hold themselves end here.
    private const int Deepest = 6;

    /// <summary>The text's own name.</summary>
    public string Name => Way[^1].Name;

    /// <summary>Every text and every byte string of a request, however deep.</summary>
    public static IEnumerable<RequestField> Of(MessageDescriptor request) => Of(request, []);

    /// <summary>Puts a text into its place, and makes the messages around it where they are missing.</summary>
    public void Set(IMessage request, string text)
    {
        var message = request;
        foreach (var field in Way.Take(Way.Count - 1))
            message = Inner(message, field);
        object value = Way[^1].FieldType == FieldType.Bytes ? ByteString.CopyFromUtf8(text) : text;
        if (Way[^1].IsRepeated)
        {
            var list = (IList)Way[^1].Accessor.GetValue(message);
            list.Clear();
            list.Add(value);
        }
        else
        {
            Way[^1].Accessor.SetValue(message, value);
        }
    }

    public override string ToString() => string.Join('.', Way.Select(field => field.Name));

    private static IEnumerable<RequestField> Of(MessageDescriptor message, FieldDescriptor[] way)
    {
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            FieldDescriptor[] further = [.. way, field];
            if (field.FieldType is FieldType.String or FieldType.Bytes)
            {
                yield return new RequestField(further);
            }
            else if (field.FieldType == FieldType.Message && !field.IsMap && further.Length < Deepest)
            {
                foreach (var inner in Of(field.MessageType, further))
                    yield return inner;
            }
        }
    }

    private static IMessage Inner(IMessage message, FieldDescriptor field)
    {
        if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message);
            if (list.Count == 0)
                list.Add(field.MessageType.Parser.ParseFrom(ByteString.Empty));
            return (IMessage)list[0]!;
        }

        if (field.Accessor.GetValue(message) is not IMessage inner)
            field.Accessor.SetValue(message, inner = field.MessageType.Parser.ParseFrom(ByteString.Empty));
        return inner;
    }
}
