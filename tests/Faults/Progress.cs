using Xunit.Abstractions;

namespace SingleWindowBridge.Faults;

/// <summary>Tells how far a long run is: in the test's output at its end, and in artifacts/faults.log as it goes.</summary>
internal static class Progress
{
    private static readonly Lock Turn = new();

    /// <summary>Says a line.</summary>
    public static void Say(this ITestOutputHelper output, string line)
    {
        line = $"{DateTime.UtcNow:HH:mm:ss} {line}";
        output.WriteLine(line);
        lock (Turn)
            File.AppendAllText(Path.Combine(Tally.Folder, "faults.log"), line + "\n");
    }
}
