using Google.Protobuf.WellKnownTypes;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>What all mappers need: the contract's empty text is null here, its timestamps are times.</summary>
internal static class Wired
{
    public static string? NullIfEmpty(this string text) => text.Length == 0 ? null : text;

    public static DateTimeOffset ToTime(this Timestamp? timestamp) => timestamp?.ToDateTimeOffset() ?? default;

    public static DateTimeOffset? ToTimeOrNull(this Timestamp? timestamp) => timestamp?.ToDateTimeOffset();

    public static LocalizedText ToText(this Wire.LocalizedText? text) =>
        text is null ? LocalizedText.Empty : new LocalizedText(text.Zh, text.En);

    public static IReadOnlyList<TOut> MapAll<TIn, TOut>(this IReadOnlyCollection<TIn> items, Func<TIn, TOut> map)
    {
        if (items.Count == 0)
            return [];
        var mapped = new TOut[items.Count];
        var index = 0;
        foreach (var item in items)
            mapped[index++] = map(item);
        return mapped;
    }
}
