using Grpc.Core;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Sdk.Tests;

/// <summary>Changes of which an earlier attempt may have been made, whatever the last one is told.</summary>
public sealed class LostAnswerTests
{
    public static TheoryData<object> ToldBeforeTheRequestId => new()
    {
        Failures.Rich(StatusCode.Unauthenticated, "CREDENTIALS_INVALID"),
        Failures.Rich(StatusCode.Unauthenticated, "KEY_MISTYPED"),
        Failures.Rich(StatusCode.PermissionDenied, "ACCOUNT_DISABLED"),
        Failures.Limited("TOO_MANY_BAD_CREDENTIALS", TimeSpan.FromSeconds(1)),
        Failures.Limited("A_LIMIT_OF_A_LATER_SERVER", null),
        Failures.Rich(StatusCode.DeadlineExceeded, "UPLOAD_TOO_SLOW"),
        Failures.Plain(StatusCode.PermissionDenied, "a proxy"),
        Failures.Plain(StatusCode.NotFound, "a proxy"),
        Failures.Plain(StatusCode.Unimplemented, "a proxy"),
    };

    public static TheoryData<object, Type> ToldAfterTheRequestId => new()
    {
        { Failures.Rich(StatusCode.FailedPrecondition, "STATUS_NOT_ALLOWED"), typeof(StatusNotAllowedException) },
        { Failures.Rich(StatusCode.Aborted, "ETAG_MISMATCH"), typeof(EtagMismatchException) },
        { Failures.Rich(StatusCode.AlreadyExists, "REQUEST_ID_REUSED"), typeof(RequestIdReusedException) },
        { Failures.Rich(StatusCode.InvalidArgument, "FIELD_INVALID"), typeof(ValidationException) },
        { Failures.Rich(StatusCode.NotFound, "CASE_NOT_FOUND"), typeof(CaseNotFoundException) },
        { Failures.Rich(StatusCode.ResourceExhausted, "FILE_QUOTA_EXCEEDED"), typeof(FileQuotaExceededException) },
    };

    [Theory, MemberData(nameof(ToldBeforeTheRequestId))]
    public async Task A_refusal_before_the_request_id_was_looked_up_says_nothing_of_the_attempt_before(object last)
    {
        var invoker = new ScriptedInvoker().Fail("RedeliverCase", Failures.Busy()).Fail("RedeliverCase", (RpcException)last);
        var thrown = await Assert.ThrowsAsync<OutcomeUnknownException>(() => invoker.Client().Case("c").RedeliverAsync());
        Assert.Equal(2, thrown.Attempts);
        Assert.Equal(invoker.Requests<Wire.RedeliverCaseRequest>().First().RequestId, thrown.RequestId.ToString());
        var inner = Assert.IsAssignableFrom<SingleWindowException>(thrown.InnerException);
        Assert.Equal((inner.ReasonCode, inner.StatusCode), (thrown.ReasonCode, thrown.StatusCode));
        Assert.Contains(inner.MessageEn, thrown.MessageEn, StringComparison.Ordinal);
        Assert.Contains("第 1 次尝试", thrown.MessageZh, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(ToldAfterTheRequestId))]
    public async Task A_refusal_after_it_was_looked_up_is_told_as_it_is(object last, Type type)
    {
        var invoker = new ScriptedInvoker().Fail("RedeliverCase", Failures.Busy()).Fail("RedeliverCase", (RpcException)last);
        await Assert.ThrowsAsync(type, () => invoker.Client().Case("c").RedeliverAsync());
    }

    [Fact]
    public async Task A_limit_that_outlasts_the_attempts_is_unknown_only_where_one_before_had_no_answer()
    {
        var limit = Failures.Limited("RATE_LIMITED", TimeSpan.FromSeconds(2));
        var invoker = new ScriptedInvoker().Fail("RedeliverCase", Failures.Plain(StatusCode.Unavailable)).Fail("RedeliverCase", limit, times: 4)
            .Fail("RedeliverCase", Failures.Rich(StatusCode.Unavailable, "SERVER_BUSY")).Fail("RedeliverCase", limit, times: 4);
        var handle = invoker.Client(options => options.TimeProvider = new SkippingClock()).Case("c");
        var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(() => handle.RedeliverAsync());
        Assert.Equal((ErrorReason.RateLimited, 5), (unknown.Reason, unknown.Attempts));
        Assert.IsType<LimitExceededException>(unknown.InnerException);
        await Assert.ThrowsAsync<LimitExceededException>(() => handle.RedeliverAsync());
    }

    [Fact]
    public async Task A_reading_is_told_the_last_refusal()
    {
        var invoker = new ScriptedInvoker().Fail("GetCase", Failures.Busy())
            .Fail("GetCase", Failures.Rich(StatusCode.Unauthenticated, "CREDENTIALS_INVALID"));
        await Assert.ThrowsAsync<CredentialsInvalidException>(() => invoker.Client().Cases.GetAsync("c"));
    }

    [Fact]
    public async Task A_key_that_cannot_be_had_again_leaves_the_outcome_unknown()
    {
        var asked = 0;
        var invoker = new ScriptedInvoker().Fail("RedeliverCase", Failures.Busy());
        var client = invoker.Client(options => options.ApiKeyProvider =
            _ => ++asked == 1 ? ValueTask.FromResult("key-1") : throw new TimeoutException("The vault is away."));
        var thrown = await Assert.ThrowsAsync<OutcomeUnknownException>(() => client.Case("c").RedeliverAsync());
        Assert.Contains("The vault is away.", thrown.Message, StringComparison.Ordinal);
        Assert.NotNull(thrown.RequestId);
    }

    [Fact]
    public async Task A_file_that_can_no_longer_be_read_leaves_the_outcome_unknown()
    {
        var invoker = new ScriptedInvoker().Fail("UploadFile", Failures.Busy());
        await using var content = new GoesBackOnce([1, 2, 3]);
        var thrown = await Assert.ThrowsAsync<OutcomeUnknownException>(() => invoker.Client().Files.UploadAsync(content, "a.pdf"));
        Assert.IsType<IOException>(thrown.InnerException);
        Assert.NotNull(thrown.RequestId);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("schlüssel")]
    public async Task What_a_provider_gives_must_be_a_key(string key)
    {
        var client = new ScriptedInvoker().Client(options => options.ApiKeyProvider = _ => ValueTask.FromResult(key));
        var thrown = await Assert.ThrowsAnyAsync<CredentialsException>(() => client.Cases.GetAsync("c"));
        Assert.Contains("ApiKeyProvider", thrown.MessageEn, StringComparison.Ordinal);
        Assert.Equal("CaseService/GetCase", thrown.Error.Operation);
    }

    /// <summary>A stream that goes back to its beginning for one attempt, and not for a second.</summary>
    private sealed class GoesBackOnce(byte[] content) : MemoryStream(content)
    {
        private int _times;

        public override long Position
        {
            get => base.Position;
            set => base.Position = ++_times == 1 ? value : throw new IOException("The disk is gone.");
        }
    }
}
