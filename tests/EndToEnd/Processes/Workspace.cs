using System.Text.Json;
using System.Text.Json.Nodes;

namespace SingleWindowBridge.EndToEnd.Processes;

/// <summary>A folder of a test's own, with the server's database and all that the sample leaves behind.</summary>
internal sealed class Workspace : IDisposable
{
    public Workspace() => Folder = Directory.CreateTempSubdirectory("swb-e2e-").FullName;

    public string Folder { get; }

    /// <summary>An input of the sample under another scenario.</summary>
    public string InputWith(string input, string scenario)
    {
        var json = JsonNode.Parse(File.ReadAllText(Input(input)))!;
        json["sandbox"]!["scenario"] = scenario;
        Directory.CreateSymbolicLink(Path.Combine(Folder, "files"), Path.Combine(Built.Inputs, "files"));
        return Write($"{scenario}.json", json.ToJsonString());
    }

    public static string Input(string name) => Path.Combine(Built.Inputs, name + ".json");

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>What the sample saved of a case. A download that was killed leaves what it had so far, beside the file.</summary>
    public string[] Saved(string caseNumber) =>
        [.. Directory.GetFiles(Path.Combine(Folder, "backoffice-out", caseNumber)).Where(path => !path.EndsWith(".partial", StringComparison.Ordinal))];

    /// <summary>The receipts in the sample's state, as number and etag.</summary>
    public List<(long Number, CaseEvent Event, string ETag)> KeptReceipts()
    {
        var path = Assert.Single(Directory.GetFiles(Path.Combine(Folder, "backoffice-state"), "*.json"));
        using var state = JsonDocument.Parse(File.ReadAllText(path));
        return [.. state.RootElement.GetProperty("receipts").EnumerateArray().Select(receipt => (
            receipt.GetProperty("number").GetInt64(),
            Enum.Parse<CaseEvent>(receipt.GetProperty("event").GetString()!),
            receipt.GetProperty("eTag").GetString()!))];
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
