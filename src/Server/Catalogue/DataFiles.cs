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
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly string? folder;

    /// <param name="folder">The operator's folder; null for none.</param>
    /// <exception cref="InvalidDataException">The folder does not exist.</exception>
    public DataFiles(string? folder)
    {
        if (folder is not null && !Directory.Exists(folder))
            throw new InvalidDataException($"The catalogue folder {folder} does not exist.");
        this.folder = folder;
    }

    /// <summary>Reads a file by name: the operator's where there is one, else the one built in.</summary>
    /// <exception cref="InvalidDataException">The file can't be read as what it should be.</exception>
    public T Read<T>(string name) => ReadOwn<T>(name) is (true, var own) ? own! : ReadBuiltIn<T>("Data." + name);

    /// <summary>Reads every questionnaire file of one name pattern: those built in, then the operator's.</summary>
    /// <param name="wanted">Says by its name, such as <c>meat.json</c>, whether a file is wanted.</param>
    public IEnumerable<(string Name, T Content)> ReadTemplates<T>(Func<string, bool> wanted)
    {
        var type = typeof(DataFiles);
        var prefix = $"{type.Namespace}.Data.{TemplateFolder}.";
        foreach (var resource in type.Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            if (resource.StartsWith(prefix, StringComparison.Ordinal) && wanted(resource[prefix.Length..]))
                yield return ($"{resource[prefix.Length..]} (built in)", ReadBuiltIn<T>(resource[(type.Namespace!.Length + 1)..]));
        }

        if (folder is null || !Directory.Exists(Path.Combine(folder, TemplateFolder)))
            yield break;
        foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, TemplateFolder), "*.json").Order(StringComparer.Ordinal))
        {
            if (wanted(Path.GetFileName(path)))
                yield return (path, Parse<T>(path, File.OpenRead(path)));
        }
    }

    private (bool Found, T? Content) ReadOwn<T>(string name)
    {
        if (folder is null)
            return default;
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? (true, Parse<T>(path, File.OpenRead(path))) : default;
    }

    private static T ReadBuiltIn<T>(string name)
    {
        var stream = typeof(DataFiles).Assembly.GetManifestResourceStream(typeof(DataFiles), name)
            ?? throw new InvalidDataException($"{name} is not built into the server.");
        return Parse<T>($"{name} (built in)", stream);
    }

    private static T Parse<T>(string name, Stream stream)
    {
        using (stream)
        {
            try
            {
                return JsonSerializer.Deserialize<T>(stream, Json) ?? throw new InvalidDataException($"{name}: holds nothing.");
            }
            catch (JsonException problem)
            {
                throw new InvalidDataException($"{name}: {problem.Message}", problem);
            }
        }
    }
}
