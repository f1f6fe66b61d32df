using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>A certificate that a client has shown for its connection: it has proven that it holds the private key.</summary>
public sealed class ClientCertificate
{
    private readonly DateTimeOffset notBefore;
    private readonly DateTimeOffset notAfter;

    /// <summary>Reads a certificate.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="trusted">Whether it comes from an authority in the settings; null where none is there.</param>
    public ClientCertificate(X509Certificate2 certificate, bool? trusted)
    {
        Thumbprint = ByThumbprint(certificate.GetCertHashString(HashAlgorithmName.SHA256));
        Names = trusted == true ? ByNames(certificate.SubjectName, certificate.IssuerName) : null;
        IsRefused = trusted == false;
        (notBefore, notAfter) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
    }

    /// <summary>How it is known by its thumbprint.</summary>
    public string Thumbprint { get; }

    /// <summary>How it is known by its names; null where these prove nothing.</summary>
    public string? Names { get; }

    /// <summary>Whether it comes from another authority than those in the settings.</summary>
    public bool IsRefused { get; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset NotAfter => notAfter;

    /// <summary>Whether it counts at this time.</summary>
    public bool IsValidAt(DateTimeOffset now) => !IsRefused && notBefore <= now && now < notAfter;

    /// <summary>The text by which a certificate is known by its SHA-256, in hexadecimal digits.</summary>
    public static string ByThumbprint(string sha256) => $"sha256 {sha256.ToLowerInvariant()}";

    /// <summary>The text by which certificates of these names are known; null where a name is of no use for it.</summary>
    public static string? ByNames(X500DistinguishedName subject, X500DistinguishedName issuer) =>
        Canonical(subject) is { } of && Canonical(issuer) is { } by ? $"subject {of}\nissuer {by}" : null;

    // The same whatever string type each part was encoded with, and no other name gives it: parts are of one value each, their
    // lengths are told.
    private static string? Canonical(X500DistinguishedName name)
    {
        try
        {
            var parts = name.EnumerateRelativeDistinguishedNames(reversed: false)
                .Select(part => (Type: part.GetSingleElementType().Value, Value: part.GetSingleElementValue())).ToList();
            return parts.Count > 0 && parts.All(part => part.Value is not null)
                ? string.Concat(parts.Select(part => $"[{part.Type}={part.Value!.Length}:{part.Value}]"))
                : null;
        }
        catch (Exception unusable) when (unusable is CryptographicException or InvalidOperationException)
        {
            return null;
        }
    }
}
