using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using SingleWindowBridge.Server.Proof;

namespace SingleWindowBridge.Server.Tests.Proof;

/// <summary>Where the private key comes from, and the tree of hashes that it signs.</summary>
public sealed class SignerTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bridge-keys-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_key_is_made_beside_an_embedded_database_for_its_owner_alone_and_stays()
    {
        var settings = Settings(("Bridge:Database", Path.Combine(folder, "deep", "bridge.db")));
        using var made = SigningKeys.Open(settings, sandbox: false, NullLogger.Instance);
        using var again = SigningKeys.Open(settings, sandbox: false, NullLogger.Instance);
        Assert.Equal(made.Id, again.Id);
        var path = Path.Combine(folder, "deep", "signing-key.pem");
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.False(Signer.IsOpenToOthers(path));
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupRead);
        Assert.True(Signer.IsOpenToOthers(path));
    }

    [Fact]
    public void Servers_that_start_at_once_make_one_key()
    {
        var path = Path.Combine(folder, "signing-key.pem");
        Parallel.For(0, 16, _ => Signer.Make(path));
        using var key = Signer.Read(path);
        Assert.Equal([path], Directory.GetFiles(folder));
    }

    [Fact]
    public void A_server_of_real_cases_is_given_its_key()
    {
        var database = ("ConnectionStrings:Bridge", "Host=none");
        var refused = Assert.Throws<InvalidOperationException>(() => SigningKeys.Open(Settings(database), sandbox: false, NullLogger.Instance));
        Assert.Contains("Signing:KeyFile", refused.Message, StringComparison.Ordinal);
        var missing = Settings(database, ("Signing:KeyFile", Path.Combine(folder, "none.pem")));
        Assert.Contains("none.pem", Assert.Throws<InvalidOperationException>(() => SigningKeys.Open(missing, sandbox: false, NullLogger.Instance)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_holds_no_key_on_P256_is_refused_by_its_name()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create();
        var path = Path.Combine(folder, "other.pem");
        foreach (var text in new[] { "", "no key", other.ExportPkcs8PrivateKeyPem(), rsa.ExportPkcs8PrivateKeyPem(), other.ExportSubjectPublicKeyInfoPem() })
        {
            File.WriteAllText(path, text);
            Assert.Contains("other.pem", Assert.Throws<InvalidOperationException>(() => Signer.Read(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_leaf_of_a_tree_of_any_size_leads_to_its_root_by_its_path_and_no_other_does()
    {
        for (var count = 1; count <= 65; count++)
        {
            var leaves = Enumerable.Range(0, count).Select(index => HashTree.Leaf([(byte)index])).ToList();
            var (root, paths) = HashTree.Build(leaves);
            for (var index = 0; index < count; index++)
            {
                Assert.Equal(root, Climb(leaves[index], paths[index]));
                Assert.NotEqual(root, Climb(HashTree.Leaf([(byte)(index + 1)]), paths[index]));
            }
        }
    }

    private static byte[] Climb(byte[] hash, IEnumerable<PathStep> path) =>
        path.Aggregate(hash, (below, step) => step.Left ? HashTree.Node(step.Hash, below) : HashTree.Node(below, step.Hash));

    private static IConfiguration Settings(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(each => each.Name, each => (string?)each.Value)).Build();
}
