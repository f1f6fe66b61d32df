using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace SingleWindowBridge.Server.Tls;

/// <summary>What holds for every address with TLS.</summary>
public static class TlsSetup
{
    private const SslProtocols Allowed = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Has every address with TLS serve with the certificate in the settings, TLS 1.2 or later, and ask for a client certificate.</summary>
    public static void AddTls(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection("Tls").Get<TlsOptions>() ?? new TlsOptions();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<ServerCertificate>();
        builder.Services.AddSingleton<IStartupFilter, TlsRequirement>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureHttpsDefaults(https => Apply(https, options, kestrel)));
    }

    private static void Apply(HttpsConnectionAdapterOptions https, TlsOptions options, KestrelServerOptions kestrel)
    {
        https.SslProtocols = Allowed;

        // A client may show a certificate. Whether it counts, and for whom, is told with the call, where there is room for a reason.
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.AllowAnyClientCertificate();
        var own = options.Certificate is { Length: > 0 } ? kestrel.ApplicationServices.GetRequiredService<ServerCertificate>() : null;
        if (own is not null)
            https.ServerCertificateSelector = (_, _) => own.Certificate;
        https.OnAuthenticate = (_, tls) =>
        {
            // Also where the settings of a single address say otherwise.
            tls.EnabledSslProtocols = Allowed;

            // Nothing that a client shows has the server fetch anything.
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck,
            };
            if (own is not null)
                (tls.ServerCertificateSelectionCallback, tls.ServerCertificateContext) = (null, own.Context);
        };
    }
}
