using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SingleWindowBridge.Tests.Running;

/// <summary>A certificate authority of a test's own.</summary>
public sealed class TestPki : IDisposable
{
    private readonly X509Certificate2 root;

    /// <summary>Makes one under a name.</summary>
    public TestPki(string name = "CN=Test Root, O=Bridge Tests")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>The authority's own certificate, without its key.</summary>
    public X509Certificate2 Root => X509CertificateLoader.LoadCertificate(root.RawData);

    /// <summary>A server's certificate for this machine.</summary>
    public X509Certificate2 IssueServer() => Issue("CN=localhost", "1.3.6.1.5.5.7.3.1");

    /// <summary>A client's certificate.</summary>
    /// <param name="name">Whom it is issued to.</param>
    public X509Certificate2 IssueClient(string name) => Issue(name, "1.3.6.1.5.5.7.3.2");

    /// <summary>Writes a certificate and its key as PEM.</summary>
    public static void Write(X509Certificate2 certificate, string certificatePath, string keyPath)
    {
        File.WriteAllText(keyPath, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
    }

    /// <inheritdoc/>
    public void Dispose() => root.Dispose();

    private X509Certificate2 Issue(string name, string purpose)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(
            root, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(20), RandomNumberGenerator.GetBytes(16));
        using var whole = signed.CopyWithPrivateKey(key);

        // A key that lives in memory alone serves no TLS on Windows.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
