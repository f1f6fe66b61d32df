using System.Runtime.CompilerServices;
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
        Consumers = new ConsumerCalls(_calls, _stub);
    }

    public IReceiptConsumers Consumers { get; }

    public IAsyncEnumerable<ReceiptMessage> WatchAsync(
        ReceiptPosition from, WatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        return Watch(options).FollowAsync(from, null, cancellationToken);
    }

    public IAsyncEnumerable<ReceiptMessage> WatchAsync(
        IReceiptCheckpoint checkpoint, WatchOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return Watch(options).FollowAsync(null, checkpoint, cancellationToken);
    }

    public IAsyncEnumerable<ReceiptMessage> WatchAsync(
        string consumer, WatchOptions? options = null, CancellationToken cancellationToken = default) =>
        WatchAsync(new ConsumerCheckpoint(Consumers, consumer), options, cancellationToken);

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

    private FeedWatch Watch(WatchOptions? options) => new(_pipeline, _stub, _verifier, Checked(options));

    private static WatchOptions Checked(WatchOptions? options)
    {
        options ??= new WatchOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HeartbeatInterval, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.HeartbeatInterval, TimeSpan.FromSeconds(300));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.InitialBackoff, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBackoff, options.InitialBackoff);
        return options;
    }
}
