using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;
using SingleWindowBridge.Tests.Running;

namespace SingleWindowBridge.Sdk.Tests;

/// <summary>What a client makes of a server that is there and cannot show who it is: nothing that it might wait for.</summary>
public sealed class ServerTrustTests : IDisposable
{
    private static readonly WatchOptions Quick = new()
    {
        InitialBackoff = TimeSpan.FromMilliseconds(1),
        MaxBackoff = TimeSpan.FromMilliseconds(2),
    };

    private readonly TestPki _pki = new();
    private readonly TestPki _others = new();
    private readonly TcpListener _port = new(IPAddress.Loopback, 0);
    private Func<Stream, Task> _greet = stream => stream.DisposeAsync().AsTask();

    public ServerTrustTests()
    {
        _port.Start();
        _ = ServeAsync();
    }

    public static TheoryData<string, Func<SingleWindowClient, Task>> Waits => new()
    {
        { "a watch from a number", client => EndAsync(client.Receipts.WatchAsync(ReceiptPosition.Beginning, Quick)) },
        { "a watch of what is to come", client => EndAsync(client.Receipts.WatchAsync(ReceiptPosition.Now, Quick)) },
        { "a watch of a consumer", client => EndAsync(client.Receipts.WatchAsync("ledger", Quick)) },
        { "waiting for a case", client => client.Case("01JD0000000000000000000000").WaitForAsync(found => found.HasEnded) },
        { "a download", client => client.Files.DownloadAsync("01JD0000000000000000000000", Stream.Null) },
        { "a reading", client => client.Catalogue.GetAuthorityAsync() },
    };

    public void Dispose()
    {
        _port.Dispose();
        _pki.Dispose();
        _others.Dispose();
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task What_waits_ends_and_names_the_cure_where_the_certificate_is_not_trusted(string what, Func<SingleWindowClient, Task> wait)
    {
        _greet = ShowCertificateAsync;
        await using var client = Client();
        var thrown = await Assert.ThrowsAsync<ServerNotTrustedException>(() => wait(client).WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(thrown.IsRetryable, what);
        Assert.Equal(RpcStatusCode.FailedPrecondition, thrown.StatusCode);
        Assert.Contains("ServerAuthorities", thrown.MessageZh, StringComparison.Ordinal);
        Assert.Contains("ServerAuthorities", thrown.MessageEn, StringComparison.Ordinal);
        Assert.Contains("The remote certificate is invalid", thrown.MessageEn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_speaks_no_TLS_ends_a_watch_too()
    {
        _greet = async stream => await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        await using var client = Client();
        await Assert.ThrowsAsync<ServerNotTrustedException>(() =>
            EndAsync(client.Receipts.WatchAsync(ReceiptPosition.Beginning, Quick)).WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_goes_away_or_falls_silent_in_its_greeting_is_a_cut_like_any_other(bool silent)
    {
        if (silent)
            _greet = async stream => await stream.ReadExactlyAsync(new byte[100_000]);
        await using var client = Client(TimeSpan.FromMilliseconds(200));
        var cuts = 0;
        await foreach (var message in client.Receipts.WatchAsync(ReceiptPosition.Beginning, Quick))
        {
            Assert.IsType<UnavailableException>(Assert.IsType<ReceiptMessage.Reconnecting>(message).Error);
            if (++cuts == 3)
                break;
        }
    }

    [Fact]
    public async Task A_change_was_not_made_where_the_only_server_was_not_trusted()
    {
        _greet = ShowCertificateAsync;
        await using var client = Client();
        var requestId = Guid.NewGuid();
        var thrown = await Assert.ThrowsAsync<ServerNotTrustedException>(() =>
            client.Applications.SubmitAsync(new Application(), options: new SubmitOptions { RequestId = requestId }));
        Assert.False(thrown.IsOutcomeUnknown);
        Assert.Equal((requestId, 1), (thrown.RequestId, thrown.Attempts));
    }

    [Fact]
    public async Task A_change_whose_answer_was_lost_may_have_been_made_whoever_is_met_then()
    {
        var invoker = new ScriptedInvoker()
            .Fail("SubmitApplication", Failures.Plain(StatusCode.Unavailable))
            .Fail("SubmitApplication", new RpcException(new Grpc.Core.Status(StatusCode.Internal, "", new AuthenticationException())));
        var thrown = await Assert.ThrowsAsync<OutcomeUnknownException>(() => invoker.Client().Applications.SubmitAsync(new Application()));
        Assert.IsType<ServerNotTrustedException>(thrown.InnerException);
    }

    private static async Task EndAsync(IAsyncEnumerable<ReceiptMessage> messages)
    {
        await foreach (var _ in messages)
        {
        }
    }

    private SingleWindowClient Client(TimeSpan? patience = null) => new(new SingleWindowClientOptions($"https://{_port.LocalEndpoint}", "key-1")
    {
        ServerAuthorities = [_others.Root],
        ConnectTimeout = patience ?? TimeSpan.FromSeconds(5),
    });

    private async Task ShowCertificateAsync(Stream stream)
    {
        using var certificate = _pki.IssueServer();
        await using var secured = new SslStream(stream);
        await secured.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
        });
        await secured.ReadExactlyAsync(new byte[1]);
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using var connection = await _port.AcceptTcpClientAsync();
                await _greet(connection.GetStream());
            }
            catch (Exception refused) when (refused is IOException or AuthenticationException)
            {
                // The client has gone.
            }
            catch (Exception over) when (over is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }
}
