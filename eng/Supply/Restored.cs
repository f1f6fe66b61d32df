using System.Security.Cryptography;
using System.Text.Json;
using System.Xml.Linq;

namespace SingleWindowBridge.Supply;

/// <summary>A package that some project of the solution was restored with.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Sha512">The hash of its content, in base64, as NuGet keeps it.</param>
/// <param name="Licence">An SPDX expression, or a name where there is none.</param>
/// <param name="IsExpression">Whether the licence is an SPDX expression.</param>
/// <param name="LicenceUrl">Where the licence can be read; empty where the package does not say.</param>
/// <param name="Owner">Whom the package names as its authors.</param>
/// <param name="Use">What it is for.</param>
/// <param name="Dependencies">The packages that it needs, by id, as they were restored for the shipped projects.</param>
internal sealed record Package(
    string Id, string Version, string Sha512, string Licence, bool IsExpression, string LicenceUrl, string Owner, Use Use, IReadOnlyList<string> Dependencies)
{
    /// <summary>Whether it is one of the two whose official version some registries lack (docs/adr/0001).</summary>
    public bool MayBeStandIn => Id is "Grpc.Core.Api" or "Grpc.Net.Common";

    /// <summary>Whether it is a stand-in here.</summary>
    public bool IsStandIn => MayBeStandIn && Version.Split('.').Length == 4;
}

/// <summary>What a package is for; the strongest counts.</summary>
internal enum Use
{
    /// <summary>The tests, benches and samples need it.</summary>
    Test,

    /// <summary>The build of what is shipped needs it.</summary>
    Build,

    /// <summary>It is shipped, or those who use what is shipped need it.</summary>
    Runtime,
}

/// <summary>Reads what NuGet has restored.</summary>
internal static class Restored
{
    // Licences of packages that give only an address, as read there.
    private static readonly Dictionary<string, string> ByAddress = new()
    {
        ["http://www.apache.org/licenses/LICENSE-2.0"] = "Apache-2.0",
        ["https://licenses.nuget.org/MIT"] = "MIT",
        ["https://raw.githubusercontent.com/xunit/xunit/master/license.txt"] = "Apache-2.0",
        ["https://github.com/googleapis/gax-dotnet/blob/master/LICENSE"] = "BSD-3-Clause",
    };

    // Licences of packages that give a text, by the SHA-256 of that text, as read there.
    private static readonly Dictionary<string, string> ByText = new()
    {
        ["3360bdb4f74230b016ba7f2ee7e6562a100008859cae5ec6869de3914e0f5c07"] = "BSD-3-Clause", // Google.Api.CommonProtos
        ["99464c3a88df7b708ce59e462cdcb85f72dfc9b1335b4fcc68be56131b634b95"] = "blessing", // SQLite: public domain
    };

    /// <summary>All packages of all projects, by id and version.</summary>
    /// <exception cref="InvalidOperationException">A project was not restored.</exception>
    public static IReadOnlyList<Package> Read(string root)
    {
        var found = new Dictionary<string, Package>(StringComparer.OrdinalIgnoreCase);
        foreach (var project in Projects(root))
        {
            var assets = Path.Combine(Path.GetDirectoryName(project)!, "obj", "project.assets.json");
            if (!File.Exists(assets))
                throw new InvalidOperationException($"{project} was not restored: run dotnet restore SingleWindowBridge.sln.");
            using var json = JsonDocument.Parse(File.ReadAllText(assets));
            var shipped = Path.GetRelativePath(root, project).StartsWith("src", StringComparison.Ordinal);
            foreach (var package in Read(json.RootElement, shipped))
            {
                var key = $"{package.Id}/{package.Version}";
                found[key] = !found.TryGetValue(key, out var known) ? package
                    : known with { Use = (Use)Math.Max((int)known.Use, (int)package.Use), Dependencies = [.. known.Dependencies.Union(package.Dependencies).Order(StringComparer.Ordinal)] };
            }
        }

        return [.. found.Values.OrderBy(package => package.Id, StringComparer.OrdinalIgnoreCase).ThenBy(package => package.Version, StringComparer.Ordinal)];
    }

