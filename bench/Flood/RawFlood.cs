using System.Net.Sockets;
using SingleWindowBridge.Server.Tests.Wire.Http2;

namespace SingleWindowBridge.Bench.Flood;

/// <summary>Floods that no decent client makes: frames written by hand, on connections that are opened again when the server closes them.</summary>
internal static class RawFlood
{
    private const string Watch = "/singlewindow.bridge.v1.ReceiptService/WatchReceipts";
    private const string Upload = "/singlewindow.bridge.v1.FileService/UploadFile";
    private const string Download = "/singlewindow.bridge.v1.FileService/DownloadFile";

    private static long connected;
    private static long opened;

    /// <summary>Floods until it is ended.</summary>
    public static async Task RunAsync(string kind, int port, string key, string file)
    {
        var connections = kind is "resets" or "headers" ? 10 : 50;
        var all = Enumerable.Range(0, connections).Select(_ => Task.Run(() => AgainAsync(kind, port, key, file))).ToList();
        while (!all[0].IsCompleted)
        {
            await Task.Delay(1000);
            Console.WriteLine($"flood: {Interlocked.Read(ref opened)} streams on {Interlocked.Read(ref connected)} connections");
        }

        await Task.WhenAll(all);
    }

    private static async Task AgainAsync(string kind, int port, string key, string file)
    {
        while (true)
        {
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync("127.0.0.1", port);
                Interlocked.Increment(ref connected);
                await FloodAsync(kind, socket, key, file);
            }
            catch (SocketException)
            {
                await Task.Delay(10);
            }
        }
    }

    private static async Task FloodAsync(string kind, Socket socket, string key, string file)
    {
        // A window of nothing: whatever is asked for stays with the server.
        await socket.SendAsync(new Frames().Preface().SettingsFrame((4, 0)).Bytes);
        var closed = Task.Run(() => DrainAsync(socket));
        switch (kind)
        {
            case "resets":
                for (var id = 1; !closed.IsCompleted; id += 200)
                {
                    var frames = new Frames();
                    for (var each = id; each < id + 200; each += 2)
                        frames.HeadersFrame(each, To(Watch, key)).Number(Frames.Reset, each, 8);
                    await SendAsync(socket, frames, 100);
                }

                break;
            case "headers":
                await SendAsync(socket, new Frames().Frame(Frames.Headers, 0, 1, Frames.Block(To(Watch, key))), 1);
                var more = Frames.Block(Enumerable.Range(0, 100).Select(index => ($"x-{index}", new string('v', 100))));
                while (!closed.IsCompleted)
                    await SendAsync(socket, new Frames().Frame(Frames.Continuation, 0, 1, more), 0);
                break;
            case "bodies":
                for (var id = 1; id < 40; id += 2)
                    await SendAsync(socket, new Frames().HeadersFrame(id, To(Upload, key)), 1);
                for (var beat = 0; !closed.IsCompleted; beat++)
                {
                    var frames = new Frames();
                    for (var id = 1; id < 40; id += 2)
                        frames.DataFrame(id, beat == 0 ? [0, 0, 0, 16, 0] : [1]);
                    await SendAsync(socket, frames, 0);
                    await Task.WhenAny(closed, Task.Delay(1000));
                }

                break;
            default:
                // A message of one field, the file's id.
                byte[] request = [0x0A, (byte)file.Length, .. System.Text.Encoding.ASCII.GetBytes(file)];
                for (var id = 1; id < 40; id += 2)
                    await SendAsync(socket, new Frames().HeadersFrame(id, To(Download, key)).DataFrame(id, Frames.Message(request), end: true), 1);
                break;
        }

        await closed;
    }

    private static async Task SendAsync(Socket socket, Frames frames, int streams)
    {
        for (var rest = frames.Bytes; rest.Length > 0;)
            rest = rest[(await socket.SendAsync(rest))..];
        Interlocked.Add(ref opened, streams);
    }

    // Whatever the server says is thrown away; the end is its closing.
    private static async Task DrainAsync(Socket socket)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer) > 0)
            {
            }
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // It has closed the connection.
        }
    }

    private static IEnumerable<(string Name, string Value)> To(string path, string key) =>
    [
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "bridge"), ("te", "trailers"),
        ("content-type", "application/grpc"), ("authorization", $"Bearer {key}"),
    ];
}
