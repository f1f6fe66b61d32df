using System.Text;

namespace SingleWindowBridge.Supply;

/// <summary>
/// The lock: every package with its version and the hash of its content, in one file for all projects. NuGet's own lock files cannot be
/// used: they would hold the two gRPC packages to the stand-ins of the machine that wrote them (docs/adr/0001), and fail on all others.
/// </summary>
internal static class LockFile
{
    private const string Head =
        "# Every package of every project: id, version, SHA-512 of its content as NuGet keeps it. Written by eng/supply.sh lock, held by CI.\n"
        + "# Grpc.Core.Api and Grpc.Net.Common are held to their version alone, or to the stand-in of it (docs/adr/0001).\n";

    /// <summary>The lock of what is restored.</summary>
    public static string Write(IEnumerable<Package> packages)
    {
        var text = new StringBuilder(Head);
        foreach (var package in packages)
            text.Append(Line(package)).Append('\n');
        return text.ToString();
    }

    /// <summary>How what is restored differs from a lock; empty where it does not.</summary>
    public static IEnumerable<string> Differences(string locked, IReadOnlyCollection<Package> packages)
    {
        var lines = locked.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToHashSet();
        foreach (var package in packages.Where(package => !lines.Remove(Line(package))))
            yield return $"eng/packages.lock does not have {Line(package)}";
        foreach (var line in lines)
            yield return $"eng/packages.lock has {line}, which is not restored";
    }

    private static string Line(Package package) => package.MayBeStandIn
        ? $"{package.Id} {string.Join('.', package.Version.Split('.').Take(3))}"
        : $"{package.Id} {package.Version} {package.Sha512}";
}
