using System.Runtime.CompilerServices;
using Grpc.Core;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Sdk.Tests;

public sealed class WatchTests
{
    private static readonly WatchOptions Quick = new()
    {
        InitialBackoff = TimeSpan.FromMilliseconds(1),
        MaxBackoff = TimeSpan.FromMilliseconds(2),
    };

    private static RpcException Cut => Failures.Plain(StatusCode.Unavailable, "cut");

    private static Wire.WatchReceiptsResponse Receipt(long number, string caseId = "c") =>
        new() { Receipt = new Wire.Receipt { Number = number, Cursor = $"cur-{number}", CaseId = caseId } };

    private static Wire.WatchReceiptsResponse CaughtUp(long number) =>
        new() { CaughtUp = new Wire.CaughtUp { Number = number, Cursor = $"cur-{number}" } };

    private static Wire.WatchReceiptsResponse Heartbeat(string cursor) =>
        new() { Heartbeat = new Wire.Heartbeat { Cursor = cursor } };

    /// <summary>A stream that gives these messages and then fails, ends, or (with <paramref name="live"/>) goes on in
    /// silence.</summary>
    private static Func<Wire.WatchReceiptsRequest, CancellationToken, IAsyncEnumerable<Wire.WatchReceiptsResponse>> Stream(
        RpcException? failure, bool live, params Wire.WatchReceiptsResponse[] messages)
    {
        return Play;

        async IAsyncEnumerable<Wire.WatchReceiptsResponse> Play(
            Wire.WatchReceiptsRequest request, [EnumeratorCancellation] CancellationToken ct)
        {
            foreach (var message in messages)
            {
                await Task.Yield();
                yield return message;
            }

            if (live)
                await Task.Delay(Timeout.Infinite, ct);
            if (failure is not null)
                throw failure;
        }
    }

    private static async Task<List<ReceiptMessage>> TakeAsync(IAsyncEnumerable<ReceiptMessage> messages, int count)
    {
        var taken = new List<ReceiptMessage>();
        await foreach (var message in messages)
        {
            taken.Add(message);
            if (taken.Count == count)
                break;
        }

        return taken;
    }

    [Fact]
    public async Task ACutStreamIsTakenUpAgainAtTheCursorReached()
    {
        var invoker = new ScriptedInvoker()
            .OnStream("WatchReceipts", Stream(Cut, false, Receipt(1), Receipt(2), CaughtUp(2)))
            .OnStream("WatchReceipts", Stream(Failures.Rich(StatusCode.Unavailable, "SHUTTING_DOWN"), false, Receipt(3)))
            .OnStream("WatchReceipts", Stream(null, false, Heartbeat("cur-3b")))
            .OnStream("WatchReceipts", Stream(null, true, Receipt(4)));
        var messages = await TakeAsync(invoker.Client().Receipts.WatchAsync(ReceiptPosition.Beginning, Quick), 8);

        Assert.Equal([1L, 2, 3, 4], messages.OfType<ReceiptMessage.Receipt>().Select(message => message.Value.Number));
        Assert.Equal(2, Assert.IsType<ReceiptMessage.CaughtUp>(messages[2]).Number);
        var cut = Assert.IsType<ReceiptMessage.Reconnecting>(messages[3]);
        Assert.Contains("cut", cut.Reason, StringComparison.Ordinal);
        Assert.Equal(1, cut.Attempt);
        Assert.Equal(ErrorReason.ShuttingDown, Assert.IsType<ReceiptMessage.Reconnecting>(messages[5]).Error!.Reason);
        Assert.Null(Assert.IsType<ReceiptMessage.Reconnecting>(messages[6]).Error);

        var requests = invoker.Requests<Wire.WatchReceiptsRequest>().ToList();
        Assert.Equal(0, requests[0].AfterNumber);
        Assert.Equal(Wire.WatchReceiptsRequest.FromOneofCase.AfterNumber, requests[0].FromCase);
        Assert.Equal(["cur-2", "cur-3", "cur-3b"], requests.Skip(1).Select(request => request.AfterCursor));
    }

