using System.Diagnostics;
using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Limits;
using SingleWindowBridge.Server.Tests.Running;
using SingleWindowBridge.Server.Tests.Wire.Http2;

namespace SingleWindowBridge.Server.Tests.Limits;

/// <summary>Who asks for too much is told so, with when to come again; everybody else is served meanwhile.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private readonly BridgeServer server = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Calls_past_an_accounts_share_are_refused_for_now_and_another_account_is_served()
    {
        await StartAsync(("AccountCalls", 10), ("AccountBurst", 20));
        var refusal = await UntilRefusedAsync(() => Task.WhenAll(Enumerable.Range(0, 60).Select(_ => ListAsync(server.First))));
        refusal.Is(StatusCode.ResourceExhausted, ErrorReason.RateLimited);
        Assert.Equal(("ACCOUNT", "CALLS"), (refusal.Metadata["scope"], refusal.Metadata["limit"]));
        Assert.InRange(WaitOf(refusal), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));

        await ListAsync(server.Second);
        await Wait.ForAsync(() => Refused(() => ListAsync(server.First)), refused => !refused);
    }

    [Fact]
    public async Task Who_makes_one_call_after_the_other_is_held_to_the_accounts_pace_and_never_refused()
    {
        await StartAsync(("AccountCalls", 50), ("AccountBurst", 6));
        var begun = Stopwatch.GetTimestamp();
        for (var count = 0; count < 30; count++)
            await ListAsync(server.First);
        Assert.True(Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(0.45), $"{Stopwatch.GetElapsedTime(begun)}");
    }

    [Fact]
    public async Task Calls_past_a_connections_share_are_refused_whoever_makes_them()
    {
        await StartAsync(("ConnectionCalls", 1), ("ConnectionBurst", 20));
        var refusal = await UntilRefusedAsync(() => ListAsync(server.First));
        refusal.Is(StatusCode.ResourceExhausted, ErrorReason.RateLimited);
        Assert.Equal("CONNECTION", refusal.Metadata["scope"]);
        using var again = new Authority(server.Address, "first-authority-key");
        await ListAsync(again);
    }

    [Fact]
    public async Task An_account_has_so_many_streams_open_and_calls_beside_them()
    {
        await StartAsync(("AccountStreams", 3));
        var open = new List<AsyncServerStreamingCall<WatchReceiptsResponse>>();
        for (var count = 0; count < 3; count++)
            open.Add(await FollowAsync(server.First));
        var refusal = await Refusal.OfAsync(() => FollowAsync(server.First));
        refusal.Is(StatusCode.ResourceExhausted, ErrorReason.TooManyAtOnce);
        Assert.Equal(("ACCOUNT", "STREAMS"), (refusal.Metadata["scope"], refusal.Metadata["limit"]));
        Assert.Equal(TimeSpan.FromSeconds(1), WaitOf(refusal));
        Assert.Equal(3, Use("Authority first").OpenStreams);

        await ListAsync(server.First);
        using (await FollowAsync(server.Second))
            open[0].Dispose();
        await Wait.ForAsync(() => Refused(async () => open.Add(await FollowAsync(server.First))), refused => !refused);
        open.ForEach(call => call.Dispose());
        await Wait.ForAsync(() => Task.FromResult(Use("Authority first").OpenCalls), count => count == 0);
    }

    [Fact]
    public async Task An_account_has_so_many_calls_open()
    {
        await StartAsync(("AccountOpenCalls", 2));
        using var one = await FollowAsync(server.First);
        using var other = await FollowAsync(server.First);
        var refusal = await Refusal.OfAsync(() => ListAsync(server.First));
        refusal.Is(StatusCode.ResourceExhausted, ErrorReason.TooManyAtOnce);
        Assert.Equal("CALLS", refusal.Metadata["limit"]);
        await ListAsync(server.Second);
    }

    [Fact]
    public async Task Bad_keys_are_limited_by_address_and_good_ones_of_the_same_address_are_not()
    {
        await StartAsync(("AddressStrangers", 1), ("AddressStrangersBurst", 10));
        using var stranger = new Authority(server.Address, "not-a-key-of-anyone");
        Refusal refusal;
        do
        {
            refusal = await Refusal.OfAsync(() => ListAsync(stranger));
            Assert.Contains(refusal.Reason, new[] { "CREDENTIALS_INVALID", "TOO_MANY_BAD_CREDENTIALS" });
        }
        while (refusal.Code == StatusCode.Unauthenticated);
        refusal.Is(StatusCode.ResourceExhausted, ErrorReason.TooManyBadCredentials);
        Assert.InRange(WaitOf(refusal), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));

        // Neither key has been seen by this server; each is looked up among bad ones that come all the while.
        using var stop = new CancellationTokenSource();
        var flood = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => FloodAsync(stop.Token)));
        await ListAsync(server.First);
        await ListAsync(server.Second);
        for (var count = 0; count < 100; count++)
            await ListAsync(server.First);
        Assert.False(flood.IsCompleted);
        await stop.CancelAsync();
        await flood;
    }

    [Fact]
    public async Task Calls_that_ask_for_no_key_are_limited_by_address()
    {
        await StartAsync(("AddressStrangers", 1), ("AddressStrangersBurst", 10));
        var health = new Health.HealthClient(server.First.Calls);
        var refusal = await UntilRefusedAsync(async () => await health.CheckAsync(new HealthCheckRequest()));
        refusal.Is(StatusCode.ResourceExhausted, ErrorReason.RateLimited);
        Assert.Equal("ADDRESS", refusal.Metadata["scope"]);
        await ListAsync(server.First);
    }

    [Fact]
    public async Task An_address_has_so_many_connections_open_and_may_open_others_when_they_are_closed()
    {
        await StartAsync(("AddressConnections", 5));
        var connections = new List<RawConnection>();
        for (var count = 0; count < 20; count++)
            connections.Add(await RawConnection.OpenAsync(server.Address));
        var open = 0;
        foreach (var connection in connections)
            open += await connection.PingAsync() ? 1 : 0;
        Assert.Equal(5, open);

        foreach (var connection in connections)
            await connection.DisposeAsync();
        await Wait.ForAsync(() => Refused(() => ListAsync(server.First)), refused => !refused);
    }

    [Fact]
    public async Task An_account_has_so_many_bytes_of_requests_in_memory()
    {
        await StartAsync(("AccountBytes", 1_000_000));
        var content = SampleFiles.PdfOf(2_000_000);
        var header = new UploadFileHeader { RequestId = Authority.NewId(), Name = "form.pdf", SizeBytes = content.Length };
        var refusal = await Refusal.OfAsync(() => server.First.UploadAsync(header, [.. content.Chunk(100_000)]));
        refusal.Is(StatusCode.ResourceExhausted, ErrorReason.TooManyAtOnce);
        Assert.Equal(("ACCOUNT", "BYTES"), (refusal.Metadata["scope"], refusal.Metadata["limit"]));

        var answers = new SaveAnswersRequest { RequestId = Authority.NewId(), CaseId = "x" };
        answers.Answers.Add(new Answer { QuestionId = "q", Text = new string('x', 2_000_000) });
        (await Refusal.OfAsync(server.First.Questionnaires.SaveAnswersAsync(answers))).Is(StatusCode.ResourceExhausted, ErrorReason.TooManyAtOnce);

        var accounts = server.Services.GetRequiredService<AccountLimits>();
        await Wait.ForAsync(() => Task.FromResult(accounts.ServerBytes), bytes => bytes == 0);
        var file = await server.First.UploadAsync(SampleFiles.PdfOf(600_000));
        await using var connection = await RawConnection.OpenAsync(server.Address, window: 0, reads: false);
        var unread = connection.NewStream();
        await connection.SendAsync(new Frames().HeadersFrame(unread.Id, Calls.To(Calls.Download))
            .DataFrame(unread.Id, new DownloadFileRequest { FileId = file }.Framed(), end: true));
        await Wait.ForAsync(() => Task.FromResult(accounts.ServerBytes), bytes => bytes == 600_000);
        (await Refusal.OfAsync(async () =>
        {
            using var download = server.First.Files.DownloadFile(new DownloadFileRequest { FileId = file });
            await download.ResponseStream.MoveNext(CancellationToken.None);
        })).Is(StatusCode.ResourceExhausted, ErrorReason.TooManyAtOnce);
    }

    [Fact]
    public async Task An_account_uploads_so_many_bytes_a_second()
    {
        await StartAsync(("AccountUploadBytes", 1_000));
        await server.First.UploadAsync(SampleFiles.PdfOf(7_000));
        var refusal = await Refusal.OfAsync(() => server.First.UploadAsync(SampleFiles.PdfOf(8_000)));
        refusal.Is(StatusCode.ResourceExhausted, ErrorReason.RateLimited);
        Assert.Equal("UPLOAD_BYTES", refusal.Metadata["limit"]);
        Assert.InRange(WaitOf(refusal), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(8));
        await server.Second.UploadAsync(SampleFiles.PdfOf(7_000));
    }

    [Fact]
    public async Task Past_what_the_server_can_do_calls_are_refused_for_now_whoever_makes_them_and_streams_and_operators_are_not()
    {
        await StartAsync(("ServerCalls", 1));
        var since = (await Turns.TakeAsync())!.Value;
        var refusal = await Refusal.OfAsync(() => ListAsync(server.Second));
        refusal.Is(StatusCode.Unavailable, ErrorReason.ServerBusy);
        Assert.InRange(WaitOf(refusal), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        // Enough for the line to be full: most are refused before anything is found out about them.
        var many = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Refusal.OfAsync(() => ListAsync(server.Second))));
        Assert.All(many, each => each.Is(StatusCode.Unavailable, ErrorReason.ServerBusy));
        Assert.All(many, each => Assert.InRange(WaitOf(each), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)));
        using (await FollowAsync(server.Second))
            await server.Operator.HeldAsync();

        Turns.Give(since);
        await ListAsync(server.Second);
        Assert.Equal((0, 0), (Turns.AtWork, Turns.Waiting));
    }

    [Fact]
    public async Task An_account_that_stands_still_leaves_turns_to_the_others()
    {
        await StartAsync(("AccountTurns", 3));
        var use = Use("Authority first");
        var held = new List<Turn>();
        for (var count = 0; count < 3; count++)
            held.Add(await use.TakeTurnAsync(CancellationToken.None));
        var waiting = ListAsync(server.First);
        await ListAsync(server.Second);
        Assert.Equal(3, Turns.AtWork);
        Assert.False(waiting.IsCompleted);
        held.ForEach(turn => turn.Dispose());
        await waiting;
    }

    private ServerTurns Turns => server.Services.GetRequiredService<ServerTurns>();

    private static async Task ListAsync(Authority caller) => await caller.Cases.ListCasesAsync(new ListCasesRequest());

    private static async Task<AsyncServerStreamingCall<WatchReceiptsResponse>> FollowAsync(Authority caller)
    {
        var call = caller.Receipts.WatchReceipts(new WatchReceiptsRequest());
        await call.ResponseStream.MoveNext(CancellationToken.None);
        return call;
    }

    private static TimeSpan WaitOf(Refusal refusal) => refusal.Detail<RetryInfo>().RetryDelay.ToTimeSpan();

    private static async Task<bool> Refused(Func<Task> call)
    {
        try
        {
            await call();
            return false;
        }
        catch (RpcException)
        {
            return true;
        }
    }

    private static async Task<Refusal> UntilRefusedAsync(Func<Task> call)
    {
        for (var count = 0; count < 10_000; count++)
        {
            try
            {
                await call();
            }
            catch (RpcException refused)
            {
                return Refusal.Of(refused);
            }
        }

        throw new InvalidOperationException("Nothing was refused");
    }

    private async Task FloodAsync(CancellationToken stop)
    {
        using var stranger = new Authority(server.Address, $"no-key-{Guid.NewGuid()}");
        while (!stop.IsCancellationRequested)
            await Refused(() => ListAsync(stranger));
    }

    private AccountUse Use(string account) => server.Services.GetRequiredService<AccountLimits>().Of(account);

    private async Task StartAsync(params (string Name, int Value)[] limits)
    {
        foreach (var (name, value) in limits)
            server.Settings[$"Limits:{name}"] = value.ToString(CultureInfo.InvariantCulture);
        await server.InitializeAsync();
    }
}
