using System.Net;
using System.Net.Sockets;

namespace SingleWindowBridge.EndToEnd.Processes;

/// <summary>Ports for servers that are processes of their own.</summary>
internal static class FreePort
{
    // Below those that the system gives to whoever asks for any: between this look and the server's start nobody is given one of these.
    private const int First = 10_000;
    private const int After = 20_000;

    /// <summary>A port of this machine that nobody listens on.</summary>
    public static int Find()
    {
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, Random.Shared.Next(First, After));
            try
            {
                probe.Start();
                return ((IPEndPoint)probe.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody does; another one will be free.
            }
        }
    }
}