    [Fact]
    public async Task AttemptsThatBringNothingAreCounted()
    {
        var invoker = new ScriptedInvoker();
        for (var i = 0; i < 3; i++)
            invoker.OnStream("WatchReceipts", Stream(Failures.Plain(StatusCode.Unavailable), false));
        invoker.OnStream("WatchReceipts", Stream(Failures.Plain(StatusCode.Internal), false, Receipt(1)));
        var messages = await TakeAsync(invoker.Client().Receipts.WatchAsync(ReceiptPosition.Beginning, Quick), 5);
        Assert.Equal([1, 2, 3, 1], messages.OfType<ReceiptMessage.Reconnecting>().Select(message => message.Attempt));
    }

    [Fact]
    public async Task AFollowerThatWasCutOffForReadingSlowlyGoesOnWhereItWas()
    {
        var invoker = new ScriptedInvoker()
            .OnStream("WatchReceipts", Stream(Failures.Plain(StatusCode.ResourceExhausted), false, Receipt(1)))
            .OnStream("WatchReceipts", Stream(null, true, Receipt(2)));
        var messages = await TakeAsync(invoker.Client().Receipts.WatchAsync(ReceiptPosition.Beginning, Quick), 3);
        Assert.Equal([1L, 2L], messages.OfType<ReceiptMessage.Receipt>().Select(message => message.Value.Number));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    [InlineData(1)]
    public async Task AGapOrARepeatIsAFault(long number)
    {
        var invoker = new ScriptedInvoker()
            .OnStream("WatchReceipts", Stream(null, false, Receipt(1), Receipt(2)))
            .OnStream("WatchReceipts", Stream(null, true, Receipt(number)));
        var thrown = await Assert.ThrowsAsync<ReceiptFeedException>(() =>
            TakeAsync(invoker.Client().Receipts.WatchAsync(ReceiptPosition.Beginning, Quick), 9));
        Assert.Equal((3, number), (thrown.Expected, thrown.Actual));
    }

    [Fact]
    public async Task CaughtUpFurtherThanTheReceiptsGivenIsAFault()
    {
        var invoker = new ScriptedInvoker().OnStream("WatchReceipts", Stream(null, true, Receipt(6), CaughtUp(7)));
        await Assert.ThrowsAsync<ReceiptFeedException>(() =>
            TakeAsync(invoker.Client().Receipts.WatchAsync(ReceiptPosition.After("cur-5"), Quick), 9));
    }

    [Fact]
    public async Task WatchingFromNowKnowsItsPlaceFromCaughtUp()
    {
        var invoker = new ScriptedInvoker()
            .OnStream("WatchReceipts", Stream(Failures.Plain(StatusCode.Unavailable), false, CaughtUp(10)))
            .OnStream("WatchReceipts", Stream(null, true, Receipt(11)));
        var messages = await TakeAsync(invoker.Client().Receipts.WatchAsync(ReceiptPosition.Now, Quick), 3);
        Assert.Equal(11, Assert.IsType<ReceiptMessage.Receipt>(messages[2]).Value.Number);
        var requests = invoker.Requests<Wire.WatchReceiptsRequest>().ToList();
        Assert.True(requests[0].OnlyNew);
        Assert.Equal("cur-10", requests[1].AfterCursor);
    }

    [Fact]
    public async Task ACursorAheadOfTheFeedIsThrownAlsoWhenReconnecting()
    {
        var invoker = new ScriptedInvoker()
            .OnStream("WatchReceipts", Stream(null, false, Receipt(1)))
            .OnStream("WatchReceipts", Stream(Failures.Rich(StatusCode.OutOfRange, "CURSOR_AHEAD_OF_FEED"), false));
        await Assert.ThrowsAsync<CursorAheadOfFeedException>(() =>
            TakeAsync(invoker.Client().Receipts.WatchAsync(ReceiptPosition.Beginning, Quick), 9));
    }

    [Fact]
    public async Task ASilentStreamIsCutAndTakenUpAgain()
    {
        var clock = new ManualClock();
        var invoker = new ScriptedInvoker()
            .OnStream("WatchReceipts", Stream(null, true, Receipt(1)))
            .OnStream("WatchReceipts", Stream(null, true, Receipt(2)));
        var client = invoker.Client(options => options.TimeProvider = clock);
        await using var messages = client.Receipts
            .WatchAsync(ReceiptPosition.Beginning, Quick with { HeartbeatInterval = TimeSpan.FromSeconds(10) }).GetAsyncEnumerator();

        Assert.True(await messages.MoveNextAsync());
        clock.Advance(TimeSpan.FromMinutes(10)); // The consumer may take its time: nobody waits for the stream meanwhile.
        var next = messages.MoveNextAsync().AsTask();
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await next);
        var cut = Assert.IsType<ReceiptMessage.Reconnecting>(messages.Current);
        Assert.Contains("silent for 30 s", cut.Reason, StringComparison.Ordinal);

        next = messages.MoveNextAsync().AsTask();
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await next);
        Assert.Equal(2, Assert.IsType<ReceiptMessage.Receipt>(messages.Current).Value.Number);
        Assert.Equal("cur-1", invoker.Requests<Wire.WatchReceiptsRequest>().Last().AfterCursor);
    }

    [Fact]
    public async Task ItGivesUpWhenToldTo()
    {
        var clock = new SkippingClock();
        var invoker = new ScriptedInvoker();
        for (var i = 0; i < 50; i++)
            invoker.OnStream("WatchReceipts", Stream(Failures.Plain(StatusCode.Unavailable), false));
        var options = new WatchOptions { GiveUpAfter = TimeSpan.FromMinutes(1) };
        var client = invoker.Client(o => o.TimeProvider = new NoSilence(clock));
        await Assert.ThrowsAsync<UnavailableException>(() =>
            TakeAsync(client.Receipts.WatchAsync(ReceiptPosition.Beginning, options), 100));
    }

    [Fact]
    public async Task ThePositionIsSavedWhenTheNextItemIsAskedFor()
    {
        var checkpoint = new KeptInMemory { Cursor = "cur-1" };
        var invoker = new ScriptedInvoker().OnStream(
            "WatchReceipts", Stream(null, true, Receipt(2), Receipt(3), CaughtUp(3), Receipt(4)));
        await using var messages = invoker.Client().Receipts.WatchAsync(checkpoint, Quick).GetAsyncEnumerator();

        await messages.MoveNextAsync();
        Assert.Equal("cur-1", checkpoint.Cursor);
        await messages.MoveNextAsync();
        Assert.Equal("cur-2", checkpoint.Cursor);
        await messages.MoveNextAsync();
        Assert.Equal("cur-3", checkpoint.Cursor);
        await messages.MoveNextAsync();
        Assert.Equal(4, Assert.IsType<ReceiptMessage.Receipt>(messages.Current).Value.Number);
        Assert.Equal("cur-3", checkpoint.Cursor);
        Assert.Equal(2, checkpoint.Saves);
        Assert.Equal("cur-1", invoker.Requests<Wire.WatchReceiptsRequest>().Single().AfterCursor);
    }

    [Fact]
    public async Task ACheckpointWithoutAPositionBeginsWhereToldTo()
    {
        var invoker = new ScriptedInvoker().OnStream("WatchReceipts", Stream(null, true, Receipt(8)));
        var options = Quick with { FirstPosition = ReceiptPosition.After(7) };
        await TakeAsync(invoker.Client().Receipts.WatchAsync(new KeptInMemory(), options), 1);
        Assert.Equal(7, invoker.Requests<Wire.WatchReceiptsRequest>().Single().AfterNumber);
    }

    [Fact]
    public async Task CancellingEndsTheWatch()
    {
        using var cancel = new CancellationTokenSource();
        var invoker = new ScriptedInvoker().OnStream("WatchReceipts", Stream(null, true, Receipt(1)));
        await using var messages = invoker.Client().Receipts
            .WatchAsync(ReceiptPosition.Beginning, Quick).GetAsyncEnumerator(cancel.Token);
        await messages.MoveNextAsync();
        var next = messages.MoveNextAsync().AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task ListingGoesFromPageToPageUpToTheHead()
    {
        var invoker = new ScriptedInvoker()
            .On("ListReceipts", (Wire.ListReceiptsRequest _) => Page(3, 1, 2))
            .On("ListReceipts", (Wire.ListReceiptsRequest _) => Page(3, 3));
        var numbers = new List<long>();
        await foreach (var receipt in invoker.Client().Receipts.ListAsync())
            numbers.Add(receipt.Number);
        Assert.Equal([1L, 2, 3], numbers);
        Assert.Equal("cur-2", invoker.Requests<Wire.ListReceiptsRequest>().Last().AfterCursor);

        static Wire.ListReceiptsResponse Page(long head, params long[] numbers) => new()
        {
            Receipts = { numbers.Select(number => Receipt(number).Receipt) },
            NextCursor = $"cur-{numbers[^1]}",
            HeadNumber = head,
        };
    }

    [Fact]
    public async Task WaitingLooksNowAndAfterEveryReceiptOfTheCase()
    {
        var status = Wire.Status.Declared;
        var invoker = new ScriptedInvoker().OnStream(
            "WatchReceipts", Stream(null, true, CaughtUp(4), Receipt(5, "other"), Receipt(6, "c"), Receipt(7, "c")));
        for (var i = 0; i < 3; i++)
        {
            invoker.On("GetCase", (Wire.GetCaseRequest _) => new Wire.GetCaseResponse
            {
                Case = new Wire.Case { CaseId = "c", Status = status++ },
            });
        }

        var found = await invoker.Client().Case("202611000000000017").WaitForAsync(c => c.Status == Status.SendFailed);
        Assert.Equal(Status.SendFailed, found.Status);
        Assert.Equal(3, invoker.Requests<Wire.GetCaseRequest>().Count());
    }

    [Fact]
    public async Task WaitingForWhatCanNoLongerComeIsAnException()
    {
        var invoker = new ScriptedInvoker()
            .OnStream("WatchReceipts", Stream(null, true, CaughtUp(4)))
            .On("GetCase", (Wire.GetCaseRequest _) => new Wire.GetCaseResponse
            {
                Case = new Wire.Case { CaseId = "c", Stage = Wire.Stage.Application, Status = Wire.Status.NotAccepted },
            });
        var thrown = await Assert.ThrowsAsync<CaseEndedException>(() =>
            invoker.Client().Case("c").WaitForAsync(Stage.Questionnaire, Status.Pending));
        Assert.Equal(Status.NotAccepted, thrown.Case.Status);
    }

    [Fact]
    public async Task WaitingTooLongIsADeadlineExceeded()
    {
        var invoker = new ScriptedInvoker().OnStream("WatchReceipts", Stream(null, true));
        await Assert.ThrowsAsync<DeadlineExceededException>(() =>
            invoker.Client().Case("c").WaitForAsync(_ => true, TimeSpan.FromMilliseconds(50)));
    }

    private sealed class KeptInMemory : IReceiptCheckpoint
    {
        public string? Cursor { get; set; }

        public int Saves { get; private set; }

        public ValueTask<string?> LoadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Cursor);

        public ValueTask SaveAsync(string cursor, CancellationToken cancellationToken)
        {
            Cursor = cursor;
            Saves++;
            return ValueTask.CompletedTask;
        }
    }
}
