using System.Diagnostics;
using System.Globalization;
using Dapper;
using Grpc.Core;
using Grpc.Net.Client;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Accounts;
using SingleWindowBridge.Server.Tests.Running;
using Xunit.Abstractions;

namespace SingleWindowBridge.Server.Tests.Receipts;

/// <summary>
/// Two servers on one database, 200 authorities, 8 writers, 400 followers that are cut off and go on at either server: each sees
/// 1 to n in order, none twice, none missing; also while commits are late at random. With BRIDGE_TEST_LONG=1 there are 20,000
/// receipts, and 4,000 by commits up to 5 s late; without it 1,000 and 300, by commits up to 1 s late.
/// </summary>
public sealed class HoppingTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Authorities = 200;
    private const int Writers = 8;
    private const int FollowersEach = 2;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("BRIDGE_TEST_LONG") == "1";
    private static readonly double Latest = IsLong ? 5 : 1;
    private static readonly TimeSpan Patience = IsLong ? TimeSpan.FromMinutes(15) : TimeSpan.FromMinutes(2);

    private readonly BridgeServer one = new() { Channel = new SilentChannel() };
    private readonly long[] written = new long[Authorities];
    private readonly List<GrpcChannel> writing = [];
    private readonly List<GrpcChannel> following = [];
    private BridgeServer two = null!;
    private int standing;
    private int hops;
    private int left;

    public async Task InitializeAsync()
    {
        await one.InitializeAsync();
        two = new BridgeServer { Database = one.Database, Channel = new SilentChannel() };
        await two.InitializeAsync();
        foreach (var server in new[] { one, two })
        {
            writing.Add(GrpcChannel.ForAddress(server.Address));
            following.AddRange(Enumerable.Range(0, 10).Select(_ => GrpcChannel.ForAddress(server.Address)));
        }
    }

    public async Task DisposeAsync()
    {
        writing.Concat(following).ToList().ForEach(channel => channel.Dispose());
        await two.DisposeAsync();
        await one.DisposeAsync();
    }

    [PostgresFact]
    public Task Followers_that_hop_between_servers_miss_nothing() => RunAsync(IsLong ? 20_000 : 1_000, late: false);

    [PostgresFact]
    public Task Followers_that_hop_between_servers_miss_nothing_while_commits_are_late() => RunAsync(IsLong ? 4_000 : 300, late: true);

    private async Task RunAsync(int receipts, bool late)
    {
        AddAuthorities();
        if (late)
            DelayCommits();

        left = receipts;
        using var end = new CancellationTokenSource();
        var followers = Task.WhenAll(Enumerable.Range(0, Authorities * FollowersEach).Select(
            number => Task.Run(() => FollowAsync(number % Authorities, new Random(number), end.Token))));
        await Wait.ForAsync(() => Task.FromResult(Volatile.Read(ref standing)), count => count >= Authorities * FollowersEach);
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(new Random(writer))))).WaitAsync(Patience);
        var took = Stopwatch.GetElapsedTime(begun);
        await end.CancelAsync();
        await followers.WaitAsync(TimeSpan.FromSeconds(60));

        using var connection = one.Connect();
        var heads = connection.Query<(string Id, long Head)>("SELECT authority_id, head FROM feeds WHERE authority_id LIKE 'hop-%'").ToDictionary();
        for (var authority = 0; authority < Authorities; authority++)
            Assert.Equal(written[authority], heads[$"hop-{authority}"]);
        output.WriteLine(
            $"{written.Sum()} receipts in {took.TotalSeconds:0} s, {hops} hops of {Authorities * FollowersEach} followers{(late ? $", commits up to {Latest} s late" : "")}");
        Assert.Equal(receipts, written.Sum());
        Assert.True(hops > Authorities * FollowersEach, "Hardly anybody hopped.");
    }

    // Writes until all is written; what is refused because the database is busy is sent again under the same id.
    private async Task WriteAsync(Random random)
    {
        while (Interlocked.Decrement(ref left) >= 0)
        {
            var authority = random.Next(Authorities);
            var request = new SubmitApplicationRequest
            {
                RequestId = Authority.NewId(), Application = Attempt.Form($"hop-file-{authority}"),
            };
            while (true)
            {
                try
                {
                    var client = new ApplicationService.ApplicationServiceClient(writing[random.Next(writing.Count)]);
                    await client.SubmitApplicationAsync(request, Credential(authority));
                    Interlocked.Increment(ref written[authority]);
                    break;
                }
                catch (RpcException busy) when (busy.StatusCode == StatusCode.Unavailable)
                {
                    await Task.Delay(20);
                }
            }
        }
    }

    // Follows, hops after some receipts or some time, and ends when it has all that was written.
    private async Task FollowAsync(int authority, Random random, CancellationToken end)
    {
        var (number, cursor) = (0L, "");
        var stood = false;
        while (!end.IsCancellationRequested || number < Interlocked.Read(ref written[authority]))
        {
            using var cut = new CancellationTokenSource();
            var request = cursor.Length == 0 ? new WatchReceiptsRequest() : new WatchReceiptsRequest { AfterCursor = cursor };
            var client = new ReceiptService.ReceiptServiceClient(following[random.Next(following.Count)]);
            using var call = client.WatchReceipts(request, Credential(authority), cancellationToken: cut.Token);
            var most = random.Next(1, 6);
            try
            {
                await call.ResponseHeadersAsync;
                cut.CancelAfter(random.Next(100, 3000));
                if (!stood)
                    Interlocked.Increment(ref standing);
                stood = true;
                while (most > 0 && await call.ResponseStream.MoveNext(cut.Token))
                {
                    if (call.ResponseStream.Current.Receipt is not { } receipt)
                        continue;
                    Assert.Equal(++number, receipt.Number);
                    cursor = receipt.Cursor;
                    most--;
                }
            }
            catch (Exception cutOff) when (cutOff is OperationCanceledException
                or RpcException { StatusCode: StatusCode.Cancelled or StatusCode.Unavailable or StatusCode.ResourceExhausted })
            {
                // That was the cut; or the connection, which others share, was closed for the many calls that were broken off on it.
            }

            Interlocked.Increment(ref hops);
        }

        Assert.Equal(written[authority], number);
    }

    private void AddAuthorities()
    {
        using var connection = one.Connect();
        connection.Execute("INSERT INTO blobs (sha256, content) VALUES ('00', @content)", new { content = SampleFiles.Pdf });
        for (var number = 0; number < Authorities; number++)
        {
            connection.Execute(
                """
                INSERT INTO authorities (authority_id, country, name_zh, name_en, category_scope, product_scope, sandbox, created_at)
                SELECT @id, country, name_zh, name_en, category_scope, product_scope, sandbox, created_at FROM authorities WHERE authority_id = 'first';
                INSERT INTO feeds (authority_id, epoch, head) VALUES (@id, 'hop', 0);
                INSERT INTO api_keys (key_hash, authority_id, created_at) VALUES (@hash, @id, 0);
                INSERT INTO files (file_id, authority_id, sha256, name, media_type, size_bytes, origin, created_at)
                VALUES (@file, @id, '00', 'letter.pdf', 'application/pdf', 1, 1, 0);
                """,
                new { id = $"hop-{number}", hash = KeyHash.Of(Key(number)).ToString(), file = $"hop-file-{number}" });
        }
    }

    // The database itself holds one commit in eight back, with all its locks held.
    private void DelayCommits()
    {
        using var connection = one.Connect();
        connection.Execute(string.Create(CultureInfo.InvariantCulture,
            $"""
            CREATE FUNCTION be_late() RETURNS TRIGGER LANGUAGE plpgsql AS $$
            BEGIN
                IF random() < 0.125 THEN
                    PERFORM pg_sleep(random() * {Latest});
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER be_late AFTER INSERT ON receipts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION be_late();
            """));
    }

    private static string Key(int authority) => $"hop-key-{authority}";

    private static Metadata Credential(int authority) => new() { { "authorization", $"Bearer {Key(authority)}" } };
}
