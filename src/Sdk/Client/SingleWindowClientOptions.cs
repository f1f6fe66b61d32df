using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace SingleWindowBridge;

/// <summary>Where the bridge is and how to speak with it. Read once, when the client is made.</summary>
public sealed class SingleWindowClientOptions
{
    /// <summary>Makes options to be filled in.</summary>
    public SingleWindowClientOptions()
    {
    }

    /// <summary>Makes options for one server and key.</summary>
    /// <param name="endpoint">The server, such as "https://bridge.example:8443".</param>
    /// <param name="apiKey">The authority's key.</param>
    public SingleWindowClientOptions(string endpoint, string apiKey)
    {
        Endpoint = new Uri(endpoint);
        ApiKey = apiKey;
    }

    /// <summary>The server, such as <c>https://bridge.example:8443</c>. <c>http://</c> speaks HTTP/2 in the clear.
    /// Required.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>More servers of the same bridge, where no load balancer stands before them. Calls take turns over
    /// <see cref="Endpoint"/> and these; one that cannot be reached is left out until it can. All must have the same
    /// scheme.</summary>
    public IList<Uri> MoreEndpoints { get; set; } = [];

    /// <summary>The certificates, with their private keys, by which the authority shows who it is (mutual TLS); empty for none. Not
    /// with a <see cref="HttpHandler"/>.</summary>
    public X509CertificateCollection ClientCertificates { get; set; } = [];

    /// <summary>The certificates of the authorities from which the server's certificate must come, for a server with one that machines
    /// do not trust by themselves; empty for those that this machine trusts. Not with a <see cref="HttpHandler"/>.</summary>
    public X509Certificate2Collection ServerAuthorities { get; set; } = [];

    /// <summary>The authority's key. It, or <see cref="ApiKeyProvider"/>, is required, unless the account shows who it is by
    /// <see cref="ClientCertificates"/> alone.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Asked for the key before every attempt of every call, where keys change while the client lives. It must be quick
    /// and may be called by many threads at once. It has precedence over <see cref="ApiKey"/>. Where it fails, the call is a
    /// <see cref="CredentialsException"/> with its failure inside, and nothing was sent; a watch of receipts goes on as after a
    /// cut.</summary>
    public Func<CancellationToken, ValueTask<string>>? ApiKeyProvider { get; set; }

    /// <summary>Whether the key may go over <c>http://</c> to another machine, unencrypted. By default it may not: only to this
    /// machine itself (loopback). Set it only where something else encrypts the way, such as a service mesh.</summary>
    public bool AllowInsecureTransport { get; set; }

