using Google.Protobuf.WellKnownTypes;

namespace SingleWindowBridge.Server.CommandLine;

/// <summary>Writes rows of text under their headings.</summary>
internal static class Columns
{
    /// <summary>Writes a table to the standard output.</summary>
    public static void Write(string[] headings, IEnumerable<string[]> rows)
    {
        string[][] all = [headings, .. rows];
        var widths = headings.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        foreach (var row in all)
            Console.WriteLine(string.Join("  ", row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>A time in UTC, or a dash.</summary>
    public static string Text(Timestamp? time) => time is null ? "-" : $"{time.ToDateTime():yyyy-MM-dd HH:mm}Z";
}
