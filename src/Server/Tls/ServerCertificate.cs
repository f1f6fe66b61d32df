using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SingleWindowBridge.Server.Tls;

/// <summary>
/// The server's certificate from its files. When they change it is read again, without a cut: connections that stand go on, later ones
/// get the new certificate. While new files cannot be read the one before stays in use.
/// </summary>
public sealed class ServerCertificate
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock turn = new();
    private readonly TlsOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private Loaded current;
    private DateTime files;
    private long lookedAt;

    /// <summary>Reads the files.</summary>
    /// <exception cref="InvalidOperationException">They cannot be read; the message names the setting.</exception>
    public ServerCertificate(TlsOptions options, TimeProvider clock, ILogger<ServerCertificate> logger)
    {
        (this.options, this.clock, this.logger) = (options, clock, logger);
        files = Written();
        try
        {
            current = Load();
        }
        catch (Exception unreadable) when (IsOfFile(unreadable))
        {
            throw new InvalidOperationException($"Tls:Certificate: {options.Certificate} cannot be used: {unreadable.Message}", unreadable);
        }

        lookedAt = clock.GetTimestamp();
    }

    /// <summary>The certificate as it is shown now.</summary>
    public X509Certificate2 Certificate => Current().Certificate;

    /// <summary>The same with the certificates between it and its root.</summary>
    public SslStreamCertificateContext Context => Current().Context;

    private Loaded Current()
    {
        lock (turn)
        {
            if (clock.GetElapsedTime(lookedAt) >= LookEvery)
                Look();
            return current;
        }
    }

    private void Look()
    {
        lookedAt = clock.GetTimestamp();
        var written = Written();
        if (written == files)
            return;

        try
        {
            current = Load();
            files = written;
            logger.LogInformation("The server's certificate was read again; it is valid until {End:u}", current.Certificate.NotAfter.ToUniversalTime());
        }
        catch (Exception unreadable) when (IsOfFile(unreadable))
        {
            // Perhaps half of it is written; it is looked at again.
            logger.LogWarning("The new certificate of the server cannot be used, and the one before stays: {Failure}", unreadable.Message);
        }
    }

    private static bool IsOfFile(Exception failure) =>
        failure is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    private DateTime Written()
    {
        var certificate = File.GetLastWriteTimeUtc(options.Certificate!);
        return options.Key is { Length: > 0 } path && File.GetLastWriteTimeUtc(path) is var key && key > certificate ? key : certificate;
    }

    private Loaded Load()
    {
        var others = new X509Certificate2Collection();
        X509Certificate2 own;
        if (X509Certificate2.GetCertContentType(options.Certificate!) == X509ContentType.Pfx)
        {
            others = X509CertificateLoader.LoadPkcs12CollectionFromFile(options.Certificate!, options.Password);
            own = others.FirstOrDefault(certificate => certificate.HasPrivateKey)
                ?? throw new CryptographicException($"{options.Certificate} holds no certificate with its private key.");
        }
        else
        {
            var key = options.Key is { Length: > 0 } path ? path : options.Certificate!;
            own = options.Password is { Length: > 0 } password
                ? X509Certificate2.CreateFromEncryptedPemFile(options.Certificate!, password, key)
                : X509Certificate2.CreateFromPemFile(options.Certificate!, key);
            others.ImportFromPemFile(options.Certificate!);
        }

        // Windows serves with no key that lives in memory alone.
        if (OperatingSystem.IsWindows())
            own = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        return new Loaded(own, SslStreamCertificateContext.Create(own, others, offline: true));
    }

    private sealed record Loaded(X509Certificate2 Certificate, SslStreamCertificateContext Context);
}
