using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace SingleWindowBridge.Server.Tls;

/// <summary>Where the server is to listen, as the settings say.</summary>
internal static class ServedAddresses
{
    /// <summary>Every address with its setting: Urls and Kestrel:Endpoints, since PreferHostingUrls decides which of them counts.</summary>
    public static IEnumerable<(string Setting, BindingAddress Address)> Of(IServer server, IConfiguration configuration)
    {
        var named = configuration.GetSection("Kestrel:Endpoints").GetChildren()
            .Where(endpoint => endpoint["Url"] is { Length: > 0 }).Select(endpoint => ($"{endpoint.Path}:Url", endpoint["Url"]!));
        var others = (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Select(address => ("Urls", address));
        return named.Concat(others).Select(each => (each.Item1, BindingAddress.Parse(each.Item2)));
    }

    /// <summary>Whether only this machine reaches it.</summary>
    public static bool IsLocal(BindingAddress address) =>
        address.IsUnixPipe || address.IsNamedPipe || Loopback.Is(address.Host.Trim('[', ']'));
}
