using Microsoft.AspNetCore.Hosting.Server;
using SingleWindowBridge.Server.Exchange;
using SingleWindowBridge.Server.Tls;

namespace SingleWindowBridge.Server.Sandbox;

/// <summary>
/// Refuses to start where other machines reach a sandbox whose account still has the key that appsettings.json and the documentation give:
/// it would be open to everybody. Where a proxy on the same machine lets others in, that cannot be seen from here.
/// </summary>
public sealed class PublishedSandboxKey(IServer server, IConfiguration configuration, ExchangeOptions exchange) : IStartupFilter
{
    /// <summary>The key that everybody can read.</summary>
    public const string Value = "swb_sandbox_aruba_try_me";

    /// <inheritdoc/>
    /// <remarks>Called when the addresses are known and none is listened on yet.</remarks>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next)
    {
        var published = configuration.GetSection("Sandbox:Accounts").GetChildren().FirstOrDefault(account => account["Key"] == Value);
        if (exchange.IsSandbox && published is not null)
        {
            foreach (var (setting, address) in ServedAddresses.Of(server, configuration).Where(each => !ServedAddresses.IsLocal(each.Address)))
            {
                throw new InvalidOperationException(
                    $"{setting}: {address} can be reached from other machines, and {published.Path}:Key is {Value}, which everybody can read in "
                    + $"the documentation. Set {published.Path}:Key to a key of your own, or serve on a loopback address.");
            }
        }

        return next;
    }
}