    /// <summary>How long a call may take, over all attempts; by default 30 s. A change can be given its own
    /// (<see cref="ChangeOptions.Deadline"/>).</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an upload or download may take, over all attempts; by default 5 minutes.</summary>
    public TimeSpan TransferDeadline { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How calls are repeated.</summary>
    public RetryOptions Retry { get; set; } = new();

    /// <summary>Whether receipts are verified as they are listed and watched; by default not. A receipt that is not proven ends the
    /// listing or the stream with a <see cref="ReceiptNotProvenException"/>.</summary>
    public ReceiptVerification VerifyReceipts { get; set; }

    /// <summary>The ids of the only keys that are trusted to sign receipts, as the operator told them by another way; empty for every
    /// key that the bridge publishes. An id is the hash of the key itself, so that no other key can bear it.</summary>
    public IList<string> PinnedSigningKeys { get; set; } = [];

    /// <summary>The id of the one authority whose receipts count as proven, as in <see cref="ReceiptProof.AuthorityId"/>: a receipt that the
    /// bridge gave to another is then refused, however well it is signed. Null for any, such as to verify what others show.</summary>
    public string? ReceiptsOf { get; set; }

    /// <summary>How often an idle connection is asked whether it still lives (HTTP/2 ping); by default 30 s. A ping goes out only
    /// while calls are under way. <see cref="Timeout.InfiniteTimeSpan"/> for never.</summary>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection has to answer before it counts as dead; by default 10 s.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one attempt to connect may take; by default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The handler that makes the HTTP calls, for proxies, client certificates or tests; null for one of the client's
    /// own. With a handler given, keepalive and connect timeout are the handler's, and it is not disposed with the
    /// client.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Where the client and its channel log; null for nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The clock of deadlines, waits and watchdogs; by default the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Checks the options, as the client does when it is made.</summary>
    /// <exception cref="ArgumentException">Something is missing or out of range; the message names it.</exception>
    /// <exception cref="InsecureTransportException">The key would go unencrypted to another machine.</exception>
    public void Validate()
    {
        if (Endpoint is null || !Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https"))
            throw new ArgumentException("Endpoint must be an absolute http:// or https:// address.", nameof(Endpoint));
        ArgumentNullException.ThrowIfNull(MoreEndpoints);
        ArgumentNullException.ThrowIfNull(ClientCertificates);
        ArgumentNullException.ThrowIfNull(ServerAuthorities);
        if (MoreEndpoints.Any(more => !more.IsAbsoluteUri || more.Scheme != Endpoint.Scheme))
            throw new ArgumentException("MoreEndpoints must be absolute addresses of Endpoint's scheme.", nameof(MoreEndpoints));
        if (HttpHandler is not null && (MoreEndpoints.Count > 0 || ClientCertificates.Count > 0 || ServerAuthorities.Count > 0))
            throw new ArgumentException("With a HttpHandler, several endpoints and certificates are the handler's.", nameof(HttpHandler));
        if (ApiKeyProvider is null && string.IsNullOrWhiteSpace(ApiKey) && ClientCertificates.Count == 0)
            throw new ArgumentException("ApiKey, ApiKeyProvider or ClientCertificates must be set.", nameof(ApiKey));
        if (ApiKeyProvider is null && !MayBeKey(ApiKey))
            throw new ArgumentException("ApiKey must be printable ASCII without spaces.", nameof(ApiKey));
        if (Endpoint.Scheme == "http" && !AllowInsecureTransport && Endpoints.FirstOrDefault(one => !IsLoopback(one)) is { } open)
            throw new InsecureTransportException(open);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Deadline, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TransferDeadline, TimeSpan.Zero);
        if (HttpHandler is null)
            ValidateConnection();
        ArgumentNullException.ThrowIfNull(PinnedSigningKeys);
        ArgumentNullException.ThrowIfNull(Retry);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        Retry.Validate();
    }

    private static bool IsLoopback(Uri endpoint) =>
        endpoint.IsLoopback || (IPAddress.TryParse(endpoint.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    internal IEnumerable<Uri> Endpoints => MoreEndpoints.Prepend(Endpoint!);

    /// <summary>Whether a key can go into a header: no key can too, which certificates stand in for.</summary>
    internal static bool MayBeKey(string? key) => key?.Any(c => c is < '!' or > '~') != true;

    /// <summary>A copy that no later change of this object, or of its lists, reaches.</summary>
    internal SingleWindowClientOptions Copy()
    {
        var copy = (SingleWindowClientOptions)MemberwiseClone();
        copy.MoreEndpoints = MoreEndpoints is null ? null! : [.. MoreEndpoints];
        copy.PinnedSigningKeys = PinnedSigningKeys is null ? null! : [.. PinnedSigningKeys];
        copy.ClientCertificates = ClientCertificates is null ? null! : [.. ClientCertificates];
        copy.ServerAuthorities = ServerAuthorities is null ? null! : [.. ServerAuthorities];
        return copy;
    }

    // What the handler of the HTTP calls takes, which would name its own properties and not these.
    private void ValidateConnection()
    {
        foreach (var (name, time) in new[] { (nameof(KeepAliveInterval), KeepAliveInterval), (nameof(KeepAliveTimeout), KeepAliveTimeout) })
        {
            if (time != Timeout.InfiniteTimeSpan && time < TimeSpan.FromSeconds(1))
                throw new ArgumentOutOfRangeException(name, time, $"{name} must be 1 s at least, or Timeout.InfiniteTimeSpan.");
        }

        if (ConnectTimeout != Timeout.InfiniteTimeSpan
            && (ConnectTimeout <= TimeSpan.Zero || ConnectTimeout.TotalMilliseconds > int.MaxValue))
        {
            throw new ArgumentOutOfRangeException(
                nameof(ConnectTimeout), ConnectTimeout, "ConnectTimeout must be above 0 and at most 24 days, or Timeout.InfiniteTimeSpan.");
        }
    }
}
