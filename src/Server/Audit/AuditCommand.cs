using System.Security.Cryptography;
using SingleWindowBridge.Server.Proof;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Audit;

/// <summary>
/// The command line's "audit verify" and "audit head". Exit codes: 0, all is as it was written; 1, something is wrong, told row by row;
/// 2, it could not be found out.
/// </summary>
public static class AuditCommand
{
    /// <summary>How it is called.</summary>
    public const string Usage =
        """
        audit verify [--head FILE|FOLDER]... [--key FILE]...   checks every row; heads beside those in Audit:HeadFolder; --key: a public
                                                               key in PEM; one of them must have signed each head, else one that the
                                                               database knows
        audit head [--out FOLDER]                              writes a signed head, into Audit:HeadFolder where nothing is said
        """;

    private const int PageSize = 1000;
    private const int MostTold = 100;

    /// <summary>Runs a command.</summary>
    /// <param name="args">What follows the word "audit"; what is not an option of the command is a setting, as the server takes it.</param>
    /// <param name="output">Where to tell what was found.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output)
    {
        try
        {
            var options = new Arguments(args);
            var configuration = WebApplication.CreateBuilder(
                new WebApplicationOptions { Args = [.. options.Settings], ContentRootPath = AppContext.BaseDirectory }).Configuration;
            if (string.IsNullOrEmpty(configuration.GetConnectionString("Bridge")) && configuration["Bridge:Database"] is { } file && !File.Exists(file))
                throw new FileNotFoundException($"There is no database at {Path.GetFullPath(file)}; ConnectionStrings:Bridge or Bridge:Database says where it is.");
            var database = Composition.OpenDatabase(configuration, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);
            await using var closing = database as IAsyncDisposable;
            using var ending = database as IDisposable;
            return options.Command == "verify"
                ? await VerifyAsync(options, database, configuration, output)
                : await HeadAsync(options, database, configuration, output);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or IOException or InvalidDataException
            or UnauthorizedAccessException or CryptographicException or System.Data.Common.DbException)
        {
            await output.WriteLineAsync(fault.Message);
            return 2;
        }
    }

    private static async Task<int> HeadAsync(Arguments options, IBridgeDatabase database, IConfiguration configuration, TextWriter output)
    {
        var folder = options.Out ?? AuditOptions.Of(configuration).HeadFolder;
        if (folder.Length == 0)
            throw new ArgumentException("Say where to by --out FOLDER or Audit:HeadFolder.");
        using var key = Signer.Read(SigningKeys.FileOf(configuration, sandbox: true)!);
        await database.PublishAsync(key, TimeProvider.System.GetUtcNow());
        await output.WriteLineAsync(await HeadExport.WriteAsync(folder, database, key, TimeProvider.System.GetUtcNow(), CancellationToken.None));
        return 0;
    }

    private static async Task<int> VerifyAsync(Arguments options, IBridgeDatabase database, IConfiguration configuration, TextWriter output)
    {
        await using var sql = await database.OpenAsync(Scope.Everyone, CancellationToken.None);
        var heads = ReadHeads([AuditOptions.Of(configuration).HeadFolder, .. options.Heads]);
        var keys = options.Keys.Count > 0
            ? options.Keys.ConvertAll(ReadPublicKey)
            : (await sql.ListSigningKeysAsync()).Select(key => key.PublicKey).ToList();
        var faults = heads.Where(head => !keys.Exists(key => head.Head.IsSignedBy(key)))
            .Select(head => $"{head.Source} is not signed by {(options.Keys.Count == 0 ? "a key of this database" : string.Join(" or ", options.Keys))}").ToList();

        // What the server writes meanwhile is no fault: the chains must hold where they ended before, and end no later than afterwards.
        var verifier = new AuditVerifier([.. heads.SelectMany(head => head.Head.Chains), .. await sql.ListChainHeadsAsync()]);
        IReadOnlyList<AuditRow> page = [];
        do
        {
            page = await sql.ListAuditAsync(page.Count > 0 ? page[^1].AuthorityId : "", page.Count > 0 ? page[^1].Number : 0, PageSize);
            foreach (var row in page)
                verifier.Take(row);
        }
        while (page.Count == PageSize);
        verifier.End(await sql.ListChainHeadsAsync());

        faults.AddRange(verifier.Faults.Select(fault => fault.ToString()));
        foreach (var fault in faults.Take(MostTold))
            await output.WriteLineAsync(fault);
        await output.WriteLineAsync(
            $"{verifier.Count} rows, {heads.Count} signed heads, {faults.Count} faults{(faults.Count > MostTold ? $", the first {MostTold} told" : "")}");
        if (heads.Count == 0)
            await output.WriteLineAsync("Without a signed head it cannot be seen whether whole chains were written anew.");
        return faults.Count == 0 ? 0 : 1;
    }

    private static List<(string Source, AuditHead Head)> ReadHeads(IEnumerable<string> places)
    {
        var files = new List<string>();
        foreach (var place in places.Where(place => place.Length > 0))
        {
            if (Directory.Exists(place))
                files.AddRange(Directory.GetFiles(place, "audit-head-*.json").Order(StringComparer.Ordinal));
            else
                files.Add(place);
        }

        return [.. files.Select(file => (file, AuditHead.Parse(File.ReadAllText(file), file)))];
    }

    private static byte[] ReadPublicKey(string path)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(path));
        return key.ExportSubjectPublicKeyInfo();
    }

    private sealed class Arguments
    {
        public Arguments(IReadOnlyList<string> args)
        {
            Command = args is ["verify" or "head", ..] ? args[0] : throw new ArgumentException(Usage);
            for (var index = 1; index < args.Count; index++)
            {
                switch (args[index])
                {
                    case "--head":
                        Heads.Add(Value(args, ++index));
                        break;
                    case "--key":
                        Keys.Add(Value(args, ++index));
                        break;
                    case "--out":
                        Out = Value(args, ++index);
                        break;
                    default:
                        Settings.Add(args[index]);
                        break;
                }
            }
        }

        public string Command { get; }

        public List<string> Heads { get; } = [];

        public List<string> Keys { get; } = [];

        public string? Out { get; }

        public List<string> Settings { get; } = [];

        private static string Value(IReadOnlyList<string> args, int index) => index < args.Count ? args[index] : throw new ArgumentException(Usage);
    }
}
