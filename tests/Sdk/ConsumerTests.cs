using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Sdk.Tests;

/// <summary>Watches whose place the bridge keeps, and what watches tell of themselves.</summary>
public sealed class ConsumerTests
{
    private static readonly WatchOptions Quick = new()
    {
        InitialBackoff = TimeSpan.FromMilliseconds(1),
        MaxBackoff = TimeSpan.FromMilliseconds(2),
    };

    [Fact]
    public async Task A_consumer_that_is_not_there_yet_begins_at_the_first_position_and_is_made_by_its_first_commit()
    {
        var invoker = new ScriptedInvoker()
            .Fail("GetReceiptConsumer", Failures.Rich(StatusCode.NotFound, "RECEIPT_CONSUMER_NOT_FOUND"))
            .OnStream("WatchReceipts", Stream(null, Receipt(1), Receipt(2)))
            .On("CommitReceiptConsumer", (Wire.CommitReceiptConsumerRequest request) => Committed(request));
        await TakeAsync(invoker.Client().Receipts.WatchAsync("ledger", Quick), 2);
        Assert.Equal(0, Assert.Single(invoker.Requests<Wire.WatchReceiptsRequest>()).AfterNumber);
        var commit = Assert.Single(invoker.Requests<Wire.CommitReceiptConsumerRequest>());
        Assert.Equal(("ledger", "cur-1", false), (commit.Name, commit.Cursor, commit.AllowBack));
    }

    [Fact]
    public async Task A_consumer_goes_on_where_the_bridge_says()
    {
        var invoker = new ScriptedInvoker()
            .On("GetReceiptConsumer", (Wire.GetReceiptConsumerRequest request) => new Wire.GetReceiptConsumerResponse
            {
                Consumer = new Wire.ReceiptConsumer { Name = request.Name, Cursor = "cur-7", Number = 7, HeadNumber = 9 },
            })
            .OnStream("WatchReceipts", Stream(null, Receipt(8)));
        await TakeAsync(invoker.Client().Receipts.WatchAsync("ledger", Quick), 1);
        Assert.Equal("cur-7", Assert.Single(invoker.Requests<Wire.WatchReceiptsRequest>()).AfterCursor);
    }

    [Fact]
    public async Task A_bridge_that_is_away_ends_no_watch_and_the_place_is_committed_when_it_is_back()
    {
        var invoker = new ScriptedInvoker()
            .Fail("GetReceiptConsumer", Failures.Plain(StatusCode.Unavailable), 2)
            .Fail("GetReceiptConsumer", Failures.Rich(StatusCode.NotFound, "RECEIPT_CONSUMER_NOT_FOUND"))
            .OnStream("WatchReceipts", Stream(Failures.Plain(StatusCode.Unavailable, "cut"), Receipt(1)))
            .Fail("CommitReceiptConsumer", Failures.Plain(StatusCode.Unavailable))
            .OnStream("WatchReceipts", Stream(null, new Wire.WatchReceiptsResponse
            {
                CaughtUp = new Wire.CaughtUp { Number = 1, Cursor = "cur-1" },
            }, Receipt(2)))
            .On("CommitReceiptConsumer", (Wire.CommitReceiptConsumerRequest request) => Committed(request));
        var client = invoker.Client(options => options.Retry = new RetryOptions { MaxAttempts = 1 });
        var messages = await TakeAsync(client.Receipts.WatchAsync("ledger", Quick), 6);
        Assert.Equal(
            [
                typeof(ReceiptMessage.Reconnecting), typeof(ReceiptMessage.Reconnecting), typeof(ReceiptMessage.Receipt),
                typeof(ReceiptMessage.Reconnecting), typeof(ReceiptMessage.CaughtUp), typeof(ReceiptMessage.Receipt),
            ],
            messages.Select(message => message.GetType()));
        Assert.Equal(["cur-1", "cur-1"], invoker.Requests<Wire.CommitReceiptConsumerRequest>().Select(commit => commit.Cursor));
    }

    [Fact]
    public async Task A_refused_name_ends_the_watch()
    {
        var invoker = new ScriptedInvoker().Fail("GetReceiptConsumer", Failures.Rich(StatusCode.InvalidArgument, "FIELD_INVALID"));
        await Assert.ThrowsAsync<ValidationException>(() => TakeAsync(invoker.Client().Receipts.WatchAsync("Ledger", Quick), 1));
    }

