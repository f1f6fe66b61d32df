using System.Runtime.CompilerServices;
using Grpc.Core;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Sdk.Tests;

/// <summary>Waiting for a case while the server comes and goes.</summary>
public sealed class WaitingTests
{
    [Fact]
    public async Task A_server_that_is_away_or_slow_ends_no_waiting()
    {
        var invoker = new ScriptedInvoker().OnStream<Wire.WatchReceiptsRequest, Wire.WatchReceiptsResponse>("WatchReceipts", CaughtUp)
            .Fail("GetCase", Failures.Plain(StatusCode.Unavailable), times: 7)
            .Fail("GetCase", Failures.Plain(StatusCode.DeadlineExceeded))
            .Fail("GetCase", Failures.Rich(StatusCode.Internal, "INTERNAL_ERROR"))
            .On("GetCase", (Wire.GetCaseRequest _) => Found(Wire.Status.Accepted));
        var clock = new SkippingClock();
        var client = invoker.Client(options => options.TimeProvider = new NoSilence(clock));
        var found = await client.Case("c").WaitForAsync(c => c.Status == Status.Accepted);
        Assert.Equal(Status.Accepted, found.Status);
        Assert.Equal(10, invoker.Requests<Wire.GetCaseRequest>().Count());
        Assert.Contains(clock.Waits, wait => wait >= TimeSpan.FromMilliseconds(125));
    }

    [Fact]
    public async Task What_a_wait_cannot_mend_ends_the_waiting()
    {
        var invoker = new ScriptedInvoker().OnStream<Wire.WatchReceiptsRequest, Wire.WatchReceiptsResponse>("WatchReceipts", CaughtUp)
            .Fail("GetCase", Failures.Rich(StatusCode.NotFound, "CASE_NOT_FOUND"));
        await Assert.ThrowsAsync<CaseNotFoundException>(() => invoker.Client().Case("c").WaitForAsync(_ => true));
    }

    [Fact]
    public async Task Where_no_stream_can_be_had_it_looks_at_every_attempt()
    {
        var invoker = new ScriptedInvoker();
        foreach (var status in new[] { Wire.Status.Sent, Wire.Status.Received, Wire.Status.Accepted })
        {
            invoker.OnStream<Wire.WatchReceiptsRequest, Wire.WatchReceiptsResponse>("WatchReceipts", Full)
                .On("GetCase", (Wire.GetCaseRequest _) => Found(status));
        }

        var client = invoker.Client(options => options.TimeProvider = new NoSilence(new SkippingClock()));
        Assert.Equal(Status.Accepted, (await client.Case("c").WaitForAsync(c => c.Status == Status.Accepted)).Status);
        Assert.Equal(3, invoker.Requests<Wire.WatchReceiptsRequest>().Count());
    }

    [Fact]
    public async Task The_time_to_wait_passes_by_the_clients_clock()
    {
        var clock = new ManualClock();
        var invoker = new ScriptedInvoker();
        for (var i = 0; i < 4; i++)
        {
            invoker.OnStream<Wire.WatchReceiptsRequest, Wire.WatchReceiptsResponse>("WatchReceipts", CaughtUp)
                .On("GetCase", (Wire.GetCaseRequest _) => Found(Wire.Status.Sent));
        }

        var waiting = invoker.Client(options => options.TimeProvider = clock).Case("c").WaitForAsync(_ => false, TimeSpan.FromDays(30));
        clock.Advance(TimeSpan.FromDays(30));
        var thrown = await Assert.ThrowsAsync<DeadlineExceededException>(() => waiting.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Contains("30.00:00:00", thrown.MessageEn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_longer_than_a_timer_takes_is_waited_for_all_the_same()
    {
        foreach (var timeout in new[] { TimeSpan.FromDays(40), TimeSpan.FromDays(50), TimeSpan.FromDays(365), TimeSpan.MaxValue })
        {
            var invoker = new ScriptedInvoker().OnStream<Wire.WatchReceiptsRequest, Wire.WatchReceiptsResponse>("WatchReceipts", CaughtUp)
                .On("GetCase", (Wire.GetCaseRequest _) => Found(Wire.Status.Sent));
            Assert.Equal(Status.Sent, (await invoker.Client().Case("c").WaitForAsync(_ => true, timeout)).Status);
        }
    }

    [Fact]
    public async Task It_goes_on_when_the_longest_timer_has_rung()
    {
        var clock = new ManualClock();
        var looks = new SemaphoreSlim(0);
        var invoker = new ScriptedInvoker();
        for (var i = 0; i < 20; i++)
        {
            invoker.OnStream<Wire.WatchReceiptsRequest, Wire.WatchReceiptsResponse>("WatchReceipts", CaughtUp).On("GetCase", (Wire.GetCaseRequest _) =>
            {
                looks.Release();
                return Found(Wire.Status.Sent);
            });
        }

        var waiting = invoker.Client(options => options.TimeProvider = clock).Case("c").WaitForAsync(_ => false, TimeSpan.FromDays(50));
        Assert.True(await looks.WaitAsync(TimeSpan.FromMinutes(1)));
        clock.Advance(TimeSpan.FromDays(40)); // As long as one timer; a silent stream is cut by it too.
        Assert.True(await looks.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.False(waiting.IsCompleted);
        while (!waiting.IsCompleted)
        {
            clock.Advance(TimeSpan.FromDays(10));
            await Task.WhenAny(waiting, Task.Delay(20));
        }

        await Assert.ThrowsAsync<DeadlineExceededException>(() => waiting);
    }

    private static Wire.GetCaseResponse Found(Wire.Status status) =>
        new() { Case = new Wire.Case { CaseId = "c", Stage = Wire.Stage.Application, Status = status } };

    private static async IAsyncEnumerable<Wire.WatchReceiptsResponse> CaughtUp(
        Wire.WatchReceiptsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new() { CaughtUp = new Wire.CaughtUp { Number = 4, Cursor = "cur-4" } };
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static async IAsyncEnumerable<Wire.WatchReceiptsResponse> Full(
        Wire.WatchReceiptsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        throw Failures.Limited("TOO_MANY_AT_ONCE", TimeSpan.FromSeconds(1));
#pragma warning disable CS0162 // What makes it a stream is never reached.
        yield break;
#pragma warning restore CS0162
    }
}
