using System.Security.Cryptography;

namespace SingleWindowBridge.Server.Proof;

/// <summary>The private key with which this server signs: ECDSA on P-256, SHA-256, signatures in DER.</summary>
public sealed class Signer : IDisposable
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock turn = new();
    private readonly ECDsa key;

    private Signer(ECDsa key)
    {
        this.key = key;
        PublicKey = key.ExportSubjectPublicKeyInfo();
        Id = IdOf(PublicKey);
    }

    /// <summary>Names the key: the first 32 hexadecimal digits of the SHA-256 of its public half.</summary>
    public string Id { get; }

    /// <summary>The public half: SubjectPublicKeyInfo in DER.</summary>
    public byte[] PublicKey { get; }

    /// <summary>The name of a public key.</summary>
    public static string IdOf(ReadOnlySpan<byte> publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey))[..32];

    /// <summary>Reads the key from a PEM file.</summary>
    /// <exception cref="InvalidOperationException">There is none, or it is not one on P-256; the message names the file.</exception>
    public static Signer Read(string path)
    {
        try
        {
            var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(path));
            if (key.ExportParameters(includePrivateParameters: true).Curve.Oid?.Value is not "1.2.840.10045.3.1.7")
                throw new CryptographicException("It is on another curve than P-256.");
            return new Signer(key);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new InvalidOperationException(
                $"Signing:KeyFile: {Path.GetFullPath(path)} cannot be read as a private key on P-256 in PEM: {fault.Message}", fault);
        }
    }

    /// <summary>Makes a new key in a file that its owner alone can read; leaves a file that is there as it is.</summary>
    public static void Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        // Whole or not there at all: another server may start at the same moment.
        var draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerAlone;
        using (var writer = new StreamWriter(draft, options))
            writer.WriteLine(key.ExportPkcs8PrivateKeyPem());
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }

    /// <summary>Whether others than its owner may read a file.</summary>
    public static bool IsOpenToOthers(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerAlone & ~UnixFileMode.UserExecute) != 0;

    /// <summary>Signs.</summary>
    public byte[] Sign(ReadOnlySpan<byte> content)
    {
        lock (turn)
            return key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>Whether a signature of a content is by the private half of a public key.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(publicKey, out _);
            return key.VerifyData(content, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();
}
