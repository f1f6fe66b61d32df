using System.Net;
using System.Net.Sockets;

namespace SingleWindowBridge.Sdk.Tests;

/// <summary>What a client makes of connections that end while it is sending a file: another attempt, whatever the part of HTTP/2 that
/// saw the end first.</summary>
public sealed class CutUploadTests : IDisposable
{
    // What a stream may send before it is told that it may send more (RFC 9113, section 6.9.2): the client waits for that by then.
    private const int InitialWindow = 65_535;

    private static readonly byte[] EmptySettings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    private static readonly byte[] ResetOfTheFirstStream = [0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 2];

    private readonly TcpListener _port = new(IPAddress.Loopback, 0);
    private int _met;

    public CutUploadTests() => _port.Start();

    public void Dispose() => _port.Dispose();

    /// <summary>How the end comes.</summary>
    public enum End
    {
        Close,
        Reset,
        ResetOfTheCall,
    }

    // A call reset by an error within the server is told as INTERNAL, and not repeated by itself.
    [Theory]
    [InlineData("before the greeting", false, 0, End.Close, 3)]
    [InlineData("before the greeting", false, 0, End.Reset, 3)]
    [InlineData("before the greeting, while it waits to send more", false, InitialWindow, End.Close, 3)]
    [InlineData("before the greeting, while it waits to send more", false, InitialWindow, End.Reset, 3)]
    [InlineData("while it waits to send more", true, InitialWindow, End.Close, 3)]
    [InlineData("while it waits to send more", true, InitialWindow, End.Reset, 3)]
    [InlineData("while it waits to send more", true, InitialWindow, End.ResetOfTheCall, 1)]
    public async Task An_upload_that_was_cut_is_tried_again_and_has_no_known_outcome(string when, bool greets, int after, End end, int attempts)
    {
        _ = ServeAsync(greets, after, end);
        await using var client = new SingleWindowClient(new SingleWindowClientOptions($"http://{_port.LocalEndpoint}", "key-1")
        {
            Retry = new RetryOptions { MaxAttempts = 3, InitialBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(2) },
        });
        var requestId = Guid.NewGuid();
        var thrown = await Assert.ThrowsAsync<OutcomeUnknownException>(() => client.Files
            .UploadAsync(new MemoryStream(new byte[1_000_000]), "form.pdf", new UploadOptions { RequestId = requestId })
            .WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal((requestId, attempts), (thrown.RequestId, thrown.Attempts));
        Assert.True(_met >= attempts, $"{when}: met {_met} times");
    }

    private async Task ServeAsync(bool greets, int after, End end)
    {
        try
        {
            while (true)
                _ = MeetAsync(await _port.AcceptSocketAsync(), greets, after, end);
        }
        catch (Exception over) when (over is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task MeetAsync(Socket socket, bool greets, int after, End end)
    {
        using var connection = socket;
        Interlocked.Increment(ref _met);
        try
        {
            if (greets)
                await connection.SendAsync(EmptySettings);
            var buffer = new byte[4096];
            for (var read = 0; read <= after;)
                read += await connection.ReceiveAsync(buffer) is var count and > 0 ? count : throw new SocketException();
            if (end == End.ResetOfTheCall)
            {
                await connection.SendAsync(ResetOfTheFirstStream);
                while (await connection.ReceiveAsync(buffer) > 0)
                {
                }
            }

            if (end == End.Reset)
                connection.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // The client has gone.
        }
    }
}
