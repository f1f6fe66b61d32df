using System.Security.Cryptography.X509Certificates;
using SingleWindowBridge.EndToEnd.Processes;
using SingleWindowBridge.Tests.Running;

namespace SingleWindowBridge.EndToEnd;

/// <summary>
/// The real server on TLS, accounts made by its command line beside it, and the SDK with certificates: who is let in, and with what
/// reason who is not.
/// </summary>
public sealed class MutualTlsTests : IAsyncLifetime, IDisposable
{
    private const string Names = "CN=filing.nvwa.example, O=NVWA, C=NL";

    private readonly Workspace _workspace = new();
    private readonly TestPki _pki = new();
    private readonly TestPki _others = new();
    private readonly int _port = FreePort.Find();
    private string[] _database = [];
    private DotnetProcess? _server;

    private string Endpoint => $"https://localhost:{_port}";

    public async Task InitializeAsync()
    {
        _database = await BridgeServer.MakeDatabaseAsync(_workspace.Folder);
        using var certificate = _pki.IssueServer();
        TestPki.Write(certificate, Path.Combine(_workspace.Folder, "server.pem"), Path.Combine(_workspace.Folder, "server.key"));
        _workspace.Write("clients.pem", _pki.Root.ExportCertificatePem());
        _server = new DotnetProcess(
            Built.Server, _workspace.Folder,
            [
                "--urls", Endpoint, "--Tls:Certificate=server.pem", "--Tls:Key=server.key", "--Tls:ClientAuthorities=clients.pem", .. _database,
            ]);
        await using var client = Client("swb_sandbox_aruba_try_me", null, waits: true);
        await client.Catalogue.GetAuthorityAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _server?.Dispose();
        _pki.Dispose();
        _others.Dispose();
        _workspace.Dispose();
    }

    [Fact]
    public async Task An_account_shows_what_it_has_to_and_nothing_else_helps()
    {
        foreach (var (id, requires) in new[] { ("nl-both", "both"), ("nl-certificate", "certificate"), ("nl-key", "key") })
        {
            await RunAsync(
                "accounts", "create", id, "--country", "NL", "--name-zh", "荷兰食品和消费品安全局", "--name-en", "NVWA", "--category", "AQUATIC",
                "--requires", requires);
        }

        using var ours = _pki.IssueClient(Names);
        using var theirs = _pki.IssueClient("CN=filing.other.example, O=Other, C=AW");
        using var forged = _others.IssueClient(Names);
        using var stranger = _pki.IssueClient("CN=nobody.example");
        var bothKey = (await RunAsync("keys", "create", "nl-both", "--note", "both")).Trim();
        var plainKey = (await RunAsync("keys", "create", "nl-key")).Trim();
        await RunAsync("certificates", "add", "nl-both", "--subject", Names, "--issuer", _pki.Root.Subject);
        _workspace.Write("theirs.pem", theirs.ExportCertificatePem());
        await RunAsync("certificates", "add", "nl-certificate", "--file", "theirs.pem");

        // Both are required.
        Assert.Equal("nl-both", await WhoAsync(bothKey, ours));
        await RefusedAsync(bothKey, null, ErrorReason.CertificateRequired);
        await RefusedAsync(null, ours, ErrorReason.CredentialsMissing);
        await RefusedAsync(bothKey, forged, ErrorReason.CertificateNotAccepted);
        await RefusedAsync(bothKey, theirs, ErrorReason.CertificateNotAccepted);
        await RefusedAsync(bothKey, stranger, ErrorReason.CertificateNotAccepted);
        await RefusedAsync(plainKey, ours, ErrorReason.CertificateNotAccepted);

        // Another certificate with the names is as good: it was renewed.
        using var renewed = _pki.IssueClient(Names);
        Assert.Equal("nl-both", await WhoAsync(bothKey, renewed));

        // The certificate alone, known by its thumbprint.
        Assert.Equal("nl-certificate", await WhoAsync(null, theirs));
        await RefusedAsync(null, stranger, ErrorReason.CertificateNotAccepted);
        await RefusedAsync(null, forged, ErrorReason.CertificateNotAccepted);

        // The key alone; a certificate that stands for nobody does no harm.
        Assert.Equal("nl-key", await WhoAsync(plainKey, null));
        Assert.Equal("nl-key", await WhoAsync(plainKey, stranger));
    }

