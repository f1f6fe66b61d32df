using System.Diagnostics;
using Grpc.Core;
using Sandbox = SingleWindow.Sandbox.V1;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Sdk.Tests;

public sealed class RetryTests
{
    private static Wire.RedeliverCaseResponse Done(Wire.RedeliverCaseRequest request) =>
        new() { Case = new Wire.Case { CaseId = request.CaseId, Etag = "8" } };

    [Fact]
    public async Task OneRequestIdIsKeptOverAllAttempts()
    {
        var invoker = new ScriptedInvoker()
            .Fail("RedeliverCase", Failures.Plain(StatusCode.Unavailable), times: 2)
            .On<Wire.RedeliverCaseRequest, Wire.RedeliverCaseResponse>("RedeliverCase", Done);
        var change = await invoker.Client().Case("c").RedeliverAsync(new ChangeOptions { ETag = "7" });

        var requests = invoker.Requests<Wire.RedeliverCaseRequest>().ToList();
        Assert.Equal(3, requests.Count);
        Assert.Equal(change.RequestId.ToString(), Assert.Single(requests.Select(request => request.RequestId).Distinct()));
        Assert.All(requests, request => Assert.Equal("7", request.Etag));
        Assert.Equal(3, change.Attempts);
        Assert.Equal("8", change.Case.ETag);
    }

    // As Grpc.Net.Client tells of it: with INTERNAL or CANCELLED, and the exception of .NET's own beneath.
    public static TheoryData<string, int, Exception> Transports => new()
    {
        { "a server that stops says goodbye", 2, new HttpRequestException("", new HttpProtocolException(0, "The HTTP/2 server closed the connection.", null)) },
        { "a connection ended before its first call", 2, new HttpRequestException("An HTTP/2 connection could not be established.") },
        { "a connection ended in the midst of an answer", 2, new HttpIOException(HttpRequestError.ResponseEnded) },
        { "no connection came about in time", 2, new OperationCanceledException("", new TimeoutException()) },
        { "a call was reset by a fault", 1, new HttpRequestException("", new HttpProtocolException(2, "The HTTP/2 server reset the stream.", null)) },
        { "a server speaks no HTTP/2", 1, new HttpRequestException(HttpRequestError.VersionNegotiationError) },
    };

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task ACallWhoseConnectionEndedIsMadeAgainAndOneThatItsServerEndedIsNot(string what, int attempts, Exception beneath)
    {
        var invoker = new ScriptedInvoker()
            .Fail("RedeliverCase", new RpcException(new Grpc.Core.Status(StatusCode.Internal, "Error starting gRPC call.", beneath)))
            .On<Wire.RedeliverCaseRequest, Wire.RedeliverCaseResponse>("RedeliverCase", Done);
        var call = invoker.Client().Case("c").RedeliverAsync();
        if (attempts == 1)
            Assert.Equal(1, (await Assert.ThrowsAsync<OutcomeUnknownException>(() => call)).Attempts);
        else
            Assert.True(attempts == (await call).Attempts, what);
        Assert.Single(invoker.Requests<Wire.RedeliverCaseRequest>().Select(request => request.RequestId).Distinct());
    }

    [Fact]
    public async Task TheControlsOfTheSandboxKeepOneRequestIdOverAllAttemptsToo()
    {
        var invoker = new ScriptedInvoker()
            .Fail("AdvanceClock", Failures.Busy(), times: 2)
            .On<Sandbox.AdvanceClockRequest, Sandbox.AdvanceClockResponse>(
                "AdvanceClock", _ => new() { Clock = new() { Time = new() { Seconds = 60 } } })
            .Fail("SetFaults", Failures.Busy())
            .On<Sandbox.SetFaultsRequest, Sandbox.SetFaultsResponse>("SetFaults", _ => new())
            .Fail("ResetAccount", Failures.Busy())
            .On<Sandbox.ResetAccountRequest, Sandbox.ResetAccountResponse>("ResetAccount", _ => new());
        var sandbox = invoker.Client().Sandbox;
        Assert.Equal(60, (await sandbox.AdvanceClockAsync(TimeSpan.FromSeconds(1))).Time.ToUnixTimeSeconds());
        await sandbox.SetFaultsAsync([]);
        await sandbox.ResetAccountAsync();

        IReadOnlyList<string>[] ids =
        [
            [.. invoker.Requests<Sandbox.AdvanceClockRequest>().Select(request => request.RequestId)],
            [.. invoker.Requests<Sandbox.SetFaultsRequest>().Select(request => request.RequestId)],
            [.. invoker.Requests<Sandbox.ResetAccountRequest>().Select(request => request.RequestId)],
        ];
        Assert.Equal([3, 2, 2], ids.Select(of => of.Count));
        Assert.All(ids, of => Assert.True(Guid.TryParse(Assert.Single(of.Distinct()), out _)));
        Assert.Equal(3, ids.Select(of => of[0]).Distinct().Count());
    }

