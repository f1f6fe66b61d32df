using System.Text;

namespace SingleWindowBridge.Supply;

/// <summary>The page of licences.</summary>
internal static class Licences
{
    private const string Head =
        """
        # Licences

        Written by `eng/supply.sh licences` from what the packages say of themselves; do not edit it here. CI holds it to what is restored.
        *Shipped* is what the server and the SDK need when they run; *build* is used to build them; *test* is in tests, benches and samples
        alone and reaches nobody.

        | package | version | licence | authors | use |
        | --- | --- | --- | --- | --- |

        """;

    // What may be shipped: none asks more than to be named.
    private static readonly HashSet<string> Allowed = ["Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL", "ISC", "blessing"];

    /// <summary>The page.</summary>
    public static string Write(IEnumerable<Package> packages)
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var package in packages)
        {
            var version = package.MayBeStandIn ? string.Join('.', package.Version.Split('.').Take(3)) : package.Version;
            var authors = package.MayBeStandIn ? "The gRPC Authors" : package.Owner;
            text.Append($"| {package.Id} | {version} | {package.Licence} | {authors.Replace("|", "\\|", StringComparison.Ordinal)} | {Name(package.Use)} |\n");
        }

        return text.ToString();
    }

    /// <summary>Packages whose licence is not known, or is not one that may be shipped.</summary>
    public static IEnumerable<string> Faults(IEnumerable<Package> packages)
    {
        foreach (var package in packages)
        {
            if (package.Licence.Length == 0)
                yield return $"{package.Id} {package.Version} names no licence.";
            else if (package.Use != Use.Test && !package.Licence.Split([" AND ", " OR "], StringSplitOptions.None).All(Allowed.Contains))
                yield return $"{package.Id} {package.Version} is under {package.Licence}, which is not among those that may be shipped.";
        }
    }

    private static string Name(Use use) => use switch { Use.Runtime => "shipped", Use.Build => "build", _ => "test" };
}
