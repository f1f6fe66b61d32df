namespace SingleWindowBridge.Interop.KillableHost;

/// <summary>What was committed: a line each, on disk before it counts, and no line twice.</summary>
internal sealed class Ledger
{
    private readonly string _path;
    private readonly HashSet<string> _lines;

    public Ledger(string folder, string name)
    {
        _path = Path.Combine(folder, name);
        _lines = File.Exists(_path) ? [.. File.ReadAllLines(_path)] : [];
    }

    public int Count => _lines.Count;

    public bool Has(string line) => _lines.Contains(line);

    public void Add(string line)
    {
        if (!_lines.Add(line)) return;
        using var file = new FileStream(_path, FileMode.Append);
        using (var text = new StreamWriter(file, leaveOpen: true)) text.WriteLine(line);
        file.Flush(flushToDisk: true);
    }
}
