using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace SingleWindowBridge.Server.Tests;

/// <summary>docs/security.md names for each threat and requirement the test that shows it; here it is seen that there is one.</summary>
public sealed class SecurityPageTests
{
    private static readonly string Root = RootOf();
    private static readonly string Page = File.ReadAllText(Path.Combine(Root, "docs", "security.md"));

    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText).ToList();
        var named = Regex.Matches(Page, @"`(\w+Tests)(?:\.(\w+))?`").Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).Distinct().ToList();
        Assert.True(named.Count > 50, "The page names hardly any tests: has its form changed?");
        foreach (var (name, method) in named)
        {
            Assert.True(
                tests.Exists(text => Regex.IsMatch(text, $@"\bclass {name}\b") && (method.Length == 0 || Regex.IsMatch(text, $@"\b{method}\("))),
                $"docs/security.md names {name}.{method}, which there is not");
        }
    }

    [Fact]
    public void Every_file_that_the_page_names_exists()
    {
        var files = Regex.Matches(Page, @"`((?:docs|eng|tests|src)/[\w./-]+)`").Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(Root, file)), $"docs/security.md names {file}, which there is not"));
    }

    [Fact]
    public void Every_threat_and_requirement_has_a_test_or_a_script_that_shows_it()
    {
        var rows = Regex.Matches(Page, @"^\| (?!threat|requirement|---|where|what|table|receipts|chains|heads|the process|metrics).+\|$", RegexOptions.Multiline)
            .Select(match => match.Value).ToList();
        Assert.All(rows, row => Assert.Matches(@"\| [^|]*`(\w+Tests(\.\w+)?|(eng|tests)/[\w./-]+\.sh)`[^|]*\|$", row));
        Assert.True(rows.Count(row => row.StartsWith("| v5.0.0-", StringComparison.Ordinal)) >= 30);
    }

    [Fact]
    public void A_requirement_stands_there_once_with_its_level()
    {
        var numbers = Regex.Matches(Page, @"^\| v5\.0\.0-(\d+\.\d+\.\d+) [^|]+\| ([12]) \|", RegexOptions.Multiline).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(Regex.Count(Page, @"^\| v5\.0\.0-", RegexOptions.Multiline), numbers.Count);
        Assert.Equal(numbers.Distinct(), numbers);
        Assert.Equal(numbers.OrderBy(number => Version.Parse(number)), numbers);
    }

    private static string RootOf([CallerFilePath] string here = "")
    {
        var folder = new FileInfo(here).Directory;
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SingleWindowBridge.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The sources are not where they were built.");
    }
}
