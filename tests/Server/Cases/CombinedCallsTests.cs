using Dapper;
using Google.Protobuf;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Tests.Running;

namespace SingleWindowBridge.Server.Tests.Cases;

/// <summary>Many calls at once, on one server and on two.</summary>
public sealed class CombinedCallsTests : IAsyncLifetime
{
    private readonly ScriptedServer server = new();

    private Authority Us => server.First;

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        server.Script.Hold();
    }

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Many_calls_at_once_are_each_answered_for_themselves()
    {
        var file = await server.FileAsync();
        var draft = await Us.DraftAsync(Attempt.Form(file));
        var twice = Submission(file);
        var calls = new List<Task<Case>>();
        for (var i = 0; i < 12; i++)
        {
            calls.Add(SubmitAsync(Us, Submission(file)));
            calls.Add(SubmitAsync(Us, twice));
            calls.Add(SubmitAsync(Us, new SubmitApplicationRequest { RequestId = Authority.NewId(), Application = new() }));
            calls.Add(SubmitAsync(Us, new SubmitApplicationRequest { RequestId = Authority.NewId(), CaseId = "none" }));
            calls.Add(SubmitAsync(Us, new SubmitApplicationRequest { RequestId = Authority.NewId(), CaseId = draft.CaseId, Etag = "99" }));
            calls.Add(SubmitAsync(Us, new SubmitApplicationRequest { RequestId = Authority.NewId(), CaseId = draft.CaseId }));
        }

        var ends = new List<(Case? Case, StatusCode Code)>();
        foreach (var call in calls)
            ends.Add(await Record.ExceptionAsync(() => call) is RpcException refusal ? (null, refusal.StatusCode) : (await call, StatusCode.OK));
        Assert.All(Each(0), end => Assert.Equal(StatusCode.OK, end.Code));
        Assert.Single(Each(1).Select(end => end.Case!.CaseId).Distinct());
        Assert.All(Each(2), end => Assert.Equal(StatusCode.InvalidArgument, end.Code));
        Assert.All(Each(3), end => Assert.Equal(StatusCode.NotFound, end.Code));
        Assert.All(Each(4), end => Assert.Equal(StatusCode.Aborted, end.Code));
        Assert.Single(Each(5), end => end.Code == StatusCode.OK);
        Assert.Equal(11, Each(5).Count(end => end.Code == StatusCode.FailedPrecondition));

        // 12 new cases, one of the request that came twelve times, one of the draft.
        var receipts = await Us.AllReceiptsAsync();
        Assert.Equal(Enumerable.Range(1, 14).Select(number => (long)number), receipts.Select(receipt => receipt.Number));
        Assert.Equal(14, receipts.Select(receipt => receipt.CaseNumber).Distinct().Count());
        var lines = await Us.TimelineAsync(draft.CaseId);
        Assert.Equal([(1, CaseEvent.Save), (2, CaseEvent.Submit)], lines.Select(line => (line.Sequence, line.Event)));
        Assert.Contains(receipts, receipt => receipt.Number == lines[1].ReceiptNumber && receipt.CaseId == draft.CaseId);

        IEnumerable<(Case? Case, StatusCode Code)> Each(int kind) => ends.Where((_, index) => index % 6 == kind);
    }

    [Fact]
    public async Task Two_servers_that_get_the_same_request_at_once_make_one_change()
    {
        var other = new BridgeServer { Database = server.Database, Channel = new SilentChannel() };
        await other.InitializeAsync();
        try
        {
            var file = await server.FileAsync();
            for (var round = 0; round < 10; round++)
            {
                var request = Submission(file);
                var answers = await Task.WhenAll(
                    SubmitAsync(Us, request), SubmitAsync(other.First, request), SubmitAsync(other.First, request), SubmitAsync(Us, request));
                Assert.Single(answers.Select(answer => answer.ToByteString()).Distinct());
            }

            Assert.Equal(
                Enumerable.Range(1, 10).Select(number => (long)number), (await Us.AllReceiptsAsync()).Select(receipt => receipt.Number));
        }
        finally
        {
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task Calls_that_wait_too_long_for_the_database_fail_together_and_leave_nothing()
    {
        var file = await server.FileAsync();
        var requests = Enumerable.Range(0, 12).Select(_ => Submission(file)).ToList();
        using (server.LockWrites())
        {
            var failures = await Task.WhenAll(requests.Select(request => Refusal.OfAsync(() => SubmitAsync(Us, request))));
            Assert.All(failures, failure => failure.Is(StatusCode.Unavailable, ErrorReason.StoreUnavailable));
        }

        Assert.Empty(await Us.AllReceiptsAsync());
        await Task.WhenAll(requests.Select(request => SubmitAsync(Us, request)));
        Assert.Equal(12, (await Us.AllReceiptsAsync()).Count);
    }

    [PostgresFact]
    public async Task Calls_whose_connection_is_cut_are_made_once_when_they_come_again()
    {
        var file = await server.FileAsync();
        var cutting = CutAsync(times: 5);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            var mine = new List<string>();
            while (mine.Count < 10 || !cutting.IsCompleted)
            {
                var request = Submission(file);
                mine.Add((await UntilTakenAsync(() => SubmitAsync(Us, request))).CaseId);
            }

            return mine;
        }));
        await cutting;

        var receipts = await UntilTakenAsync(() => Us.AllReceiptsAsync());
        Assert.Equal(Enumerable.Range(1, receipts.Count).Select(number => (long)number), receipts.Select(receipt => receipt.Number));
        Assert.Equal(answers.SelectMany(mine => mine).Order(), receipts.Select(receipt => receipt.CaseId).Order());
    }

    private static SubmitApplicationRequest Submission(string file) =>
        new() { RequestId = Authority.NewId(), Application = Attempt.Form(file) };

    private static async Task<Case> SubmitAsync(Authority authority, SubmitApplicationRequest request) =>
        (await authority.Applications.SubmitApplicationAsync(request)).Case;

    // As the contract says: what is UNAVAILABLE is asked for again.
    private static async Task<T> UntilTakenAsync<T>(Func<Task<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RpcException cut) when (cut.StatusCode == StatusCode.Unavailable)
            {
                await Task.Delay(20);
            }
        }
    }

    private async Task CutAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Task.Delay(150);
            server.Database.Hide();
            server.Database.Show();
        }
    }
}
