using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;

namespace SingleWindowBridge;

/// <summary>The channel to the bridge: to one server, or in turns to several.</summary>
internal static class Connection
{
    private const int MostBytesReceived = 16 * 1024 * 1024;

    private static readonly TimeSpan LongestReconnectWait = TimeSpan.FromSeconds(5);

    public static GrpcChannel Open(SingleWindowClientOptions options)
    {
        var settings = new GrpcChannelOptions
        {
            HttpHandler = options.HttpHandler ?? Handler(options),
            DisposeHttpClient = options.HttpHandler is null,
            LoggerFactory = options.LoggerFactory,
            MaxReceiveMessageSize = MostBytesReceived,

            // The channel's own wait after failed connections would grow to two minutes: too long after a server's restart.
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(250),
            MaxReconnectBackoff = LongestReconnectWait,
        };
        if (options.MoreEndpoints.Count == 0)
            return GrpcChannel.ForAddress(options.Endpoint!, settings);

        var servers = options.Endpoints.Select(endpoint => new BalancerAddress(endpoint.DnsSafeHost, endpoint.Port)).ToList();
        settings.Credentials = options.Endpoint!.Scheme == "https" ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure;
        settings.ServiceConfig = new ServiceConfig { LoadBalancingConfigs = { new RoundRobinConfig() } };
        settings.ServiceProvider = new Resolvers([new StaticResolverFactory(_ => servers)]);
        return GrpcChannel.ForAddress("static:///bridge", settings);
    }

    private static SocketsHttpHandler Handler(SingleWindowClientOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = options.ConnectTimeout,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = options.KeepAliveInterval,
        KeepAlivePingTimeout = options.KeepAliveTimeout,
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        SslOptions =
        {
            ClientCertificates = options.ClientCertificates.Count > 0 ? options.ClientCertificates : null,
            CertificateChainPolicy = options.ServerAuthorities.Count > 0 ? TrustIn(options.ServerAuthorities) : null,
        },
    };

    private static X509ChainPolicy TrustIn(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>Hands the channel its resolvers, the only services that it is to find.</summary>
    private sealed class Resolvers(ResolverFactory[] factories) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(IEnumerable<ResolverFactory>) ? factories : null;
    }
}
