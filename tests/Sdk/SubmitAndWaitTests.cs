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
