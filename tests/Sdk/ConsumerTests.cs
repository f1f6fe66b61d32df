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
    public async Task A_consumer_that_an_attempt_without_an_answer_has_deleted_is_deleted()
    {
        var gone = Failures.Rich(StatusCode.NotFound, "RECEIPT_CONSUMER_NOT_FOUND");
        var invoker = new ScriptedInvoker().Fail("DeleteReceiptConsumer", Failures.Plain(StatusCode.Unavailable))
            .Fail("DeleteReceiptConsumer", gone, times: 2);
        var consumers = invoker.Client().Receipts.Consumers;
        await consumers.DeleteAsync("ledger");
        Assert.Equal(2, invoker.Requests<Wire.DeleteReceiptConsumerRequest>().Count());
        await Assert.ThrowsAsync<ReceiptConsumerNotFoundException>(() => consumers.DeleteAsync("ledger"));
    }

    [Fact]
    public async Task A_provider_of_the_key_that_fails_ends_no_watch()
    {
        var invoker = new ScriptedInvoker()
            .Fail("GetReceiptConsumer", Failures.Rich(StatusCode.NotFound, "RECEIPT_CONSUMER_NOT_FOUND"))
            .OnStream("WatchReceipts", Stream(null, Receipt(1), Receipt(2), Receipt(3)))
            .On("CommitReceiptConsumer", (Wire.CommitReceiptConsumerRequest request) => Committed(request));
        var asked = 0;
        var client = invoker.Client(options => options.ApiKeyProvider =
            _ => ++asked % 2 == 0 ? ValueTask.FromResult("key-1") : throw new TimeoutException($"The vault is away, {asked}."));
        var messages = await TakeAsync(client.Receipts.WatchAsync("ledger", Quick), 5);

        // It fails for the place, for the stream, and for the first commit, which the second makes good.
        foreach (var (message, which) in messages.Take(2).Zip([1, 3]))
        {
            var cut = Assert.IsType<ReceiptMessage.Reconnecting>(message);
            Assert.Contains($"The vault is away, {which}.", cut.Reason, StringComparison.Ordinal);
            Assert.IsType<TimeoutException>(Assert.IsAssignableFrom<CredentialsException>(cut.Error).InnerException);
        }

        Assert.Equal([1L, 2, 3], messages.OfType<ReceiptMessage.Receipt>().Select(message => message.Value.Number));
        Assert.Equal("cur-2", Assert.Single(invoker.Requests<Wire.CommitReceiptConsumerRequest>()).Cursor);
    }

    [Fact]
    public async Task Giving_a_watch_up_while_the_key_is_asked_for_is_a_cancellation()
    {
        using var cancel = new CancellationTokenSource();
        var client = new ScriptedInvoker().Client(options => options.ApiKeyProvider = _ =>
        {
            cancel.Cancel();
            throw new TimeoutException();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            TakeAsync(client.Receipts.WatchAsync(ReceiptPosition.Beginning, Quick, cancel.Token), 1));
    }

    [Fact]
    public async Task A_call_is_measured_in_milliseconds_with_the_server_that_it_went_to()
    {
        var ours = new AsyncLocal<bool> { Value = true };
        var seen = new List<(double Value, string? Unit, Dictionary<string, object?> Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == SingleWindowTelemetry.MeterName && instrument.Name == "rpc.client.duration")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            if (ours.Value)
                seen.Add((value, instrument.Unit, new Dictionary<string, object?>(tags.ToArray())));
        });
        listener.Start();
        var invoker = new ScriptedInvoker();
        for (var i = 0; i < 2; i++)
            invoker.On("ListReceiptConsumers", (Wire.ListReceiptConsumersRequest _) => new Wire.ListReceiptConsumersResponse());
        await invoker.Client(options => options.TimeProvider = new TwoSeconds()).Receipts.Consumers.ListAsync();
        await invoker.Client(options => options.MoreEndpoints = [new Uri("http://localhost:5001")]).Receipts.Consumers.ListAsync();

        Assert.Equal((2000, "ms"), (seen[0].Value, seen[0].Unit));
        Assert.Equal(("localhost", 5000), (seen[0].Tags["server.address"], seen[0].Tags["server.port"]));
        Assert.DoesNotContain("server.address", seen[1].Tags.Keys);
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

    /// <summary>A clock of which every look at its time stamp is two seconds later.</summary>
    private sealed class TwoSeconds : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => 2 * Interlocked.Increment(ref _looks);
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
