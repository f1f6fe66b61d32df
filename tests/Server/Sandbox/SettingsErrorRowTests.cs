using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using SingleWindow.Admin.V1;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Server.Tests.Sandbox.Paths;
using SingleWindowBridge.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Sandbox;

/// <summary>
/// The errors of docs/sandbox.md that want a server with settings of its own, TLS or time come as it says. That of a reader who does not read has no
/// details: SlowPeerTests.
/// </summary>
public sealed class SettingsErrorRowTests : IAsyncLifetime
{
    private readonly BridgeServer server = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Several_calls_where_one_at_a_time_is_let_through()
    {
        await StartAsync(ErrorReason.RateLimited, ["Limits:AccountBurst", "` 1", "several calls"], ("Limits:AccountBurst", "1"), ("Limits:AccountCalls", "1"));
        await GivesAsync(ErrorReason.RateLimited, async () =>
        {
            for (var call = 0; call < 20; call++)
                await ListAsync(server.First);
        });
    }

    [Fact]
    public async Task A_second_watch_where_one_may_be_open()
    {
        await StartAsync(ErrorReason.TooManyAtOnce, ["Limits:AccountStreams", "` 1", "second `WatchReceipts`"], ("Limits:AccountStreams", "1"));
        using var first = Follower.FromBeginning(server.First);
        await first.CaughtUpAsync();
        using var second = Follower.FromBeginning(server.First);
        await GivesAsync(ErrorReason.TooManyAtOnce, () => second.NextAsync());
    }

    [Fact]
    public async Task Wrong_keys_in_a_row()
    {
        await StartAsync(
            ErrorReason.TooManyBadCredentials, ["200 calls", "`wrong`"], ("Limits:AddressStrangers", "1"), ("Limits:AddressStrangersBurst", "100"));
        var answers = new List<string>();
        for (var call = 0; call < 200; call++)
            answers.Add((await Refusal.OfAsync(() => ListAsync(server.Caller("wrong")))).Reason);
        Assert.Equal("CREDENTIALS_INVALID", answers[0]);
        Assert.Contains("TOO_MANY_BAD_CREDENTIALS", answers);
    }

    [Fact]
    public async Task A_message_of_too_many_characters()
    {
        await StartAsync(ErrorReason.MessageTooLarge, ["SaveApplication", "300,000"]);
        await GivesAsync(ErrorReason.MessageTooLarge, () => server.First.DraftAsync(new Application { Summary = new string('a', 300_000) }));
    }

    [Fact]
    public async Task An_upload_that_stops_after_its_header()
    {
        await StartAsync(ErrorReason.UploadTooSlow, ["stops after its header", "Wire:UploadGrace"], ("Wire:UploadGrace", "00:00:01"));
        using var call = server.First.Files.UploadFile();
        await call.RequestStream.WriteAsync(new UploadFileRequest
        {
            Header = new UploadFileHeader { RequestId = Authority.NewId(), Name = "form.pdf", SizeBytes = 1000 },
        });
        await GivesAsync(ErrorReason.UploadTooSlow, () => call.ResponseAsync);
    }

    [Fact]
    public async Task The_key_alone_where_a_certificate_is_required_too()
    {
        await StartAsync(ErrorReason.CertificateRequired, ["the key alone", "requires a certificate"]);
        await server.Operator.Accounts.UpdateAccountAsync(new UpdateAccountRequest
        {
            RequestId = Authority.NewId(),
            Account = new Account { AccountId = "first", RequiredCredential = RequiredCredential.Both },
            UpdateMask = new() { Paths = { "required_credential" } },
        });
        await GivesAsync(ErrorReason.CertificateRequired, () => ListAsync(server.First));
    }

    [Fact]
    public async Task A_certificate_of_nobody_without_a_key()
    {
        var folder = Directory.CreateTempSubdirectory("bridge-rows-");
        using var pki = new TestPki();
        var (certificate, key) = (Path.Combine(folder.FullName, "server.pem"), Path.Combine(folder.FullName, "server.key"));
        using (var issued = pki.IssueServer())
            TestPki.Write(issued, certificate, key);
        var served = new BridgeServer { Url = "https://127.0.0.1:0", Settings = { ["Tls:Certificate"] = certificate, ["Tls:Key"] = key } };
        try
        {
            Says(ErrorReason.CertificateNotAccepted, ["with TLS", "bound to no account", "without a key"]);
            await served.StartAsync();
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.Add(pki.Root);
            using var shown = pki.IssueClient("CN=Nobody");
            using var caller = new Authority(served.Address, null, handler: new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions { ClientCertificates = [shown], CertificateChainPolicy = trust },
            });
            await GivesAsync(ErrorReason.CertificateNotAccepted, () => ListAsync(caller));
        }
        finally
        {
            await served.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }

    private static async Task ListAsync(Authority caller) => await caller.Cases.ListCasesAsync(new ListCasesRequest());

    private static void Says(ErrorReason reason, string[] words)
    {
        var how = SandboxPage.Errors.Single(row => row.Reason == reason).How;
        Assert.All(words, word => Assert.Contains(word, how, StringComparison.Ordinal));
    }

    private static async Task GivesAsync(ErrorReason reason, Func<Task> call) =>
        Assert.Equal(Grpc.WireNames.Of(reason), (await Refusal.OfAsync(call)).Reason);

    // The row must say what the call is made of.
    private async Task StartAsync(ErrorReason reason, string[] words, params (string Name, string Value)[] settings)
    {
        Says(reason, words);
        foreach (var (name, value) in settings)
            server.Settings[name] = value;
        await server.InitializeAsync();
    }
}
