using System.Globalization;
using System.Text.RegularExpressions;

namespace SingleWindowBridge.EndToEnd.Processes;

/// <summary>One run of the sample as a process.</summary>
internal sealed partial class BackOfficeRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private readonly DotnetProcess _process;

    public BackOfficeRun(Workspace workspace, string endpoint, string input, params string[] options) =>
        _process = new DotnetProcess(Built.BackOffice, workspace.Folder, [input, "--endpoint", endpoint, .. options]);

    /// <summary>The lines read so far.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>The numbers of the receipts among them.</summary>
    public List<long> Receipts { get; } = [];

    public string Errors => _process.Errors;

    /// <summary>Waits until the sample has told of so many receipts; false where it ended before.</summary>
    public async Task<bool> ReachAsync(int receipts)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (Receipts.Count < receipts && await _process.Lines.WaitToReadAsync(timeout.Token))
        {
            while (Receipts.Count < receipts && _process.Lines.TryRead(out var line))
                Take(line);
        }

        return Receipts.Count >= receipts;
    }

    /// <summary>Waits for the next line that holds one of these; false where the sample ended before.</summary>
    public async Task<bool> ReachNextAsync(params string[] words)
    {
        do
        {
            if (!await ReachAsync(Receipts.Count + 1))
                return false;
        }
        while (!words.Any(Lines[^1].Contains));
        return true;
    }

    /// <summary>Waits until the sample has said this of itself.</summary>
    public async Task UntilNotedAsync(string words)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (!Errors.Contains(words, StringComparison.Ordinal))
            await Task.Delay(50, timeout.Token);
    }

    /// <summary>Waits for the end, and gives the exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        await foreach (var line in _process.Lines.ReadAllAsync(timeout.Token))
            Take(line);
        return await _process.ExitCodeAsync(timeout.Token);
    }

    public void Kill() => _process.Kill();

    public void Dispose() => _process.Dispose();

    private void Take(string line)
    {
        Lines.Add(line);
        if (ReceiptLine().Match(line) is { Success: true } match)
            Receipts.Add(long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^ *(\d+)  \d{4}-\d\d-\d\d ")]
    private static partial Regex ReceiptLine();
}
