using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Limits;
using SingleWindowBridge.Server.Storage;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Server.Tests.Wire.Http2;

namespace SingleWindowBridge.Server.Tests.Files;

/// <summary>What one account's downloads and uploads hold of the database leaves room for everybody else.</summary>
public sealed class HoldingTests : IAsyncLifetime
{
    private readonly BridgeServer server = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Downloads_that_nobody_reads_hold_no_connection_to_the_database()
    {
        const int Connections = 4;
        const int Downloads = 40;
        await server.Database.MakeAsync();
        if (TestDatabase.IsPostgres)
        {
            server.Settings["ConnectionStrings:Bridge"] = new NpgsqlConnectionStringBuilder(server.Database.Settings["ConnectionStrings:Bridge"])
            {
                MaxPoolSize = Connections,
            }.ToString();
        }

        await server.InitializeAsync();
        var file = await server.First.UploadAsync(SampleFiles.PdfOf(300_000));
        await using var connection = await RawConnection.OpenAsync(server.Address, window: 0, reads: false);
        var unread = Enumerable.Range(0, Downloads).Select(_ => connection.NewStream()).ToList();
        foreach (var stream in unread)
        {
            await connection.SendAsync(new Frames().HeadersFrame(stream.Id, Calls.To(Calls.Download))
                .DataFrame(stream.Id, new DownloadFileRequest { FileId = file }.Framed(), end: true));
        }

        // All of them have begun to send, and their windows are shut.
        await Task.WhenAll(unread.Select(stream => stream.Begun)).WaitAsync(TimeSpan.FromSeconds(30));
        await server.Second.Cases.ListCasesAsync(new ListCasesRequest());
        await server.Second.ApplyAsync();
        Assert.Equal(Downloads * 300_000, server.Services.GetRequiredService<AccountLimits>().ServerBytes);

        // Nobody reads from the embedded store, either: it can clear its log.
        if (!TestDatabase.IsPostgres)
        {
            using var own = server.Connect();
            await Wait.ForAsync(
                async () => (await own.QuerySingleAsync<(long Busy, long, long)>("PRAGMA wal_checkpoint(TRUNCATE)")).Busy, busy => busy == 0);
        }

        Assert.All(unread, stream => Assert.False(stream.HasEnded));
    }

    [Fact]
    public async Task Uploads_of_one_account_wait_for_each_other_and_not_among_everybodys_changes()
    {
        const int Uploads = 12;
        StandingUploads standing = null!;
        server.Wrap = whole => standing = new StandingUploads(whole);
        await server.InitializeAsync();
        var content = SampleFiles.PdfOf(20_000);
        standing.Stand = true;
        var uploads = Enumerable.Range(0, Uploads).Select(_ => server.First.UploadAsync(content)).ToList();
        var accounts = server.Services.GetRequiredService<AccountLimits>();
        await Wait.ForAsync(() => Task.FromResult((accounts.ServerBytes, standing.AtOnce)), now => now is (Uploads * 20_000, >= 2));

        await server.Second.UploadAsync(content);
        standing.Go.SetResult();
        await Task.WhenAll(uploads);
        Assert.Equal(2, standing.MostAtOnce);
    }

    // Changes in the first account's name alone, which only its uploads are here, stand until they are let go.
    private sealed class StandingUploads(IBridgeDatabase whole) : PassedOnDatabase(whole)
    {
        private readonly Lock gate = new();

        public bool Stand { get; set; }

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int AtOnce { get; private set; }

        public int MostAtOnce { get; private set; }

        public override async Task<T> WriteAsync<T>(Scope scope, Func<Sql, Task<T>> work, CancellationToken cancellationToken)
        {
            if (scope != Scope.Of("first") || !Stand)
                return await base.WriteAsync(scope, work, cancellationToken);

            lock (gate)
                MostAtOnce = Math.Max(MostAtOnce, ++AtOnce);
            await Go.Task.WaitAsync(cancellationToken);
            try
            {
                return await base.WriteAsync(scope, work, cancellationToken);
            }
            finally
            {
                lock (gate)
                    AtOnce--;
            }
        }
    }
}