    [Fact]
    public async Task TheControlsOfTheSandboxTakeARequestIdToo()
    {
        var invoker = new ScriptedInvoker()
            .On<Sandbox.AdvanceClockRequest, Sandbox.AdvanceClockResponse>("AdvanceClock", _ => new() { Clock = new() { Time = new() } })
            .On<Sandbox.SetFaultsRequest, Sandbox.SetFaultsResponse>("SetFaults", _ => new())
            .On<Sandbox.ResetAccountRequest, Sandbox.ResetAccountResponse>("ResetAccount", _ => new());
        var sandbox = invoker.Client().Sandbox;
        var options = Enumerable.Range(0, 3).Select(_ => new ChangeOptions { RequestId = Guid.NewGuid() }).ToList();
        await sandbox.AdvanceClockAsync(TimeSpan.FromSeconds(1), options[0]);
        await sandbox.SetFaultsAsync([], options[1]);
        await sandbox.ResetAccountAsync(options[2]);
        Assert.Equal(
            options.Select(option => option.RequestId.ToString()),
            [
                invoker.Requests<Sandbox.AdvanceClockRequest>().Single().RequestId,
                invoker.Requests<Sandbox.SetFaultsRequest>().Single().RequestId,
                invoker.Requests<Sandbox.ResetAccountRequest>().Single().RequestId,
            ]);
    }

    [Fact]
    public async Task AnotherProcessCanAskAgainWithTheIdOfTheException()
    {
        var invoker = new ScriptedInvoker().Fail("RedeliverCase", Failures.Busy(), times: 5);
        var lost = await Assert.ThrowsAsync<OutcomeUnknownException>(() => invoker.Client().Case("c").RedeliverAsync());
        Assert.Equal(ErrorReason.StoreUnavailable, lost.Reason);

        invoker.On<Wire.RedeliverCaseRequest, Wire.RedeliverCaseResponse>("RedeliverCase", Done);
        var change = await invoker.Client().Case("c").RedeliverAsync(new ChangeOptions { RequestId = lost.RequestId });
        Assert.Equal(lost.RequestId, change.RequestId);
        Assert.Single(invoker.Requests<Wire.RedeliverCaseRequest>().Select(request => request.RequestId).Distinct());
    }

    [Fact]
    public async Task ACheckWithoutAnAnswerHasChangedNothing()
    {
        var invoker = new ScriptedInvoker().Fail("SubmitAnswers", Failures.Busy(), times: 5);
        var thrown = await Assert.ThrowsAsync<UnavailableException>(() =>
            invoker.Client().Case("c").SubmitAnswersAsync(options: new SubmitOptions { ValidateOnly = true }));
        Assert.False(thrown.IsOutcomeUnknown);
    }