    /// <summary>Projects whose restore does not ask for known weaknesses of all packages, or would not fail by them.</summary>
    public static IEnumerable<string> AuditFaults(string root)
    {
        foreach (var project in Projects(root))
        {
            using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(project)!, "obj", "project.assets.json")));
            var restore = json.RootElement.GetProperty("project").GetProperty("restore");
            var audit = restore.GetProperty("restoreAuditProperties");
            var errors = restore.GetProperty("warningProperties").GetProperty("warnAsError").EnumerateArray().Select(code => code.GetString()).ToHashSet();
            if (audit.GetProperty("enableAudit").GetString() != "true" || audit.GetProperty("auditMode").GetString() != "all"
                || audit.GetProperty("auditLevel").GetString() != "low" || !errors.IsSupersetOf(["NU1901", "NU1902", "NU1903", "NU1904"]))
            {
                yield return $"{Path.GetRelativePath(root, project)} is restored without NuGet's audit of all packages, or without failing by it.";
            }
        }
    }

    // Those of the solution.
    private static IEnumerable<string> Projects(string root) => File.ReadLines(Path.Combine(root, "SingleWindowBridge.sln"))
        .Where(line => line.StartsWith("Project(", StringComparison.Ordinal) && line.Contains(".csproj", StringComparison.Ordinal))
        .Select(line => Path.Combine(root, line.Split('"')[5].Replace('\\', '/')));

    private static IEnumerable<Package> Read(JsonElement assets, bool shipped)
    {
        var folders = assets.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
        var targets = assets.GetProperty("targets").EnumerateObject().Select(target => target.Value).ToList();
        foreach (var library in assets.GetProperty("libraries").EnumerateObject().Where(library => library.Value.GetProperty("type").GetString() == "package"))
        {
            var parts = library.Name.Split('/');
            var uses = targets.Where(target => target.TryGetProperty(library.Name, out _)).Select(target => target.GetProperty(library.Name)).ToList();

            // What ends with the build has no assembly and no native library that would be needed afterwards.
            var runs = uses.Any(use => Has(use, "runtime") || Has(use, "runtimeTargets") || Has(use, "dependencies"));
            var dependencies = uses.SelectMany(use => use.TryGetProperty("dependencies", out var needed)
                ? needed.EnumerateObject().Select(each => each.Name) : []).Distinct().Order(StringComparer.Ordinal).ToList();
            var path = library.Value.GetProperty("path").GetString()!;
            var nuspec = folders.Select(folder => Path.Combine(folder, path, parts[0].ToLowerInvariant() + ".nuspec")).First(File.Exists);
            yield return Describe(
                XDocument.Load(nuspec).Root!, Path.GetDirectoryName(nuspec)!, parts[0], parts[1], library.Value.GetProperty("sha512").GetString()!,
                !shipped ? Use.Test : runs ? Use.Runtime : Use.Build, dependencies);
        }
    }

    private static string HashOf(string path) => File.Exists(path) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) : "";

    private static bool Has(JsonElement use, string what) =>
        use.TryGetProperty(what, out var files) && files.EnumerateObject().Any(file => !file.Name.EndsWith("/_._", StringComparison.Ordinal));

    private static Package Describe(XElement nuspec, string folder, string id, string version, string sha512, Use use, IReadOnlyList<string> dependencies)
    {
        string Value(string name) => nuspec.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim() ?? "";
        var licence = nuspec.Descendants().FirstOrDefault(element => element.Name.LocalName == "license");
        var url = Value("licenseUrl") is var given && given.StartsWith("https://aka.ms/deprecateLicenseUrl", StringComparison.Ordinal) ? "" : given;
        var isExpression = licence?.Attribute("type")?.Value == "expression";
        var known = isExpression ? licence!.Value.Trim()
            : licence is not null ? ByText.GetValueOrDefault(HashOf(Path.Combine(folder, licence.Value.Trim().Replace('\\', '/'))))
            : ByAddress.GetValueOrDefault(url);
        var text = known ?? (licence is not null ? $"the package's {licence.Value.Trim()}" : url);
        var package = new Package(id, version, sha512, text, known is not null, url, Value("authors"), use, dependencies);

        // Of these two the official packages are what counts for whoever uses ours.
        return package.IsStandIn ? package with { Licence = "Apache-2.0", IsExpression = true, LicenceUrl = "https://licenses.nuget.org/Apache-2.0" } : package;
    }
}
