using System.Runtime.CompilerServices;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Follows the feed of receipts, over as many streams as it takes.</summary>
internal sealed class FeedWatch(
    CallPipeline pipeline, Wire.ReceiptService.ReceiptServiceClient stub, ReceiptVerifier verifier, WatchOptions options)
{
    /// <summary>Follows it from a position, or from a checkpoint, which is moved on with every item that was handled.</summary>
    public async IAsyncEnumerable<ReceiptMessage> FollowAsync(
        ReceiptPosition? from, IReceiptCheckpoint? checkpoint, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cuts = new Cuts(pipeline, options);
        while (from is null)
        {
            SingleWindowException? failure = null;
            try
            {
                var kept = await checkpoint!.LoadAsync(cancellationToken).ConfigureAwait(false);
                from = kept is null ? options.FirstPosition : ReceiptPosition.After(kept);
            }
            catch (SingleWindowException exception) when (exception.IsRetryable)
            {
                failure = exception;
            }

            if (failure is null)
                continue;
            var pause = cuts.Next(failure.MessageEn, failure);
            yield return pause;
            await Task.Delay(pause.Delay, pipeline.Time, cancellationToken).ConfigureAwait(false);
        }

        var place = new FeedPlace(from);
        var saved = place.Cursor;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WatchStep step;
            using (var connection = new WatchConnection(pipeline, stub, Request(from, place), cancellationToken))
            {
                while ((step = await connection.NextAsync().ConfigureAwait(false)).Message is { } wire)
                {
                    var before = place.Here;
                    if (Take(place, wire) is { } message)
                    {
                        if (await FailureToVerifyAsync(message, cancellationToken).ConfigureAwait(false) is { } failure)
                        {
                            place.Return(before);
                            step = new WatchStep(failure.MessageEn, failure);
                            break;
                        }

                        cuts.Over();
                        yield return message;
                        if (checkpoint is not null && place.Cursor is { } cursor && cursor != saved
                            && await KeepAsync(checkpoint, cursor, cancellationToken).ConfigureAwait(false))
                            saved = cursor;
                    }

                    cuts.Over();
                }
            }

            var reconnecting = cuts.Next(step.CutReason, step.Error);
            yield return reconnecting;
            await Task.Delay(reconnecting.Delay, pipeline.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    // That the keys cannot be had for now says nothing of the receipt: the watch is cut, and has it come again.
    private async ValueTask<SingleWindowException?> FailureToVerifyAsync(ReceiptMessage message, CancellationToken cancellationToken)
    {
        if (message is not ReceiptMessage.Receipt { Value: var receipt })
            return null;
        try
        {
            await verifier.PassAsync(receipt, cancellationToken).ConfigureAwait(false);
            SingleWindowTelemetry.CountReceipt(receipt, pipeline.Time);
            return null;
        }
        catch (SingleWindowException exception) when (exception.IsRetryable)
        {
            return exception;
        }
    }

    // A checkpoint at the bridge cannot be reached where the stream is about to be cut, too: it is moved on with what comes next, at
    // the latest when the watch has caught up again.
    private async ValueTask<bool> KeepAsync(IReceiptCheckpoint checkpoint, string cursor, CancellationToken cancellationToken)
    {
        try
        {
            await checkpoint.SaveAsync(cursor, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (SingleWindowException exception) when (exception.IsRetryable)
        {
            pipeline.Log.LogWarning(exception, "The place in the receipts could not be kept; it is kept with the next message");
            return false;
        }
    }

    private static ReceiptMessage? Take(FeedPlace place, Wire.WatchReceiptsResponse wire)
    {
        switch (wire.MessageCase)
        {
            case Wire.WatchReceiptsResponse.MessageOneofCase.Receipt:
                return new ReceiptMessage.Receipt(place.Take(wire.Receipt));
            case Wire.WatchReceiptsResponse.MessageOneofCase.CaughtUp:
                return place.Take(wire.CaughtUp);
            case Wire.WatchReceiptsResponse.MessageOneofCase.Heartbeat:
                place.Take(wire.Heartbeat);
                return null;
            default:
                return null;
        }
    }

    private Wire.WatchReceiptsRequest Request(ReceiptPosition from, FeedPlace place)
    {
        var request = new Wire.WatchReceiptsRequest { HeartbeatInterval = Duration.FromTimeSpan(options.HeartbeatInterval) };
        if (place.Cursor is { } cursor)
            request.AfterCursor = cursor;
        else if (from.Number is { } number)
            request.AfterNumber = number;
        else
            request.OnlyNew = true;
        return request;
    }

    /// <summary>The cuts in a row, and how long it waits after each.</summary>
    private sealed class Cuts(CallPipeline pipeline, WatchOptions options)
    {
        private DateTimeOffset _lastSign = pipeline.Time.GetUtcNow();
        private int _count;

        /// <summary>Something has come.</summary>
        public void Over() => (_count, _lastSign) = (0, pipeline.Time.GetUtcNow());

        /// <summary>The next pause; the error itself is thrown where it has gone on for too long.</summary>
        public ReceiptMessage.Reconnecting Next(string reason, SingleWindowException? error)
        {
            _count++;
            if (options.GiveUpAfter is { } most && pipeline.Time.GetUtcNow() - _lastSign >= most)
                throw error ?? Silent(reason);
            SingleWindowTelemetry.CountReconnect(error);
            var wait = Backoff.Next(_count, options.InitialBackoff, options.MaxBackoff, 2, error?.Error.RetryAfter);
            pipeline.Log.LogInformation("The stream of receipts was cut ({Reason}); it is taken up again in {Wait}", reason, wait);
            return new ReceiptMessage.Reconnecting(reason, _count, wait, error);
        }

        private static UnavailableException Silent(string reason) => new(new SingleWindowError
        {
            StatusCode = RpcStatusCode.Unavailable,
            MessageZh = "回执流已中断，且未能恢复。",
            MessageEn = reason,
            Operation = "ReceiptService/WatchReceipts",
        });
    }
}
