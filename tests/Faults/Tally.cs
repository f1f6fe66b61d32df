using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace SingleWindowBridge.Faults;

/// <summary>What a run found when everything was drained and compared.</summary>
/// <param name="Of">How many things were tried to be lost: kills, cuts, seeds or calls.</param>
public sealed partial record Tally(long Lost, long Doubled, long Reordered, long Of)
{
    private static readonly Lock Adding = new();

    /// <summary>How many a test is to try: what BRIDGE_SOAK_COUNT says, else the short form's number.</summary>
    public static int Count(int shortForm) =>
        int.TryParse(Environment.GetEnvironmentVariable("BRIDGE_SOAK_COUNT"), CultureInfo.InvariantCulture, out var count) ? count : shortForm;

    /// <summary>Where a run leaves what it has to tell: artifacts, in the repository.</summary>
    public static string Folder => Directory.CreateDirectory(Path.Combine(
        typeof(Tally).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!,
        "artifacts")).FullName;

    /// <summary>Adds the tally to what tests/soak.sh ends with, and fails the test unless nothing went wrong.</summary>
    /// <param name="details">What went wrong, for whoever looks for the cause.</param>
    public void Settle(string details = "")
    {
        lock (Adding)
        {
            var kept = Path.Combine(Folder, "tally");
            List<long> before = File.Exists(kept)
                ? [.. Numbers().Matches(File.ReadAllText(kept)).Select(it => long.Parse(it.Value, CultureInfo.InvariantCulture))]
                : [0, 0, 0, 0];
            File.WriteAllText(kept, $"{new Tally(before[0] + Lost, before[1] + Doubled, before[2] + Reordered, before[3] + Of)}\n");
        }

        Assert.True(Lost == 0 && Doubled == 0 && Reordered == 0, $"{this}\n{details}");
        Assert.True(Of > 0, "nothing was tried");
    }

    /// <inheritdoc/>
    public override string ToString() => $"lost {Lost}, doubled {Doubled}, reordered {Reordered}, of {Of}";

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}