    [Theory]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Aborted)]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.Unknown)]
    [InlineData(StatusCode.Cancelled)]
    [InlineData(StatusCode.Unauthenticated)]
    public async Task NothingButUnavailableIsRepeated(StatusCode code)
    {
        var invoker = new ScriptedInvoker().Fail("GetCase", Failures.Plain(code));
        await Assert.ThrowsAnyAsync<SingleWindowException>(() => invoker.Client().Cases.GetAsync("c"));
        Assert.Single(invoker.Calls);
    }

    [Fact]
    public async Task TheServersOwnWaitIsHonoured()
    {
        var clock = new SkippingClock();
        var invoker = new ScriptedInvoker()
            .Fail("RedeliverCase", Failures.Busy(TimeSpan.FromSeconds(3)))
            .On<Wire.RedeliverCaseRequest, Wire.RedeliverCaseResponse>("RedeliverCase", Done);
        await invoker.Client(options => options.TimeProvider = clock).Case("c").RedeliverAsync();
        Assert.InRange(Assert.Single(clock.Waits), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3.6));
    }

    [Theory]
    [InlineData("RATE_LIMITED")]
    [InlineData("TOO_MANY_AT_ONCE")]
    [InlineData("A_LIMIT_OF_A_LATER_SERVER")]
    public async Task ACallThatALimitStoppedIsRepeatedWhenTheServerSays(string reason)
    {
        var clock = new SkippingClock();
        var invoker = new ScriptedInvoker()
            .Fail("RedeliverCase", Failures.Limited(reason, TimeSpan.FromSeconds(2)), times: 2)
            .On<Wire.RedeliverCaseRequest, Wire.RedeliverCaseResponse>("RedeliverCase", Done);
        var change = await invoker.Client(options => options.TimeProvider = clock).Case("c").RedeliverAsync();
        Assert.Equal(3, change.Attempts);
        Assert.All(clock.Waits, wait => Assert.InRange(wait, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.4)));
        Assert.Single(invoker.Requests<Wire.RedeliverCaseRequest>().Select(request => request.RequestId).Distinct());
    }

    [Fact]
    public async Task ALimitThatDoesNotPassIsToldWithItsWaitAndTheChangeWasNotMade()
    {
        var invoker = new ScriptedInvoker().Fail("RedeliverCase", Failures.Limited("RATE_LIMITED", TimeSpan.FromSeconds(2)), times: 5);
        var thrown = await Assert.ThrowsAsync<LimitExceededException>(() =>
            invoker.Client(options => options.TimeProvider = new SkippingClock()).Case("c").RedeliverAsync());
        Assert.Equal((5, TimeSpan.FromSeconds(2)), (thrown.Attempts, thrown.RetryAfter));
        Assert.True(thrown.IsRetryable);
        Assert.False(thrown.IsOutcomeUnknown);
    }

    [Theory]
    [InlineData("FILE_QUOTA_EXCEEDED", null)]
    [InlineData("MESSAGE_TOO_LARGE", null)]
    [InlineData("TOO_MANY_BAD_CREDENTIALS", 3)]
    public async Task ALimitThatDoesNotPassByItselfIsNotTriedAgain(string reason, int? seconds)
    {
        var invoker = new ScriptedInvoker().Fail(
            "GetCase", Failures.Limited(reason, seconds is { } wait ? TimeSpan.FromSeconds(wait) : null));
        await Assert.ThrowsAnyAsync<SingleWindowException>(() => invoker.Client().Cases.GetAsync("c"));
        Assert.Single(invoker.Calls);
    }

    [Fact]
    public async Task WaitsGrowWithJitterUpToTheLongest()
    {
        var clock = new SkippingClock();
        var invoker = new ScriptedInvoker().Fail("GetCase", Failures.Busy(), times: 6);
        var client = invoker.Client(options =>
        {
            options.TimeProvider = clock;
            options.Retry = new RetryOptions
            {
                MaxAttempts = 6, InitialBackoff = TimeSpan.FromMilliseconds(100), MaxBackoff = TimeSpan.FromMilliseconds(500),
            };
        });
        await Assert.ThrowsAsync<UnavailableException>(() => client.Cases.GetAsync("c"));
        int[] longest = [100, 200, 400, 500, 500];
        Assert.Equal(longest.Length, clock.Waits.Count);
        for (var i = 0; i < longest.Length; i++)
            Assert.InRange(clock.Waits[i].TotalMilliseconds, longest[i] / 2.0, longest[i]);
    }

    [Fact]
    public async Task TheOverallDeadlineEndsTheAttempts()
    {
        var clock = new SkippingClock();
        var invoker = new ScriptedInvoker().Fail("RedeliverCase", Failures.Busy(TimeSpan.FromSeconds(4)), times: 3);
        var client = invoker.Client(options => options.TimeProvider = clock);
        var start = clock.GetUtcNow();
        var before = DateTime.UtcNow;
        var thrown = await Assert.ThrowsAsync<OutcomeUnknownException>(() =>
            client.Case("c").RedeliverAsync(new ChangeOptions { Deadline = TimeSpan.FromSeconds(10) }));
        Assert.InRange(thrown.Attempts, 2, 3);
        Assert.True(clock.GetUtcNow() - start < TimeSpan.FromSeconds(10));

        // Every attempt has what the clock leaves of the deadline, told to gRPC by the machine's own clock.
        var left = TimeSpan.FromSeconds(10);
        foreach (var (call, wait) in invoker.Calls.Zip(clock.Waits.Append(TimeSpan.Zero)))
        {
            Assert.InRange(call.Options.Deadline!.Value, before + left, DateTime.UtcNow + left);
            left -= wait;
        }
    }

    [Fact]
    public async Task AClockOfAnotherTimeLeavesACallItsDeadline()
    {
        var invoker = new ScriptedInvoker()
            .On("GetCase", (Wire.GetCaseRequest _) => new Wire.GetCaseResponse { Case = new Wire.Case { CaseId = "c" } });
        await invoker.Client(options => options.TimeProvider = new Year2000()).Cases.GetAsync("c");
        Assert.InRange(invoker.Calls.Single().Options.Deadline!.Value, DateTime.UtcNow, DateTime.UtcNow.AddSeconds(30));
    }

    [Fact]
    public async Task TheKeyIsAskedForAtEveryAttempt()
    {
        var keys = 0;
        var invoker = new ScriptedInvoker()
            .Fail("GetCase", Failures.Busy())
            .On("GetCase", (Wire.GetCaseRequest _) => new Wire.GetCaseResponse { Case = new Wire.Case { CaseId = "c" } });
        var client = invoker.Client(options => options.ApiKeyProvider = _ => ValueTask.FromResult($"key-{++keys}"));
        await client.Cases.GetAsync("c");
        Assert.Equal(
            ["Bearer key-1", "Bearer key-2"], invoker.Calls.Select(call => call.Options.Headers!.GetValue("authorization")));
    }

    [Fact]
    public async Task ACallersCancellationIsACancellation()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var client = new ScriptedInvoker().Client();
        var reading = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Cases.GetAsync("c", cancelled.Token));
        Assert.Equal(cancelled.Token, reading.CancellationToken);

        var requestId = Guid.NewGuid();
        var change = await Assert.ThrowsAsync<ChangeCanceledException>(() =>
            client.Case("c").RedeliverAsync(new ChangeOptions { RequestId = requestId }, cancelled.Token));
        Assert.Equal(requestId, change.RequestId);
    }

    [Fact]
    public async Task ACancellationDuringTheWaitEndsIt()
    {
        using var cancel = new CancellationTokenSource();
        var invoker = new ScriptedInvoker().Fail("GetCase", Failures.Busy(TimeSpan.FromSeconds(20)));
        var call = invoker.Client().Cases.GetAsync("c", cancel.Token);
        cancel.CancelAfter(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task ACallIsOneActivityWithTheRpcNames()
    {
        var ended = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SingleWindowTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                lock (ended)
                    ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var invoker = new ScriptedInvoker()
            .Fail("RedeliverCase", Failures.Busy())
            .On<Wire.RedeliverCaseRequest, Wire.RedeliverCaseResponse>("RedeliverCase", Done);
        var change = await invoker.Client().Case("c").RedeliverAsync();

        Activity activity;
        lock (ended)
            activity = Assert.Single(ended, a => Equals(a.GetTagItem("singlewindow.request_id"), change.RequestId.ToString()));
        Assert.Equal("singlewindow.bridge.v1.CaseService/RedeliverCase", activity.OperationName);
        Assert.Equal("grpc", activity.GetTagItem("rpc.system"));
        Assert.Equal("RedeliverCase", activity.GetTagItem("rpc.method"));
        Assert.Equal(0, activity.GetTagItem("rpc.grpc.status_code"));
        Assert.Equal(2, activity.GetTagItem("singlewindow.attempts"));
    }

    private sealed class Year2000 : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
