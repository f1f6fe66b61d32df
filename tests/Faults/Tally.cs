using System.Globalization;
using System.Reflection;

namespace SingleWindowBridge.Faults;

/// <summary>What a run found when everything was drained and compared.</summary>
/// <param name="Of">How many things were tried to be lost: kills, cuts, seeds or calls.</param>
public sealed record Tally(long Lost, long Doubled, long Reordered, long Of)
{
    /// <summary>How many a test is to try: what BRIDGE_SOAK_COUNT says, else the short form's number.</summary>
    public static int Count(int shortForm) =>
        int.TryParse(Environment.GetEnvironmentVariable("BRIDGE_SOAK_COUNT"), CultureInfo.InvariantCulture, out var count) ? count : shortForm;

    /// <summary>Keeps the tally for tests/soak.sh, which ends with it, and fails the test unless nothing went wrong.</summary>
    public void Settle()
    {
        var root = typeof(Tally).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;
        var folder = Directory.CreateDirectory(Path.Combine(root, "artifacts"));
        File.WriteAllText(Path.Combine(folder.FullName, "tally"), $"{this}\n");
        Assert.True(Lost == 0 && Doubled == 0 && Reordered == 0, ToString());
        Assert.True(Of > 0, "nothing was tried");
    }

    /// <inheritdoc/>
    public override string ToString() => $"lost {Lost}, doubled {Doubled}, reordered {Reordered}, of {Of}";
}