    [Fact]
    public async Task A_certificate_that_is_removed_shuts_its_open_streams()
    {
        await RunAsync(
            "accounts", "create", "nl-short", "--country", "NL", "--name-zh", "荷兰", "--name-en", "NVWA", "--category", "AQUATIC",
            "--requires", "certificate");
        using var removed = _pki.IssueClient("CN=removed.example");
        _workspace.Write("client.pem", removed.ExportCertificatePem());
        await RunAsync("certificates", "add", "nl-short", "--file", "client.pem");
        await using var client = Client(null, removed);
        var watched = WatchAsync(client);
        await watched.Standing;

        var listed = await RunAsync("certificates", "list", "nl-short");
        var print = removed.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).ToLowerInvariant();
        var id = listed.Split('\n').Single(line => line.Contains(print, StringComparison.Ordinal)).Split(' ')[0];
        await RunAsync("certificates", "remove", "nl-short", id);
        Assert.Equal(ErrorReason.CertificateNotAccepted, (await watched.Ended.WaitAsync(TimeSpan.FromSeconds(30))).Reason);
    }

    [Fact]
    public async Task A_server_that_the_client_does_not_trust_gets_no_call()
    {
        await using var client = new SingleWindowClient(new SingleWindowClientOptions(Endpoint, "swb_sandbox_aruba_try_me")
        {
            ServerAuthorities = [_others.Root],
        });
        await Assert.ThrowsAsync<ServerNotTrustedException>(() => client.Catalogue.GetAuthorityAsync());
        Assert.IsType<ServerNotTrustedException>(await WatchAsync(client).Ended.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private static (Task Standing, Task<SingleWindowException> Ended) WatchAsync(SingleWindowClient client)
    {
        var standing = new TaskCompletionSource();
        return (standing.Task, RunAsync());

        async Task<SingleWindowException> RunAsync()
        {
            try
            {
                await foreach (var message in client.Receipts.WatchAsync(ReceiptPosition.Beginning))
                {
                    if (message is ReceiptMessage.CaughtUp)
                        standing.TrySetResult();
                }
            }
            catch (SingleWindowException ended)
            {
                standing.TrySetException(ended);
                return ended;
            }

            throw new InvalidOperationException("The watch ended by itself.");
        }
    }

    private SingleWindowClient Client(string? key, X509Certificate2? certificate, bool waits = false) =>
        new(new SingleWindowClientOptions
        {
            Endpoint = new Uri(Endpoint),
            ApiKey = key,
            ServerAuthorities = [_pki.Root],
            ClientCertificates = certificate is null ? [] : [certificate],
            Deadline = TimeSpan.FromSeconds(120),
            Retry = new RetryOptions { MaxAttempts = waits ? int.MaxValue : 4 },
        });

    private async Task<string> WhoAsync(string? key, X509Certificate2? certificate)
    {
        await using var client = Client(key, certificate);
        return (await client.Catalogue.GetAuthorityAsync()).Id;
    }

    private async Task RefusedAsync(string? key, X509Certificate2? certificate, ErrorReason reason)
    {
        // The client itself makes no call with nothing to show.
        var refused = await Assert.ThrowsAnyAsync<SingleWindowException>(() => WhoAsync(key, certificate));
        Assert.Equal(reason, refused.Reason);
    }

    // The server's own command line, on its database, while it serves.
    private async Task<string> RunAsync(params string[] words)
    {
        using var command = new DotnetProcess(Built.Server, _workspace.Folder, [.. words, .. _database]);
        var lines = new List<string>();
        await foreach (var line in command.Lines.ReadAllAsync())
            lines.Add(line);
        Assert.True(await command.ExitCodeAsync(CancellationToken.None) == 0, command.Errors);
        return string.Join('\n', lines);
    }
}
