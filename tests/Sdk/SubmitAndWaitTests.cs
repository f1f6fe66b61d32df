using System.Runtime.CompilerServices;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Sdk.Tests;

public sealed class SubmitAndWaitTests
{
    private static readonly Application Form = new() { Category = "AQUATIC" };

    [Fact]
    public async Task ItWaitsUntilCustomsHasAnswered()
    {
        var requestId = Guid.NewGuid();
        var invoker = Submitting()
            .On<Wire.GetCaseRequest, Wire.GetCaseResponse>("GetCase", _ => Found(Wire.Status.Sent))
            .On<Wire.GetCaseRequest, Wire.GetCaseResponse>("GetCase", _ => Found(Wire.Status.Accepted))
            .On<Wire.GetCaseRequest, Wire.GetCaseResponse>("GetCase", _ => Found(Wire.Status.CorrectionRequired));
        var answered = await invoker.Client().Applications.SubmitAndWaitAsync(Form, new SubmitOptions { RequestId = requestId });

        Assert.Equal(Status.CorrectionRequired, answered.Status);
        Assert.Equal(requestId.ToString(), Assert.Single(invoker.Requests<Wire.SubmitApplicationRequest>()).RequestId);
        Assert.All(invoker.Requests<Wire.GetCaseRequest>(), request => Assert.Equal("c", request.CaseId));
    }

    [Theory]
    [InlineData(Wire.Status.NotAccepted)]
    [InlineData(Wire.Status.SendFailed)]
    [InlineData(Wire.Status.ReceiveFailed)]
    public async Task AnEndAndAFailureAreAnswersToo(object status)
    {
        var invoker = Submitting().On<Wire.GetCaseRequest, Wire.GetCaseResponse>("GetCase", _ => Found((Wire.Status)status));
        var answered = await invoker.Client().Applications.SubmitAndWaitAsync(Form);
        Assert.Equal((int)status, (int)answered.Status);
    }

    [Fact]
    public async Task ThereIsNothingToWaitForWhereItIsOnlyChecked()
    {
        var client = new ScriptedInvoker().Client();
        var check = new SubmitOptions { ValidateOnly = true };
        await Assert.ThrowsAsync<ArgumentException>(() => client.Applications.SubmitAndWaitAsync(Form, check));
        await Assert.ThrowsAsync<ArgumentException>(() => client.Case("c").SubmitAnswersAndWaitAsync(options: check));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wait_that_is_too_long_tells_of_which_submission_and_case(bool chosen)
    {
        var options = chosen ? new SubmitOptions { RequestId = Guid.NewGuid() } : null;
        var invoker = Submitting();
        for (var i = 0; i < 3; i++)
            invoker.On<Wire.GetCaseRequest, Wire.GetCaseResponse>("GetCase", _ => Found(Wire.Status.Sent));
        var thrown = await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            invoker.Client().Applications.SubmitAndWaitAsync(Form, options, TimeSpan.FromMilliseconds(50)));
        Assert.Equal(Assert.Single(invoker.Requests<Wire.SubmitApplicationRequest>()).RequestId, thrown.RequestId.ToString());
        Assert.Equal("c", thrown.Metadata["case_id"]);
        Assert.Contains($"request id {thrown.RequestId}", thrown.Message, StringComparison.Ordinal);
        if (chosen)
            Assert.Equal(options!.RequestId, thrown.RequestId);
    }

    [Fact]
    public async Task A_wait_that_fails_tells_of_which_submission_and_case()
    {
        var invoker = Submitting().Fail("GetCase", Failures.Rich(Grpc.Core.StatusCode.Unauthenticated, "CREDENTIALS_INVALID"));
        var requestId = Guid.NewGuid();
        var thrown = await Assert.ThrowsAsync<CredentialsInvalidException>(() =>
            invoker.Client().Applications.SubmitAndWaitAsync(Form, new SubmitOptions { RequestId = requestId }));
        Assert.Equal((requestId, "c"), (thrown.RequestId, thrown.Metadata["case_id"]));
        Assert.Equal("CaseService/GetCase", thrown.Error.Operation);
    }

    [Fact]
    public async Task A_wait_that_is_given_up_is_a_change_that_was_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var invoker = Submitting().On<Wire.GetCaseRequest, Wire.GetCaseResponse>("GetCase", _ =>
        {
            cancel.Cancel();
            return Found(Wire.Status.Sent);
        });
        var requestId = Guid.NewGuid();
        var thrown = await Assert.ThrowsAsync<ChangeCanceledException>(() =>
            invoker.Client().Applications.SubmitAndWaitAsync(Form, new SubmitOptions { RequestId = requestId }, null, cancel.Token));
        Assert.Equal((requestId, cancel.Token), (thrown.RequestId, thrown.CancellationToken));
    }

    [Fact]
    public async Task A_review_is_answered_and_waited_for_too()
    {
        var invoker = new ScriptedInvoker()
            .On<Wire.AcceptReviewRequest, Wire.AcceptReviewResponse>("AcceptReview", _ => new() { Case = new Wire.Case { CaseId = "c" } })
            .On<Wire.DeclineReviewRequest, Wire.DeclineReviewResponse>("DeclineReview", _ => new() { Case = new Wire.Case { CaseId = "c" } });
        for (var i = 0; i < 2; i++)
        {
            invoker.OnStream<Wire.WatchReceiptsRequest, Wire.WatchReceiptsResponse>("WatchReceipts", Feed)
                .On<Wire.GetCaseRequest, Wire.GetCaseResponse>("GetCase", _ => Found(Wire.Status.NotAccepted));
        }

        var handle = invoker.Client().Case("c");
        Assert.Equal(Status.NotAccepted, (await handle.AcceptReviewAndWaitAsync(new Contact())).Status);
        Assert.Equal(Status.NotAccepted, (await handle.DeclineReviewAndWaitAsync(new Contact())).Status);
        await Assert.ThrowsAsync<ArgumentException>(() => handle.AcceptReviewAndWaitAsync(new Contact(), new SubmitOptions { ValidateOnly = true }));
    }

    private static ScriptedInvoker Submitting() => new ScriptedInvoker()
        .On<Wire.SubmitApplicationRequest, Wire.SubmitApplicationResponse>(
            "SubmitApplication", _ => new() { Case = new Wire.Case { CaseId = "c", Status = Wire.Status.Declared } })
        .OnStream<Wire.WatchReceiptsRequest, Wire.WatchReceiptsResponse>("WatchReceipts", Feed);

    private static Wire.GetCaseResponse Found(Wire.Status status) => new()
    {
        Case = new Wire.Case { CaseId = "c", Stage = Wire.Stage.Application, Status = status },
    };

    private static async IAsyncEnumerable<Wire.WatchReceiptsResponse> Feed(
        Wire.WatchReceiptsRequest request, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return new() { CaughtUp = new Wire.CaughtUp { Number = 4, Cursor = "cur-4" } };
        foreach (var number in (long[])[5, 6])
            yield return new() { Receipt = new Wire.Receipt { Number = number, Cursor = $"cur-{number}", CaseId = "c" } };
        await Task.Delay(Timeout.Infinite, ct);
    }
}
