using System.Text.RegularExpressions;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Tests.Sandbox.Paths;

/// <summary>The tables of docs/sandbox.md.</summary>
internal static partial class SandboxPage
{
    private static readonly string[][] Rows =
    [
        .. File.ReadLines(Path.Combine(Root(), "docs", "sandbox.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | ", StringSplitOptions.TrimEntries)),
    ];

    /// <summary>How to get to every stage and status. The scenario is empty where there is none that leads there.</summary>
    public static IReadOnlyList<(string Stage, string Status, string Scenario, IReadOnlyList<string> Steps)> Places { get; } =
    [
        .. Rows.Where(row => row.Length == 4 && IsStage(row[0]) && IsStatus(row[1]) && row[2] is "by hand" or ['`', ..] && !IsAct(row))
            .Select(row => (row[0], row[1], row[2].StartsWith('`') ? row[2].Trim('`') : "", Spans(row[3]))),
    ];

    /// <summary>In which scenarios Customs does what.</summary>
    public static IReadOnlyList<(string From, CaseEvent Act, IReadOnlyList<string> Scenarios)> Acts { get; } =
        [.. Rows.Where(IsAct).Select(row => ($"{row[0]} {row[1]}", WireNames.Parse<CaseEvent>(row[2].ToUpperInvariant()), Spans(row[3])))];

    /// <summary>How to get every error.</summary>
    public static IReadOnlyList<(ErrorReason Reason, string How)> Errors { get; } =
    [
        .. Rows.Where(row => row.Length == 2 && row[0].All(letter => char.IsAsciiLetterUpper(letter) || letter == '_'))
            .Where(row => Enum.GetValues<ErrorReason>().Any(it => WireNames.Of(it) == row[0]))
            .Select(row => (WireNames.Parse<ErrorReason>(row[0]), row[1])),
    ];

    /// <summary>The sources of the tests.</summary>
    public static string Tests => Path.Combine(Root(), "tests");

    private static bool IsAct(string[] row) =>
        row.Length == 4 && IsStage(row[0]) && Enum.GetValues<CaseEvent>().Any(it => string.Equals(WireNames.Of(it), row[2], StringComparison.OrdinalIgnoreCase));

    private static bool IsStage(string name) => Enum.GetValues<Stage>().Any(it => WireNames.Of(it) == name);

    private static bool IsStatus(string name) => Enum.GetValues<Status>().Any(it => WireNames.Of(it) == name);

    private static string[] Spans(string cell) => [.. Span().Matches(cell).Select(match => match.Groups[1].Value)];

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "SingleWindowBridge.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Span();
}
