using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SingleWindowBridge.Server.Sandbox;

namespace SingleWindowBridge.Tool;

/// <summary>Where the bridge is, and by what a caller and the bridge know each other: the options of every command that calls it.</summary>
internal static class BridgeOptions
{
    private const string PasswordVariable = "SWB_CERT_PASSWORD";

    private static readonly Option<string> Endpoint = new("--endpoint")
    {
        Description = "The bridge; also from SWB_ENDPOINT.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("SWB_ENDPOINT") is { Length: > 0 } set ? set : "http://127.0.0.1:5080",
    };

    private static readonly Option<string?> Key = new("--key")
    {
        Description = "The authority's key; better from SWB_KEY, which no list of processes shows. On this machine the sandbox's, if unset.",
    };

    private static readonly Option<string?> Certificate = new("--cert")
    {
        Description = $"The authority's client certificate: PEM or PKCS#12 (PFX); a password from {PasswordVariable}.",
    };

    private static readonly Option<string?> CertificateKey = new("--cert-key")
    {
        Description = "The private key of --cert, in PEM, where it is in a file of its own.",
    };

    private static readonly Option<string?> Authorities = new("--ca")
    {
        Description = "The only authorities whose server certificates are trusted, in PEM; those of this machine, if unset.",
    };

    private static readonly Option<bool> Insecure = new("--insecure")
    {
        Description = "Let the key go over http:// to another machine, unencrypted: where something else encrypts the way.",
    };

    /// <summary>All of them.</summary>
    public static IEnumerable<Option> All => [Endpoint, Key, Certificate, CertificateKey, Authorities, Insecure];

    /// <summary>What they say.</summary>
    /// <exception cref="ArgumentException">They cannot be used so; the message names the option.</exception>
    public static SingleWindowClientOptions Read(ParseResult options)
    {
        if (!Uri.TryCreate(options.GetRequiredValue(Endpoint), UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            throw new ArgumentException("--endpoint：须为 http:// 或 https:// 地址。 --endpoint is an http:// or https:// address.");
        var certificate = options.GetValue(Certificate);
        var authorities = options.GetValue(Authorities);
        if (endpoint.Scheme != Uri.UriSchemeHttps && (certificate ?? authorities) is not null)
            throw new ArgumentException("--cert 和 --ca 仅用于 https:// 地址。 --cert and --ca are for https:// addresses.");
        if (endpoint.Scheme == Uri.UriSchemeHttps && options.GetValue(Insecure))
        {
            throw new ArgumentException(
                "--insecure 仅用于 http:// 地址；https:// 的证书始终验证，请用 --ca 给出签发机构。 "
                + "--insecure is for http:// addresses; the certificate of an https:// one is always verified: give its authority by --ca.");
        }

        if (certificate is null && options.GetValue(CertificateKey) is not null)
            throw new ArgumentException("--cert-key 须与 --cert 同用。 --cert-key goes with --cert.");
        var made = new SingleWindowClientOptions
        {
            Endpoint = endpoint,
            ApiKey = KeyFor(options, endpoint),
            AllowInsecureTransport = options.GetValue(Insecure),
        };
        if (certificate is not null)
            made.ClientCertificates = [Load("--cert", certificate, () => WithKey(certificate, options.GetValue(CertificateKey)))];
        if (authorities is not null)
            made.ServerAuthorities = Load("--ca", authorities, () => InPem(authorities));
        return made;
    }

    /// <summary>The option that mends a failure, in both languages; null where none does.</summary>
    public static string? Mending(SingleWindowException failure, ParseResult options) => failure switch
    {
        InsecureTransportException => "命令行中请加 --insecure。 On the command line, that is --insecure.",
        { Reason: ErrorReason.CertificateRequired } when options.GetValue(Certificate) is null =>
            "请用 --cert 给出客户端证书。 Give the client certificate by --cert.",
        CredentialsMissingException => "请用 SWB_KEY 或 --key 给出密钥。 Give the key by SWB_KEY or --key.",
        ServerNotTrustedException when options.GetValue(Authorities) is { } file =>
            $"--ca：服务器的证书并非由 {file} 中的机构签发，或名称与 --endpoint 不符。 "
            + $"--ca: the server's certificate is not from an authority in {file}, or not for the name in --endpoint.",
        ServerNotTrustedException =>
            "本机不信任服务器的证书：请用 --ca 给出签发机构的证书；其名称须与 --endpoint 一致。若服务器不使用 TLS，地址以 http:// 开头。 "
            + "This machine does not trust the server's certificate: give the certificate of its authority by --ca; its name must be that in "
            + "--endpoint. Where the server speaks no TLS, its address begins with http://.",
        _ => null,
    };

    // A certificate may be all that an account shows: then no key is made up.
    private static string? KeyFor(ParseResult options, Uri endpoint)
    {
        if ((options.GetValue(Key) ?? Environment.GetEnvironmentVariable("SWB_KEY")) is { Length: > 0 } key)
            return key;
        if (options.GetValue(Certificate) is not null)
            return null;
        return endpoint.IsLoopback
            ? PublishedSandboxKey.Value
            : throw new ArgumentException(
                "请用 SWB_KEY 或 --key 给出密钥，或用 --cert 给出证书。 Give the key by SWB_KEY or --key, or a certificate by --cert.");
    }

    private static X509Certificate2 WithKey(string file, string? keyFile)
    {
        var password = Environment.GetEnvironmentVariable(PasswordVariable);
        X509Certificate2 own;
        if (File.ReadAllText(file).Contains("-----BEGIN ", StringComparison.Ordinal))
        {
            own = password is { Length: > 0 }
                ? X509Certificate2.CreateFromEncryptedPemFile(file, password, keyFile ?? file)
                : X509Certificate2.CreateFromPemFile(file, keyFile ?? file);
        }
        else
        {
            own = X509CertificateLoader.LoadPkcs12CollectionFromFile(file, password).FirstOrDefault(one => one.HasPrivateKey)
                ?? throw new CryptographicException("其中没有私钥。 There is no private key in it.");
        }

        // Windows shows no certificate whose key lives in memory alone.
        return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null) : own;
    }

    private static X509Certificate2Collection InPem(string file)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(file);
        return found.Count > 0 ? found : throw new CryptographicException("其中没有 PEM 证书。 There is no certificate in PEM in it.");
    }

    private static T Load<T>(string option, string file, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            var perhaps = option == "--cert" && unreadable is CryptographicException ? $" (--cert-key, {PasswordVariable}?)" : "";
            throw new ArgumentException($"{option}：{file} 无法使用。 {option}: {file} cannot be used: {unreadable.Message}{perhaps}", unreadable);
        }
    }
}
