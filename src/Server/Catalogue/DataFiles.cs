using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SingleWindowBridge.Server.Catalogue;

/// <summary>Where the catalogue's data comes from: the files built into the server, and an operator's folder over them.</summary>
internal sealed class DataFiles
{
    private const string TemplateFolder = "Templates";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly string? folder;
    private readonly List<string> faults;

    /// <param name="folder">The operator's folder; null for none.</param>
    /// <param name="faults">Takes what is wrong with files.</param>
    public DataFiles(string? folder, List<string> faults)
    {
        (this.folder, this.faults) = (folder, faults);
        if (folder is not null && !Directory.Exists(folder))
            faults.Add($"The catalogue folder {folder} does not exist.");
    }

    /// <summary>Reads a file by name: the operator's where there is one, else the one built in.</summary>
    /// <param name="name">The name, such as <c>categories.json</c>.</param>
    /// <param name="content">What it holds.</param>
    /// <param name="source">What to call the file in faults.</param>
    /// <returns>Whether it could be read; if not, the faults say why.</returns>
    public bool TryRead<T>(string name, [NotNullWhen(true)] out T? content, out string source)
        where T : class
    {
        var own = folder is null ? null : Path.Combine(folder, name);
        if (own is not null && File.Exists(own))
        {
            source = own;
            return TryParse(own, () => File.OpenRead(own), out content);
        }

        source = $"{name} (built in)";
        return TryParse(source, () => BuiltIn("Data." + name), out content);
    }

    /// <summary>Reads every questionnaire file of one name pattern: those built in, then the operator's. What can't be read is left out.</summary>
    /// <param name="wanted">Says by its name, such as <c>meat.json</c>, whether a file is wanted.</param>
    public IEnumerable<(string Name, T Content)> ReadTemplates<T>(Func<string, bool> wanted)
        where T : class
    {
        var type = typeof(DataFiles);
        var prefix = $"{type.Namespace}.Data.{TemplateFolder}.";
        foreach (var resource in type.Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (!resource.StartsWith(prefix, StringComparison.Ordinal) || !wanted(resource[prefix.Length..]))
                continue;
            var source = $"{resource[prefix.Length..]} (built in)";
            if (TryParse<T>(source, () => BuiltIn(resource[(type.Namespace!.Length + 1)..]), out var content))
                yield return (source, content);
        }

        if (folder is null || !Directory.Exists(Path.Combine(folder, TemplateFolder)))
            yield break;
        foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, TemplateFolder), "*.json").Order(StringComparer.Ordinal))
        {
            if (wanted(Path.GetFileName(path)) && TryParse<T>(path, () => File.OpenRead(path), out var content))
                yield return (path, content);
        }
    }

    /// <summary>Names the files of a folder as they stand: another text means that one of them was changed, added or taken away.</summary>
    public static string Fingerprint(string folder)
    {
        var root = new DirectoryInfo(folder);
        var templates = new DirectoryInfo(Path.Combine(folder, TemplateFolder));
        var files = root.EnumerateFiles("*.json").Concat(templates.Exists ? templates.EnumerateFiles("*.json") : []);
        return string.Join('\n', files.Select(file => $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}").Order(StringComparer.Ordinal));
    }

    private static Stream BuiltIn(string name) =>
        typeof(DataFiles).Assembly.GetManifestResourceStream(typeof(DataFiles), name)
            ?? throw new InvalidOperationException($"{name} is not built into the server.");

    private bool TryParse<T>(string name, Func<Stream> open, [NotNullWhen(true)] out T? content)
        where T : class
    {
        content = null;
        try
        {
            using var stream = open();
            content = JsonSerializer.Deserialize<T>(stream, Json);
            if (content is null)
                faults.Add($"{name}: holds nothing.");
        }
        catch (Exception problem) when (problem is JsonException or IOException or UnauthorizedAccessException)
        {
            faults.Add($"{name}: {problem.Message}");
        }

        return content is not null;
    }
}
