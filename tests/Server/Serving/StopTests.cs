using System.Diagnostics;
using System.Net.Sockets;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Server.Tests.Wire.Http2;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Serving;

/// <summary>The program itself, told to stop by SIGTERM while callers of every kind are there.</summary>
public sealed class StopTests(ITestOutputHelper output) : IDisposable
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(10);

    private readonly string folder = Directory.CreateTempSubdirectory("bridge-tests-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Streams_end_with_the_reason_and_the_process_within_10_s()
    {
        using var process = await StartAsync();
        var address = process.Address;
        using var authority = new Authority(address, "swb_sandbox_aruba_try_me");
        var watches = Enumerable.Range(0, 20).Select(_ => authority.Receipts.WatchReceipts(new WatchReceiptsRequest { OnlyNew = true })).ToList();
        foreach (var watch in watches)
            Assert.True(await watch.ResponseStream.MoveNext());
        using var upload = authority.Files.UploadFile();
        await upload.RequestStream.WriteAsync(new UploadFileRequest
        {
            Header = new UploadFileHeader { RequestId = Authority.NewId(), Name = "a.pdf", SizeBytes = 1000 },
        });

        // Idle ones: never a byte, greeted and no call, a call half sent, a follower that does not read.
        using var silent = new TcpClient(address.Host, address.Port);
        await using var greeted = await RawConnection.OpenAsync(address);
        Assert.True(await greeted.PingAsync());
        await using var half = await RawConnection.OpenAsync(address);
        await half.SendAsync(new Frames().HeadersFrame(half.NewStream().Id, Calls.To(Calls.Cases)));
        await using var deaf = await RawConnection.OpenAsync(address, window: 0, reads: false);
        await deaf.SendAsync(new Frames().HeadersFrame(1, Calls.To("/grpc.health.v1.Health/Watch")).DataFrame(1, Frames.Message([]), end: true));

        var since = Stopwatch.GetTimestamp();
        process.Terminate();
        foreach (var watch in watches)
            (await Refusal.OfAsync(() => watch.ResponseStream.MoveNext())).Is(StatusCode.Unavailable, ErrorReason.ShuttingDown);
        (await Refusal.OfAsync(() => upload.ResponseAsync)).Is(StatusCode.Unavailable, ErrorReason.ShuttingDown);
        await process.ExitAsync(Promised - Stopwatch.GetElapsedTime(since));
        output.WriteLine($"The process ended {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s after SIGTERM");
        Assert.Equal(0, process.ExitCode);
        watches.ForEach(watch => watch.Dispose());
    }

    [Fact]
    public async Task A_server_that_nobody_calls_stops_at_once()
    {
        using var process = await StartAsync();
        process.Terminate();
        await process.ExitAsync(Promised);
        Assert.Equal(0, process.ExitCode);
    }

    private Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(folder, output);
}
