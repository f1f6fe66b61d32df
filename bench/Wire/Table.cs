using System.Globalization;

namespace SingleWindowBridge.Bench.Wire;

/// <summary>What was measured, ours beside the bare official server's.</summary>
internal sealed class Table
{
    private readonly List<string> lines = [Line("", "bridge", "bare", "ratio")];

    /// <summary>Adds a line; the ratio is that of the two numbers unless it is given.</summary>
    public void Add(string what, double ours, double bare, double? ratio = null) =>
        lines.Add(Line(what, Text(ours), Text(bare), (ratio ?? (ours / bare)).ToString("0.00", CultureInfo.InvariantCulture)));

    /// <summary>Prints it.</summary>
    public void Print() => lines.ForEach(Console.WriteLine);

    private static string Line(string what, string ours, string bare, string ratio) => $"{what,-60}{ours,12}{bare,12}{ratio,8}";

    private static string Text(double number) => number.ToString(number < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
}

/// <summary>Medians.</summary>
internal static class Medians
{
    /// <summary>The median of some numbers.</summary>
    public static double Median(this IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>The median of one property.</summary>
    public static double Median<T>(this IEnumerable<T> items, Func<T, double> number) => items.Select(number).Median();
}
