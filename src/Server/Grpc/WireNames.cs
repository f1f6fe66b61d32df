using System.Reflection;
using System.Text;
using Google.Protobuf.Reflection;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>Enum values by their names in the contract without the enum's prefix, such as "RECEIVE_FAILED".</summary>
public static class WireNames
{
    /// <summary>The name of a value; its number where the contract has no name for it.</summary>
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        Names<TEnum>.ByValue.GetValueOrDefault(value) ?? value.ToString("D");

    /// <summary>The value with this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static TEnum Parse<TEnum>(string name)
        where TEnum : struct, Enum =>
        Names<TEnum>.ByName.TryGetValue(name, out var value)
            ? value
            : throw new ArgumentException($"{typeof(TEnum).Name} has no value {name}", nameof(name));

    /// <summary>Whether the contract has this value, and it is not UNSPECIFIED.</summary>
    public static bool IsKnown<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        Names<TEnum>.ByValue.ContainsKey(value) && !EqualityComparer<TEnum>.Default.Equals(value, default);

    private static class Names<TEnum>
        where TEnum : struct, Enum
    {
        public static readonly Dictionary<TEnum, string> ByValue = typeof(TEnum)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(
                field => (TEnum)field.GetValue(null)!,
                field => field.GetCustomAttribute<OriginalNameAttribute>()!.Name[(Prefix(typeof(TEnum).Name).Length)..]);

        public static readonly Dictionary<string, TEnum> ByName = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key);

        // "CaseEvent" has the prefix "CASE_EVENT_".
        private static string Prefix(string name)
        {
            var prefix = new StringBuilder();
            foreach (var letter in name)
            {
                if (char.IsUpper(letter) && prefix.Length > 0)
                    prefix.Append('_');
                prefix.Append(char.ToUpperInvariant(letter));
            }

            return prefix.Append('_').ToString();
        }
    }
}
