using System.Net;

namespace SingleWindowBridge.Server.Tls;

/// <summary>The names by which a machine calls itself: what goes there leaves it by no network.</summary>
internal static class Loopback
{
    /// <summary>Whether a host is this machine: localhost, or a loopback address.</summary>
    public static bool Is(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
