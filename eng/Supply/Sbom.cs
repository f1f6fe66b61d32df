using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace SingleWindowBridge.Supply;

/// <summary>The bill of materials of what is shipped, in CycloneDX 1.6. The same input gives the same text: no time, no random number.</summary>
internal static partial class Sbom
{
    private const string Product = "singlewindow-bridge";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>The text.</summary>
    public static string Write(IReadOnlyList<Package> packages, string root)
    {
        var shipped = packages.Where(package => package.Use != Use.Test).ToList();
        var version = XDocument.Load(Path.Combine(root, "Directory.Build.props")).Descendants("Version").First().Value;
        var needed = shipped.SelectMany(package => package.Dependencies).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new JsonObject
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["component"] = new JsonObject { ["type"] = "application", ["bom-ref"] = Product, ["name"] = Product, ["version"] = version },
            },
            ["components"] = new JsonArray([.. shipped.Select(Component)]),
            ["dependencies"] = new JsonArray(
            [
                Dependency(Product, shipped.Where(package => !needed.Contains(package.Id)).Select(Purl)),
                .. shipped.Select(package => Dependency(
                    Purl(package), shipped.Where(other => package.Dependencies.Contains(other.Id, StringComparer.OrdinalIgnoreCase)).Select(Purl))),
            ]),
        }.ToJsonString(Readable) + "\n";
    }

    /// <summary>What in a text is not as CycloneDX 1.6 has it, as far as this writes it.</summary>
    public static IEnumerable<string> Faults(string text)
    {
        var bom = JsonNode.Parse(text)!.AsObject();
        if ((string?)bom["bomFormat"] != "CycloneDX" || (string?)bom["specVersion"] != "1.6" || (int?)bom["version"] != 1)
            yield return "SBOM: it does not say that it is CycloneDX 1.6";
        var refs = new HashSet<string> { (string)bom["metadata"]!["component"]!["bom-ref"]! };
        foreach (var component in bom["components"]!.AsArray().Select(each => each!.AsObject()))
        {
            var name = (string?)component["name"];
            if (string.IsNullOrEmpty(name) || (string?)component["type"] is not ("library" or "application"))
                yield return $"SBOM: a component has no name or type: {component.ToJsonString()}";
            if (!refs.Add((string)component["bom-ref"]!))
                yield return $"SBOM: {name} is there twice";
            if (!PurlPattern().IsMatch((string)component["purl"]!))
                yield return $"SBOM: the purl of {name} is none";
            if ((string?)component["scope"] is not ("required" or "excluded"))
                yield return $"SBOM: the scope of {name} is none";
            if (component["hashes"]!.AsArray().Any(hash => (string?)hash!["alg"] != "SHA-512" || !HashPattern().IsMatch((string)hash["content"]!)))
                yield return $"SBOM: the hash of {name} is none";
            if (component["licenses"]!.AsArray() is not [JsonObject licence] || (licence["expression"] is null) == (licence["license"]?["name"] is null))
                yield return $"SBOM: {name} has no licence";
        }

        var told = bom["dependencies"]!.AsArray().Select(each => each!.AsObject()).ToList();
        foreach (var name in told.Select(each => (string)each["ref"]!).Concat(told.SelectMany(each => each["dependsOn"]!.AsArray().Select(on => (string)on!))))
        {
            if (!refs.Contains(name))
                yield return $"SBOM: something depends on {name}, which is not there";
        }
    }

    private static JsonObject Component(Package package) => new()
    {
        ["type"] = "library",
        ["bom-ref"] = Purl(package),
        ["name"] = package.Id,
        ["version"] = package.Version,
        ["scope"] = package.Use == Use.Runtime ? "required" : "excluded",
        ["authors"] = new JsonArray(new JsonObject { ["name"] = package.Owner }),
        ["hashes"] = new JsonArray(new JsonObject
        {
            ["alg"] = "SHA-512", ["content"] = Convert.ToHexStringLower(Convert.FromBase64String(package.Sha512)),
        }),
        ["licenses"] = new JsonArray(package.IsExpression
            ? new JsonObject { ["expression"] = package.Licence }
            : new JsonObject { ["license"] = new JsonObject { ["name"] = package.Licence } }),
        ["purl"] = Purl(package),
    };

    private static JsonObject Dependency(string of, IEnumerable<string> on) => new()
    {
        ["ref"] = of, ["dependsOn"] = new JsonArray([.. on.Select(name => JsonValue.Create(name))]),
    };

    private static string Purl(Package package) => $"pkg:nuget/{package.Id}@{package.Version}";

    [GeneratedRegex(@"^pkg:nuget/[A-Za-z0-9._-]+@[0-9][A-Za-z0-9.+-]*$")]
    private static partial Regex PurlPattern();

    [GeneratedRegex("^[0-9a-f]{128}$")]
    private static partial Regex HashPattern();
}
