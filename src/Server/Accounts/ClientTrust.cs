using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SingleWindowBridge.Server.Accounts;

/// <summary>The authorities whose client certificates count: the PEM file in Tls:ClientAuthorities, read at the start.</summary>
public sealed class ClientTrust
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2Collection authorities = [];

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file; null or empty where there is none.</param>
    /// <exception cref="InvalidOperationException">It cannot be read, or holds no certificate.</exception>
    public ClientTrust(string? path)
    {
        if (string.IsNullOrEmpty(path))
            return;

        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"Tls:ClientAuthorities: {path} cannot be read as PEM: {unreadable.Message}", unreadable);
        }

        if (authorities.Count == 0)
            throw new InvalidOperationException($"Tls:ClientAuthorities: {path} holds no certificate.");
    }

    /// <summary>Whether a certificate comes from one of them and is for clients; null where none is set. Its dates are not looked at.</summary>
    public bool? Trusts(X509Certificate2 certificate)
    {
        if (authorities.Count == 0)
            return null;

        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities);
        policy.ExtraStore.AddRange(authorities);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        policy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(certificate);
    }
}
