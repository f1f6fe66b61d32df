using SingleWindowBridge.Supply;

// lock | licences | sbom FILE: writes it. check: says whether lock and licences are current, and whether the SBOM has the shape it must have.
if (args is not [var root, var command, ..])
{
    Console.Error.WriteLine("Call eng/supply.sh.");
    return 2;
}

var packages = Restored.Read(root);
var lockFile = Path.Combine(root, "eng", "packages.lock");
var licencesFile = Path.Combine(root, "docs", "licences.md");
switch (command)
{
    case "lock":
        File.WriteAllText(lockFile, LockFile.Write(packages));
        return 0;
    case "licences":
        File.WriteAllText(licencesFile, Licences.Write(packages));
        return 0;
    case "sbom" when args.Length == 3:
        File.WriteAllText(args[2], Sbom.Write(packages, root));
        return 0;
    case "check":
        string[] faults =
        [
            .. LockFile.Differences(File.ReadAllText(lockFile), packages),
            .. Licences.Faults(packages),
            .. File.ReadAllText(licencesFile) == Licences.Write(packages) ? Array.Empty<string>() : ["docs/licences.md is not current: run eng/supply.sh licences"],
            .. Restored.AuditFaults(root),
            .. Sbom.Faults(Sbom.Write(packages, root)),
        ];
        Array.ForEach(faults, Console.Error.WriteLine);
        Console.WriteLine($"{packages.Count} packages, {faults.Length} faults");
        return faults.Length == 0 ? 0 : 1;
    default:
        Console.Error.WriteLine("lock, licences, sbom FILE or check.");
        return 2;
}
