using System.Reflection;
using System.Text.Json;

namespace SingleWindowBridge.StandIns.Tests;

/// <summary>The packages that this project's restore chose, and the assemblies in them.</summary>
public static class RestoredPackages
{
    // Which targets a project may take assemblies from, nearest first.
    private static readonly string[] Modern =
        ["net10.0", "net9.0", "net8.0", "net7.0", "net6.0", "net5.0", "netstandard2.1", "netstandard2.0"];

    private static readonly Lazy<Dictionary<string, string>> Folders = new(ReadFolders);

    /// <summary>The version that was chosen of a package.</summary>
    public static string VersionOf(string package) => Path.GetFileName(Folders.Value[package].TrimEnd('/'));

    /// <summary>The targets that a package has assemblies for.</summary>
    public static IEnumerable<string> TargetsOf(string package) =>
        Directory.GetDirectories(Path.Combine(Folders.Value[package], "lib")).Select(folder => Path.GetFileName(folder)).Order();

    /// <summary>The assembly of a package that a project for a target takes.</summary>
    public static string AssemblyFor(string package, string target) =>
        Nearest(target)
            .Select(nearest => Path.Combine(Folders.Value[package], "lib", nearest, package + ".dll"))
            .First(File.Exists);

    private static IEnumerable<string> Nearest(string target) =>
        target.StartsWith("net4", StringComparison.Ordinal) ? [target, "netstandard2.0"] : Modern.SkipWhile(name => name != target);

    private static Dictionary<string, string> ReadFolders()
    {
        var path = typeof(RestoredPackages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "ProjectAssetsFile").Value!;
        using var assets = JsonDocument.Parse(File.ReadAllText(path));
        var roots = assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(root => root.Name).ToList();
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var library in assets.RootElement.GetProperty("libraries").EnumerateObject())
        {
            if (library.Value.GetProperty("type").GetString() != "package")
                continue;

            var folder = library.Value.GetProperty("path").GetString()!;
            folders[library.Name.Split('/')[0]] = roots.Select(root => Path.Combine(root, folder)).First(Directory.Exists);
        }

        return folders;
    }
}
