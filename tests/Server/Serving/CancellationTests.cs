using Dapper;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Server.Tests.Wire.Http2;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Serving;

/// <summary>A call that nobody waits for any more stops, wherever it is: inside a query, before the write lock, in a download.</summary>
public sealed class CancellationTests : IAsyncLifetime, IDisposable
{
    // Counts for ever; only an interruption ends it.
    private const string Endless =
        "CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT MAX(x) AS x FROM n";

    private readonly BridgeServer server = new();
    private ListTimelineRequest timeline = new();
    private RunningCalls calls = null!;

    public CancellationTests(ITestOutputHelper output) => server.Output = output;

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        calls = new RunningCalls(server);
    }

    public Task DisposeAsync() => server.DisposeAsync();

    public void Dispose() => calls.Dispose();

    [Fact]
    public async Task A_deadline_ends_a_query_that_never_would()
    {
        await EndlessTimelineAsync();
        var refusal = await Refusal.OfAsync(
            () => server.First.Cases.ListTimelineAsync(timeline, deadline: DateTime.UtcNow.AddSeconds(1)).ResponseAsync);
        Assert.Equal(StatusCode.DeadlineExceeded, refusal.Code);
        await calls.UntilAsync(0);
    }

    [Fact]
    public async Task A_cancelled_call_ends_its_query()
    {
        await EndlessTimelineAsync();
        using var cancel = new CancellationTokenSource();
        var call = server.First.Cases.ListTimelineAsync(timeline, cancellationToken: cancel.Token);
        await calls.UntilAsync(1);
        await cancel.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Refusal.OfAsync(() => call.ResponseAsync)).Code);
        await calls.UntilAsync(0);
    }

    [Fact]
    public async Task A_deadline_ends_a_write_and_undoes_it()
    {
        using var connection = server.Connect();
        connection.Execute(Endless);
        connection.Execute(TestDatabase.IsPostgres
            ? """
              GRANT SELECT ON endless TO PUBLIC;
              CREATE FUNCTION slow() RETURNS TRIGGER LANGUAGE plpgsql AS 'BEGIN PERFORM x FROM endless; RETURN NEW; END';
              CREATE TRIGGER slow AFTER INSERT ON cases FOR EACH ROW EXECUTE FUNCTION slow()
              """
            : "CREATE TRIGGER slow AFTER INSERT ON cases BEGIN SELECT x FROM endless; END");
        var refusal = await Refusal.OfAsync(() => server.First.Applications.SaveApplicationAsync(
            new SaveApplicationRequest { RequestId = Authority.NewId(), Application = new() },
            deadline: DateTime.UtcNow.AddSeconds(1)).ResponseAsync);
        Assert.Equal(StatusCode.DeadlineExceeded, refusal.Code);
        await calls.UntilAsync(0);

        connection.Execute(TestDatabase.IsPostgres ? "DROP TRIGGER slow ON cases" : "DROP TRIGGER slow");
        Assert.Equal(0, connection.ExecuteScalar<long>("SELECT COUNT(*) FROM cases"));
        await server.First.DraftAsync();
    }

    [Fact]
    public async Task A_deadline_ends_the_wait_for_a_database_that_another_process_holds()
    {
        var held = server.LockWrites();
        var refusal = await Refusal.OfAsync(() => server.First.Applications.SaveApplicationAsync(
            new SaveApplicationRequest { RequestId = Authority.NewId(), Application = new() },
            deadline: DateTime.UtcNow.AddSeconds(1)).ResponseAsync);
        Assert.Equal(StatusCode.DeadlineExceeded, refusal.Code);
        await calls.UntilAsync(0);

        held.Dispose();
        await server.First.DraftAsync();
    }

    [Fact]
    public async Task A_database_that_another_process_holds_for_long_is_unavailable_for_now()
    {
        using var held = server.LockWrites();
        var refusal = await Refusal.OfAsync(() => server.First.DraftAsync());
        refusal.Is(StatusCode.Unavailable, ErrorReason.StoreUnavailable);
        Assert.True(refusal.Detail<Google.Rpc.RetryInfo>().RetryDelay.ToTimeSpan() > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_cancelled_download_stops()
    {
        var fileId = await server.First.UploadAsync(SampleFiles.PdfOf(1024 * 1024));
        await using var connection = await RawConnection.OpenAsync(server.Address, window: 100_000, reads: false);
        var stream = connection.NewStream();
        await connection.SendAsync(new Frames().HeadersFrame(stream.Id, Calls.To(Calls.Download))
            .DataFrame(stream.Id, new DownloadFileRequest { FileId = fileId }.Framed(), end: true));
        await Wait.ForAsync(() => Task.FromResult(stream.BodyLength), length => length == 100_000);
        await calls.UntilAsync(1);

        await connection.SendAsync(new Frames().Number(Frames.Reset, stream.Id, 8));
        await calls.UntilAsync(0);
    }

    [Fact]
    public async Task An_upload_whose_caller_goes_away_leaves_nothing()
    {
        using var call = server.First.Files.UploadFile();
        await call.RequestStream.WriteAsync(new UploadFileRequest
        {
            Header = new UploadFileHeader { RequestId = Authority.NewId(), Name = "a.pdf", SizeBytes = 1_000_000 },
        });
        await calls.UntilAsync(1);
        call.Dispose();
        await calls.UntilAsync(0);
        using var connection = server.Connect();
        Assert.Equal(0, connection.ExecuteScalar<long>("SELECT COUNT(*) FROM files"));
    }

    private async Task EndlessTimelineAsync()
    {
        var @case = await server.First.DraftAsync();
        timeline = new ListTimelineRequest { CaseId = @case.CaseId };
        using var connection = server.Connect();
        connection.Execute(Endless);
        connection.Execute("ALTER TABLE timeline RENAME TO timeline_before");
        connection.Execute("CREATE VIEW timeline AS SELECT t.* FROM timeline_before t JOIN endless e ON e.x > t.sequence");
        if (TestDatabase.IsPostgres)
            connection.Execute("GRANT SELECT ON timeline TO PUBLIC");
    }
}
