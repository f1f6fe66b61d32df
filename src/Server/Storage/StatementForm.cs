using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace SingleWindowBridge.Server.Storage;

/// <summary>
/// A statement as PostgreSQL takes it fastest: with numbered parameters, which need no parsing at the client, and, for an INSERT of
/// one row of VALUES, as one that takes arrays and inserts a row for each of their elements.
/// </summary>
internal sealed partial class StatementForm
{
    private static readonly ConcurrentDictionary<string, StatementForm> Known = new();

    private StatementForm(string text)
    {
        var names = new List<string>();
        Single = Number(text, names, name => $"${name}");
        Names = [.. names];
        Many = ManyOf(text);
        UpdatesOnConflict = text.Contains("DO UPDATE", StringComparison.Ordinal);
    }

    /// <summary>With $1, $2 ... for the parameters.</summary>
    public string Single { get; }

    /// <summary>For many rows, with an array for each parameter; null where there is no such form.</summary>
    public string? Many { get; }

    /// <summary>The parameters' names, in the order of their numbers.</summary>
    public string[] Names { get; }

    /// <summary>Whether a row that is there already is changed: then one statement may not bring the same row twice.</summary>
    public bool UpdatesOnConflict { get; }

    /// <summary>The forms of a statement.</summary>
    public static StatementForm Of(string text) => Known.GetOrAdd(text, static text => new StatementForm(text));

    private static string? ManyOf(string text)
    {
        if (InsertPattern().Match(text) is not { Success: true } insert || insert.Groups["rest"].Value.Contains('@', StringComparison.Ordinal))
            return null;

        var names = new List<string>();
        var values = Number(insert.Groups["values"].Value, names, number => $"given.p{number}");
        if (names.Count == 0)
            return null;
        var arrays = string.Join(", ", names.Select((_, index) => $"${index + 1}"));
        var columns = string.Join(", ", names.Select((_, index) => $"p{index + 1}"));
        return $"{insert.Groups["into"].Value} SELECT {values} FROM unnest({arrays}) AS given({columns}){insert.Groups["rest"].Value}";
    }

    private static string Number(string text, List<string> names, Func<int, string> place) => ParameterPattern().Replace(text, match =>
    {
        var name = match.Groups[1].Value;
        var index = names.FindIndex(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            index = names.Count;
            names.Add(name);
        }

        return place(index + 1);
    });

    [GeneratedRegex(@"@(\w+)")]
    private static partial Regex ParameterPattern();

    [GeneratedRegex(@"^(?<into>\s*INSERT INTO \w+ \([^()]*\))\s*VALUES\s*\((?<values>.*?)\)(?<rest>\s*ON CONFLICT.*|\s*)$", RegexOptions.Singleline)]
    private static partial Regex InsertPattern();
}