    [Fact]
    public async Task Consumers_are_listed_committed_and_deleted()
    {
        var time = new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);
        var invoker = new ScriptedInvoker()
            .On("ListReceiptConsumers", (Wire.ListReceiptConsumersRequest _) => new Wire.ListReceiptConsumersResponse
            {
                Consumers =
                {
                    new Wire.ReceiptConsumer
                    {
                        Name = "ledger", Cursor = "cur-3", Number = 3, HeadNumber = 10, UpdateTime = Timestamp.FromDateTimeOffset(time),
                    },
                },
            })
            .On("CommitReceiptConsumer", (Wire.CommitReceiptConsumerRequest request) => Committed(request))
            .On("DeleteReceiptConsumer", (Wire.DeleteReceiptConsumerRequest _) => new Wire.DeleteReceiptConsumerResponse());
        var consumers = invoker.Client().Receipts.Consumers;
        var listed = Assert.Single(await consumers.ListAsync());
        Assert.Equal(new ReceiptConsumer { Name = "ledger", Cursor = "cur-3", Number = 3, HeadNumber = 10, UpdateTime = time }, listed);
        Assert.Equal(7, listed.Behind);
        Assert.Equal(2, (await consumers.CommitAsync("ledger", ReceiptPosition.After(2), allowBack: true)).Number);
        Assert.True(Assert.Single(invoker.Requests<Wire.CommitReceiptConsumerRequest>()).AllowBack);
        await consumers.DeleteAsync("ledger");
        Assert.Equal("ledger", Assert.Single(invoker.Requests<Wire.DeleteReceiptConsumerRequest>()).Name);
        await Assert.ThrowsAsync<ArgumentException>(() => consumers.CommitAsync("ledger", ReceiptPosition.Now));
    }

    [Fact]
    public async Task A_watch_tells_of_its_streams_its_receipts_and_its_reconnects()
    {
        // Other tests measure into the same meter at the same time: what is ours is told by its context.
        var ours = new AsyncLocal<bool> { Value = true };
        var seen = new List<(string Name, double Value, Dictionary<string, object?> Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == SingleWindowTelemetry.MeterName)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => See(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => See(instrument, value, tags));
        listener.Start();
        var activities = new List<Activity>();
        using var activityListener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SingleWindowTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (ours.Value)
                    activities.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(activityListener);

        var invoker = new ScriptedInvoker()
            .OnStream("WatchReceipts", Stream(Failures.Plain(StatusCode.Unavailable, "cut"), Receipt(1), Receipt(2)))
            .OnStream("WatchReceipts", Stream(null, Receipt(3)));
        await TakeAsync(invoker.Client().Receipts.WatchAsync(ReceiptPosition.Beginning, Quick), 4);

        Assert.Equal(3, seen.Where(it => it.Name == "singlewindow.watch.receipts").Sum(it => it.Value));
        Assert.All(seen.Where(it => it.Name == "singlewindow.watch.lag"), it => Assert.True(it.Value >= 60));
        Assert.Equal("Unavailable", Assert.Single(seen, it => it.Name == "singlewindow.watch.reconnects").Tags["error.type"]);
        Assert.Equal([2.0, 1.0], seen.Where(it => it.Name == "rpc.client.responses_per_rpc").Select(it => it.Value));
        var duration = seen.First(it => it.Name == "rpc.client.duration").Tags;
        Assert.Equal(("grpc", "WatchReceipts", 14), (duration["rpc.system"], duration["rpc.method"], duration["rpc.grpc.status_code"]));

        Assert.Equal(2, activities.Count);
        Assert.All(activities, it => Assert.Equal("singlewindow.bridge.v1.ReceiptService/WatchReceipts", it.OperationName));
        Assert.Equal((2L, "Unavailable", 14), (activities[0].GetTagItem("singlewindow.messages"), activities[0].GetTagItem("error.type"),
            activities[0].GetTagItem("rpc.grpc.status_code")));
        Assert.Equal((int)StatusCode.Cancelled, activities[1].GetTagItem("rpc.grpc.status_code"));
        Assert.Null(Activity.Current);

        void See(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (ours.Value)
                seen.Add((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray())));
        }
    }

    private static Wire.WatchReceiptsResponse Receipt(long number) => new()
    {
        Receipt = new Wire.Receipt
        {
            Number = number, Cursor = $"cur-{number}", CaseId = "c", Time = Timestamp.FromDateTimeOffset(DateTimeOffset.UtcNow.AddMinutes(-1)),
        },
    };

    private static Wire.CommitReceiptConsumerResponse Committed(Wire.CommitReceiptConsumerRequest request) => new()
    {
        Consumer = new Wire.ReceiptConsumer { Name = request.Name, Cursor = request.Cursor, Number = request.Number },
    };

    // Gives these messages, then fails or goes on in silence.
    private static Func<Wire.WatchReceiptsRequest, CancellationToken, IAsyncEnumerable<Wire.WatchReceiptsResponse>> Stream(
        RpcException? failure, params Wire.WatchReceiptsResponse[] messages)
    {
        return Play;

        async IAsyncEnumerable<Wire.WatchReceiptsResponse> Play(
            Wire.WatchReceiptsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var message in messages)
            {
                await Task.Yield();
                yield return message;
            }

            if (failure is not null)
                throw failure;
            await Task.Delay(Timeout.Infinite, cancellationToken);
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
}
