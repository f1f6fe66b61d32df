using System.Diagnostics;
using System.Net.Sockets;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Server.Tests.Wire.Http2;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Serving;

/// <summary>The program itself, told to stop by SIGTERM while callers of every kind are there.</summary>
public sealed class StopTests : IAsyncLifetime
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(10);

    private const string Key = "swb_sandbox_aruba_try_me";

    private readonly string folder = Directory.CreateTempSubdirectory("bridge-tests-").FullName;
    private readonly ITestOutputHelper output;
    private readonly TestDatabase database;

    public StopTests(ITestOutputHelper output) => (this.output, database) = (output, new TestDatabase(folder));

    public Task InitializeAsync() => database.MakeAsync();

    public async Task DisposeAsync()
    {
        await database.DropAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Streams_end_with_the_reason_and_the_process_within_10_s()
    {
        using var process = await StartAsync();
        var address = process.Address;
        using var authority = new Authority(address, Key);
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

    [Fact]
    public async Task Followers_resume_at_the_next_start_where_their_streams_ended()
    {
        var (seen, cursor) = (new List<long>(), "");
        using (var process = await StartAsync())
        {
            using var authority = new Authority(process.Address, Key);
            var form = await authority.NewFormAsync();
            using var watch = authority.Receipts.WatchReceipts(new WatchReceiptsRequest());
            var changes = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SubmitUntilRefusedAsync(authority, form)));
            var told = await Refusal.OfAsync(async () =>
            {
                while (await watch.ResponseStream.MoveNext())
                {
                    if (watch.ResponseStream.Current is not { Receipt: { } receipt })
                        continue;
                    cursor = receipt.Cursor;
                    seen.Add(receipt.Number);
                    if (seen.Count == 50)
                        process.Terminate();
                }
            });
            told.Is(StatusCode.Unavailable, ErrorReason.ShuttingDown);
            await process.ExitAsync(Promised);
            await changes;
        }

        using var again = await StartAsync();
        using var client = new Authority(again.Address, Key);
        using var rest = Follower.From(client, cursor);
        while ((await rest.NextAsync()).Receipt is { } receipt)
            seen.Add(receipt.Number);
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(number => (long)number), seen);
        Assert.True((await client.AllReceiptsAsync()).Count >= seen.Count);
    }

    [Fact]
    public async Task A_change_under_way_is_committed_and_answered()
    {
        string caseId;
        using (var process = await StartAsync())
        {
            using var authority = new Authority(process.Address, Key);
            using var watch = authority.Receipts.WatchReceipts(new WatchReceiptsRequest { OnlyNew = true });
            Assert.True(await watch.ResponseStream.MoveNext());
            Task<SaveApplicationResponse> change;
            using (database.LockWrites())
            {
                change = SaveAsync(authority, Authority.NewId());
                await authority.Cases.ListCasesAsync(new ListCasesRequest()); // What was sent before it has come, too.
                process.Terminate();
                await Refusal.OfAsync(() => watch.ResponseStream.MoveNext());
                Assert.False(change.IsCompleted);
            }

            caseId = (await change).Case.CaseId;
            await process.ExitAsync(Promised);
            Assert.Equal(0, process.ExitCode);
        }

        using var again = await StartAsync();
        using var client = new Authority(again.Address, Key);
        Assert.Equal(caseId, (await client.GetAsync(caseId)).CaseId);
    }

    [Fact]
    public async Task A_change_that_cannot_be_made_in_time_leaves_nothing_and_the_same_request_makes_it_later()
    {
        var request = Authority.NewId();
        using (var process = await StartAsync())
        {
            using var authority = new Authority(process.Address, Key);
            using var held = database.LockWrites();
            var change = SaveAsync(authority, request);
            await authority.Cases.ListCasesAsync(new ListCasesRequest());
            process.Terminate();
            Assert.Equal(StatusCode.Unavailable, (await Refusal.OfAsync(() => change)).Code);
            await process.ExitAsync(2 * Promised);
        }

        using var again = await StartAsync();
        using var client = new Authority(again.Address, Key);
        Assert.Empty((await client.Cases.ListCasesAsync(new ListCasesRequest())).Cases);
        var made = (await SaveAsync(client, request)).Case;
        Assert.Equal(made.CaseId, Assert.Single((await client.Cases.ListCasesAsync(new ListCasesRequest())).Cases).CaseId);
    }

    [Fact]
    public async Task A_database_that_takes_nothing_does_not_keep_the_process()
    {
        using var process = await StartAsync();
        using var held = database.LockWrites();
        process.Terminate();
        await process.ExitAsync(Promised);
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task SubmitUntilRefusedAsync(Authority authority, Application form)
    {
        try
        {
            while (true)
                await authority.Applications.SubmitApplicationAsync(new SubmitApplicationRequest { RequestId = Authority.NewId(), Application = form });
        }
        catch (RpcException stopped) when (stopped.StatusCode is StatusCode.Unavailable)
        {
            // The server stops.
        }
    }

    private static async Task<SaveApplicationResponse> SaveAsync(Authority authority, string requestId) =>
        await authority.Applications.SaveApplicationAsync(new SaveApplicationRequest { RequestId = requestId, Application = new Application() });

    private Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(folder, database.Settings, output);
}
