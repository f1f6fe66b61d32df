using System.Runtime.CompilerServices;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Wire = SingleWindow.Bridge.V1;

namespace SingleWindowBridge;

/// <summary>Receipts over the wire.</summary>
internal sealed partial class ReceiptCalls : IReceipts
{
    private const int ListingPageSize = 500;

    private readonly CallPipeline _pipeline;
    private readonly Wire.ReceiptService.ReceiptServiceClient _stub;
    private readonly ServiceCalls _calls;
    private readonly ReceiptVerifier _verifier;

    public ReceiptCalls(CallPipeline pipeline)
    {
        _pipeline = pipeline;
        _stub = new(pipeline.Invoker);
        _calls = new(pipeline, Wire.ReceiptService.Descriptor.FullName);
        _verifier = new(pipeline, ListSigningKeysAsync);
    }

    public IAsyncEnumerable<ReceiptMessage> WatchAsync(
        ReceiptPosition from, WatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        return FollowAsync(from, null, Checked(options), cancellationToken);
    }

    public IAsyncEnumerable<ReceiptMessage> WatchAsync(
        IReceiptCheckpoint checkpoint, WatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return FollowAsync(null, checkpoint, Checked(options), cancellationToken);
    }

    public async IAsyncEnumerable<Receipt> ListAsync(
        ReceiptPosition? from = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var place = new FeedPlace(from ?? ReceiptPosition.Beginning);
        var next = from ?? ReceiptPosition.Beginning;
        while (true)
        {
            var page = await PageAsync(next, ListingPageSize, cancellationToken).ConfigureAwait(false);
            foreach (var receipt in page.Receipts)
                yield return await _verifier.PassAsync(place.Take(receipt), cancellationToken).ConfigureAwait(false);
            if (page.Receipts.Count == 0 || place.Number >= page.HeadNumber)
                yield break;
            place.Reach(page.NextCursor);
            next = ReceiptPosition.After(place.Cursor!);
        }
    }

    public async Task<ReceiptPage> ListPageAsync(
        ReceiptPosition? from = null, int pageSize = 0, CancellationToken cancellationToken = default)
    {
        var response = await PageAsync(from ?? ReceiptPosition.Beginning, pageSize, cancellationToken).ConfigureAwait(false);
        var receipts = response.Receipts.MapAll(ReceiptMapper.ToModel);
        foreach (var receipt in receipts)
            await _verifier.PassAsync(receipt, cancellationToken).ConfigureAwait(false);
        return new ReceiptPage
        {
            Items = receipts,
            NextCursor = response.NextCursor,
            HeadNumber = response.HeadNumber,
        };
    }

    private async Task<Wire.ListReceiptsResponse> PageAsync(
        ReceiptPosition from, int pageSize, CancellationToken cancellationToken)
    {
        var request = new Wire.ListReceiptsRequest { PageSize = pageSize };
        if (from.Cursor is not null)
            request.AfterCursor = from.Cursor;
        else
            request.AfterNumber = from.Number ?? throw new ArgumentException("What is to come cannot be listed.", nameof(from));
        return await _calls.ReadAsync("ListReceipts", _stub.ListReceiptsAsync, request, cancellationToken).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<ReceiptMessage> FollowAsync(
        ReceiptPosition? from,
        IReceiptCheckpoint? checkpoint,
        WatchOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (checkpoint is not null)
        {
            var kept = await checkpoint.LoadAsync(cancellationToken).ConfigureAwait(false);
            from = kept is null ? options.FirstPosition : ReceiptPosition.After(kept);
        }

        var place = new FeedPlace(from!);
        var saved = place.Cursor;
        var failures = 0;
        var lastSign = _pipeline.Time.GetUtcNow();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WatchStep step;
            using (var connection = new WatchConnection(_pipeline, _stub, Request(from!, place, options), cancellationToken))
            {
                while ((step = await connection.NextAsync().ConfigureAwait(false)).Message is { } wire)
                {
                    failures = 0;
                    if (Take(place, wire) is { } message)
                    {
                        if (message is ReceiptMessage.Receipt { Value: var receipt })
                            await _verifier.PassAsync(receipt, cancellationToken).ConfigureAwait(false);
                        yield return message;
                        if (checkpoint is not null && place.Cursor is { } cursor && cursor != saved)
                        {
                            await checkpoint.SaveAsync(cursor, cancellationToken).ConfigureAwait(false);
                            saved = cursor;
                        }
                    }

                    lastSign = _pipeline.Time.GetUtcNow();
                }
            }

            failures++;
            if (options.GiveUpAfter is { } most && _pipeline.Time.GetUtcNow() - lastSign >= most)
                throw step.Error ?? Silent(step.CutReason);
            var wait = Backoff.Next(failures, options.InitialBackoff, options.MaxBackoff, 2, step.Error?.Error.RetryAfter);
            _pipeline.Log.LogInformation(
                "The stream of receipts was cut ({Reason}); it is taken up again in {Wait}", step.CutReason, wait);
            yield return new ReceiptMessage.Reconnecting(step.CutReason, failures, wait, step.Error);
            await Task.Delay(wait, _pipeline.Time, cancellationToken).ConfigureAwait(false);
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

    private static Wire.WatchReceiptsRequest Request(ReceiptPosition from, FeedPlace place, WatchOptions options)
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

    private static WatchOptions Checked(WatchOptions? options)
    {
        options ??= new WatchOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HeartbeatInterval, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.HeartbeatInterval, TimeSpan.FromSeconds(300));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.InitialBackoff, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBackoff, options.InitialBackoff);
        return options;
    }

    private static UnavailableException Silent(string reason) => new(new SingleWindowError
    {
        StatusCode = RpcStatusCode.Unavailable,
        MessageZh = "回执流已中断，且未能恢复。",
        MessageEn = reason,
        Operation = "ReceiptService/WatchReceipts",
    });
}
