using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using SingleWindowBridge.Server.Sandbox;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Server.Tls;
using SingleWindowBridge.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Serving;

/// <summary>Where the server serves, and how it speaks TLS. Who calls with a client certificate is tried end to end.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bridge-tls-").FullName;
    private readonly TestPki pki = new();

    private string Certificate => Path.Combine(folder, "server.pem");

    private string Key => Path.Combine(folder, "server.key");

    public void Dispose()
    {
        pki.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "Urls: http://0.0.0.0:0 can be reached from other machines and has no TLS")]
    [InlineData("http://[::]:0", "Bridge:TlsTerminatedElsewhere")]
    [InlineData("http://*:0", "Tls:Certificate")]
    [InlineData("http://bridge.example:0", "has no TLS")]
    [InlineData("http://127.0.0.1:0;http://0.0.0.0:0", "0.0.0.0")]
    [InlineData("https://127.0.0.1:0", "needs a certificate; name its file in Tls:Certificate")]
    public async Task An_address_that_others_reach_has_TLS_or_the_server_does_not_start(string url, string message)
    {
        var server = new BridgeServer { Url = url };
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(server.StartAsync);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task An_address_by_name_is_held_to_the_same()
    {
        var server = new BridgeServer { Settings = { ["Kestrel:Endpoints:Open:Url"] = "http://0.0.0.0:0" } };
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(server.StartAsync);
        Assert.Contains("Kestrel:Endpoints:Open:Url: http://0.0.0.0:0", failure.Message, StringComparison.Ordinal);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Of_two_lists_of_addresses_both_are_held_to_it_whichever_counts()
    {
        var server = new BridgeServer
        {
            Url = "http://0.0.0.0:0", Settings = { ["Kestrel:Endpoints:Own:Url"] = "http://127.0.0.1:0", ["PREFERHOSTINGURLS"] = "true" },
        };
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(server.StartAsync);
        Assert.Contains("Urls: http://0.0.0.0:0 can be reached", failure.Message, StringComparison.Ordinal);
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", false)]
    [InlineData("http://127.0.0.1:0", true)]
    public async Task With_the_key_that_everybody_can_read_the_server_starts_on_loopback_alone(string url, bool starts)
    {
        var server = new BridgeServer
        {
            Url = url,
            Settings = { ["Bridge:TlsTerminatedElsewhere"] = "true", ["Sandbox:Accounts:1:Key"] = PublishedSandboxKey.Value },
        };
        if (starts)
        {
            await server.StartAsync();
        }
        else
        {
            var failure = await Assert.ThrowsAsync<InvalidOperationException>(server.StartAsync);
            Assert.Contains("Set Sandbox:Accounts:1:Key to a key of your own", failure.Message, StringComparison.Ordinal);
            Assert.Contains(url, failure.Message, StringComparison.Ordinal);
        }

        await server.DisposeAsync();
    }

    [Fact]
    public void The_key_that_everybody_can_read_is_that_of_the_settings_that_are_shipped() => Assert.Contains(
        $"\"{PublishedSandboxKey.Value}\"", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "appsettings.json")), StringComparison.Ordinal);

    [Fact]
    public async Task A_bundle_without_a_private_key_is_named_and_the_certificate_before_it_stays()
    {
        var bundle = Path.Combine(folder, "server.pfx");
        using var certificate = pki.IssueServer();
        await File.WriteAllBytesAsync(bundle, certificate.Export(X509ContentType.Pkcs12));
        var logs = new Logs();
        var clock = new Clock();
        var served = new ServerCertificate(new TlsOptions { Certificate = bundle }, clock, logs);

        await File.WriteAllBytesAsync(bundle, pki.Root.Export(X509ContentType.Pkcs12));
        File.SetLastWriteTimeUtc(bundle, DateTime.UtcNow.AddSeconds(5));
        clock.Passed += TimeSpan.FromSeconds(2);
        Assert.Equal(certificate.Thumbprint, served.Certificate.Thumbprint);
        Assert.Contains($"{bundle} holds no certificate with its private key", Assert.Single(logs.Lines), StringComparison.Ordinal);

        var failure = Assert.Throws<InvalidOperationException>(() => new ServerCertificate(new TlsOptions { Certificate = bundle }, clock, logs));
        Assert.StartsWith($"Tls:Certificate: {bundle} cannot be used", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_proxy_that_ends_TLS_an_operator_may_say_so()
    {
        var server = new BridgeServer { Url = "http://0.0.0.0:0", Settings = { ["Bridge:TlsTerminatedElsewhere"] = "true" } };
        await server.StartAsync();
        using var caller = new Authority(new Uri($"http://127.0.0.1:{server.Address.Port}"), "first-authority-key");
        Assert.Equal("first", (await caller.Catalogue.GetAuthorityAsync(new())).Authority.AuthorityId);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_named()
    {
        await File.WriteAllTextAsync(Certificate, "no certificate");
        var server = new BridgeServer { Url = "https://127.0.0.1:0", Settings = { ["Tls:Certificate"] = Certificate, ["Tls:Key"] = Key } };
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(server.StartAsync);
        Assert.Contains($"Tls:Certificate: {Certificate} cannot be used", failure.Message, StringComparison.Ordinal);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task TLS_of_before_1_2_is_refused_and_1_2_is_taken()
    {
        await using var running = await StartAsync();
        var server = running.Server;
        foreach (byte minor in new byte[] { 1, 2 })
        {
            // A greeting of TLS 1.0 or 1.1, byte by byte: the libraries of today do not make one.
            var alert = await GreetAsync(server.Address, minor);
            Assert.Equal((21, 2, 70), (alert[0], alert[5], alert[6])); // Alert, fatal, protocol_version.
        }

        using var connection = await ConnectAsync(server.Address, SslProtocols.Tls12);
        Assert.Equal(SslProtocols.Tls12, connection.SslProtocol);
        using var newer = await ConnectAsync(server.Address, SslProtocols.Tls13);
        Assert.Equal(SslProtocols.Tls13, newer.SslProtocol);
    }

    [Fact]
    public async Task A_new_certificate_is_taken_without_a_cut()
    {
        await using var running = await StartAsync();
        var server = running.Server;
        using var caller = Caller(server);
        using var follower = Follower.FromBeginning(caller);
        await follower.CaughtUpAsync();
        var before = await ShownAsync(server.Address);

        // Half of it first: the one before stays.
        await File.WriteAllTextAsync(Certificate, "half");
        File.SetLastWriteTimeUtc(Certificate, DateTime.UtcNow.AddSeconds(5));
        Assert.Equal(before, await ShownAsync(server.Address));
        using var next = pki.IssueServer();
        TestPki.Write(next, Certificate, Key);
        File.SetLastWriteTimeUtc(Certificate, DateTime.UtcNow.AddSeconds(10));
        await Wait.ForAsync(() => ShownAsync(server.Address), shown => shown == next.Thumbprint);

        await caller.FollowAsync("manual");
        await caller.ApplyAsync();
        Assert.Equal(1, (await follower.ReceiptAsync()).Number);
    }

    private async Task<Running> StartAsync()
    {
        using (var certificate = pki.IssueServer())
            TestPki.Write(certificate, Certificate, Key);
        var server = new BridgeServer { Url = "https://127.0.0.1:0", Settings = { ["Tls:Certificate"] = Certificate, ["Tls:Key"] = Key } };
        await server.StartAsync();
        return new Running(server);
    }

    private Authority Caller(BridgeServer server) => new(
        server.Address, "first-authority-key",
        handler: new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = Trust() } });

    private X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(pki.Root);
        return policy;
    }

    private static async Task<byte[]> GreetAsync(Uri address, byte minor)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        byte[] hello =
        [
            0x03, minor, .. new byte[32], 0x00, // The version, the random, no session.
            0x00, 0x04, 0xC0, 0x13, 0x00, 0x2F, // Two suites that TLS 1.0 knew.
            0x01, 0x00, // No compression.
        ];
        byte[] handshake = [0x01, 0x00, 0x00, (byte)hello.Length, .. hello];
        await stream.WriteAsync(new byte[] { 0x16, 0x03, 0x01, 0x00, (byte)handshake.Length }.Concat(handshake).ToArray());
        var alert = new byte[7];
        await stream.ReadExactlyAsync(alert);
        return alert;
    }

    private async Task<SslStream> ConnectAsync(Uri address, SslProtocols protocol)
    {
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost", EnabledSslProtocols = protocol, ApplicationProtocols = [SslApplicationProtocol.Http2],
            CertificateChainPolicy = Trust(),
        });
        return stream;
    }

    private async Task<string> ShownAsync(Uri address)
    {
        using var connection = await ConnectAsync(address, SslProtocols.Tls13);
        return ((X509Certificate2)connection.RemoteCertificate!).Thumbprint;
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;
    }

    private sealed class Logs : ILogger<ServerCertificate>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }

    private sealed record Running(BridgeServer Server) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Server.DisposeAsync();
    }
}
