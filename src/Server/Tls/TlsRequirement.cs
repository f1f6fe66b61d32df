using Microsoft.AspNetCore.Hosting.Server;

namespace SingleWindowBridge.Server.Tls;

/// <summary>Refuses to start where keys and documents would pass in the clear: on an address that is not loopback and has no TLS.</summary>
public sealed class TlsRequirement(IServer server, IConfiguration configuration, TlsOptions options, ILogger<TlsRequirement> logger) : IStartupFilter
{
    private const string OptOut = "Bridge:TlsTerminatedElsewhere";

    /// <inheritdoc/>
    /// <remarks>Called when the addresses are known and none is listened on yet.</remarks>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next)
    {
        foreach (var (setting, address) in ServedAddresses.Of(server, configuration))
            Check(setting, address);
        return next;
    }

    private void Check(string setting, BindingAddress address)
    {
        if (address.Scheme == "https")
        {
            var hasOwn = configuration.GetSection("Kestrel:Certificates:Default").Exists()
                || configuration.GetSection(setting.Replace(":Url", ":Certificate", StringComparison.Ordinal)).GetChildren().Any();
            if (options.Certificate is not { Length: > 0 } && !hasOwn)
                throw new InvalidOperationException($"{setting}: {address} needs a certificate; name its file in Tls:Certificate, and its key in Tls:Key.");
        }
        else if (!ServedAddresses.IsLocal(address))
        {
            if (!configuration.GetValue<bool>(OptOut))
            {
                throw new InvalidOperationException(
                    $"{setting}: {address} can be reached from other machines and has no TLS. Serve on https:// with Tls:Certificate, or on "
                    + $"a loopback address; where a proxy ends TLS before the server, and nobody else reaches it, set {OptOut} to true.");
            }

            logger.LogWarning("Serving without TLS on {Address}, as {Setting} says", address, OptOut);
        }
    }
}
