using System.Buffers.Binary;
using Dapper;
using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Server.Tests.Wire.Http2;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Wire;

/// <summary>Who reads or sends too slowly is cut off, alone, and holds little meanwhile; who is quiet is left in peace.</summary>
[Collection(Alone.Name)]
public sealed class SlowPeerTests : IAsyncLifetime, IDisposable
{
    private const int ReceiptCount = 4_000;
    private const int OpinionLength = 4_000;
    private const int EnhanceYourCalm = 11;

    private readonly BridgeServer server = new();
    private RunningCalls calls = null!;

    public SlowPeerTests(ITestOutputHelper output)
    {
        server.Output = output;
        server.Settings["Wire:SlowestWrite"] = "00:00:02";
        server.Settings["Wire:UnreadAnswer"] = "00:00:02";
        server.Settings["Wire:UploadGrace"] = "00:00:02";
        server.Settings["Wire:PingAfter"] = "00:00:01";
        server.Settings["Wire:PongWithin"] = "00:00:02";
    }

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        calls = new RunningCalls(server);
    }

    public Task DisposeAsync() => server.DisposeAsync();

    public void Dispose() => calls.Dispose();

    [Fact]
    public async Task A_follower_that_never_reads_is_cut_off_with_memory_flat_and_resumes()
    {
        FillFeed();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var connection = await RawConnection.OpenAsync(server.Address, window: 65_535, reads: false);
        var streams = Enumerable.Range(0, 60).Select(_ => connection.NewStream()).ToList();
        foreach (var stream in streams)
        {
            await connection.SendAsync(new Frames().HeadersFrame(stream.Id, Calls.To(Calls.Watch))
                .DataFrame(stream.Id, new WatchReceiptsRequest { AfterNumber = 0 }.Framed(), end: true));
        }

        // All of them have filled the window and stand: together they would hold the feed 60 times, some 1 GB.
        await Wait.ForAsync(() => Task.FromResult(streams.Min(stream => stream.BodyLength)), length => length == 65_535);
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(held, long.MinValue, 120_000_000);

        foreach (var stream in streams)
            Assert.Equal(EnhanceYourCalm, (await stream.Ended.WaitAsync(TimeSpan.FromSeconds(30))).ResetCode);
        await calls.UntilAsync(0);
        Assert.True(await connection.PingAsync());

        var seen = LastWhole((await streams[0].Ended).Body);
        using var follower = server.First.Receipts.WatchReceipts(new WatchReceiptsRequest { AfterCursor = seen.Cursor });
        for (var number = seen.Number + 1; number <= ReceiptCount; number++)
        {
            Assert.True(await follower.ResponseStream.MoveNext());
            Assert.Equal(number, follower.ResponseStream.Current.Receipt.Number);
        }
    }

    [Fact]
    public async Task A_follower_that_has_nothing_to_read_is_left_in_peace()
    {
        using var follower = server.First.Receipts.WatchReceipts(
            new WatchReceiptsRequest { OnlyNew = true, HeartbeatInterval = new() { Seconds = 300 } });
        Assert.True(await follower.ResponseStream.MoveNext());
        var next = follower.ResponseStream.MoveNext();
        await Task.Delay(TimeSpan.FromSeconds(6));
        Assert.False(next.IsCompleted);

        await server.First.ApplyAsync();
        Assert.True(await next);
        Assert.Equal(WatchReceiptsResponse.MessageOneofCase.Receipt, follower.ResponseStream.Current.MessageCase);
    }

    [Fact]
    public async Task A_download_that_nobody_reads_is_cut_off()
    {
        var fileId = await server.First.UploadAsync(SampleFiles.PdfOf(1024 * 1024));
        await using var connection = await RawConnection.OpenAsync(server.Address, window: 1_000, reads: false);
        var end = await connection.CallAsync(Calls.To(Calls.Download), new DownloadFileRequest { FileId = fileId }.Framed());
        Assert.Equal(EnhanceYourCalm, end.ResetCode);
        await calls.UntilAsync(0);
    }

    [Fact]
    public async Task A_large_answer_that_nobody_reads_is_cut_off()
    {
        FillFeed();
        await using var connection = await RawConnection.OpenAsync(server.Address, window: 0, reads: false);
        var end = await connection.CallAsync(Calls.To(Calls.Receipts), new ListReceiptsRequest { PageSize = 40 }.Framed());
        Assert.Equal(EnhanceYourCalm, end.ResetCode);
        Assert.True(await connection.PingAsync());
        await calls.UntilAsync(0);
    }

    [Fact]
    public async Task An_upload_that_stands_still_is_ended_and_its_connection_is_not()
    {
        using var call = server.First.Files.UploadFile();
        await call.RequestStream.WriteAsync(Header(1000));
        (await Refusal.OfAsync(() => call.ResponseAsync)).Is(StatusCode.DeadlineExceeded, ErrorReason.UploadTooSlow);
        await server.First.UploadAsync();

        using var withoutHeader = server.First.Files.UploadFile();
        await withoutHeader.RequestStream.WriteAsync(new UploadFileRequest());
        Assert.Equal(StatusCode.InvalidArgument, (await Refusal.OfAsync(() => withoutHeader.ResponseAsync)).Code);

        await using var connection = await RawConnection.OpenAsync(server.Address);
        var silent = connection.NewStream();
        await connection.SendAsync(new Frames().HeadersFrame(silent.Id, Calls.To(Calls.Upload)));
        Assert.Equal(StatusCode.DeadlineExceeded, (await silent.Ended.WaitAsync(TimeSpan.FromSeconds(30))).Status);
        Assert.True(await connection.PingAsync());
    }

    [Fact]
    public async Task An_upload_by_drops_is_ended()
    {
        using var call = server.First.Files.UploadFile();
        await call.RequestStream.WriteAsync(Header(1000));
        var refusal = Refusal.OfAsync(() => call.ResponseAsync);
        for (var sent = 0; sent < 1000 && !refusal.IsCompleted; sent++)
        {
            await Task.WhenAny(call.RequestStream.WriteAsync(new UploadFileRequest { Chunk = ByteString.CopyFrom(SampleFiles.Pdf, sent % 8, 1) }));
            await Task.Delay(50);
        }

        (await refusal).Is(StatusCode.DeadlineExceeded, ErrorReason.UploadTooSlow);
    }

    [Fact]
    public async Task A_peer_that_went_away_without_a_word_is_noticed()
    {
        await using var gone = await RawConnection.OpenAsync(server.Address, answersPings: false);
        await using var there = await RawConnection.OpenAsync(server.Address);
        var streams = new[] { gone, there }.Select(connection => (Connection: connection, Stream: connection.NewStream())).ToList();
        foreach (var (connection, stream) in streams)
        {
            await connection.SendAsync(new Frames().HeadersFrame(stream.Id, Calls.To(Calls.Watch))
                .DataFrame(stream.Id, new WatchReceiptsRequest { OnlyNew = true }.Framed(), end: true));
        }

        await gone.Ended.WaitAsync(TimeSpan.FromSeconds(30));
        await calls.UntilAsync(1);
        Assert.False(streams[1].Stream.HasEnded);
    }

    private static UploadFileRequest Header(int size) =>
        new() { Header = new UploadFileHeader { RequestId = Authority.NewId(), Name = "a.pdf", SizeBytes = size } };

    private static Receipt LastWhole(ReadOnlySpan<byte> body)
    {
        Receipt? last = null;
        while (body.Length >= 5 && BinaryPrimitives.ReadInt32BigEndian(body[1..]) is var length && length <= body.Length - 5)
        {
            last = WatchReceiptsResponse.Parser.ParseFrom(body.Slice(5, length)).Receipt;
            body = body[(length + 5)..];
        }

        return last!;
    }

    // Receipts as a long history leaves them, put in behind the server's back.
    private void FillFeed()
    {
        using var connection = server.Connect();
        using var transaction = connection.BeginTransaction();
        for (var number = 1; number <= ReceiptCount; number++)
        {
            var receipt = new Receipt { Number = number, CaseId = "case", Opinion = new string('x', OpinionLength) };
            connection.Execute(
                "INSERT INTO receipts (authority_id, number, case_id, content) VALUES ('first', @number, 'case', @content)",
                new { number, content = receipt.ToByteArray() }, transaction);
        }

        connection.Execute("UPDATE feeds SET head = @ReceiptCount WHERE authority_id = 'first'", new { ReceiptCount }, transaction);
        transaction.Commit();
    }
}
