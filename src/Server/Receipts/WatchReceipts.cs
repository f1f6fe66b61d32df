using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Receipts;

public sealed partial class ReceiptEndpoints
{
    // One page is all that a follower ever holds in memory: the next is read when this one has been taken.
    internal const int PageSize = 200;

    // So many receipts leave together; each by itself would cost several times the work.
    private const int SentTogether = 16;

    private static readonly WriteOptions Hold = new(WriteFlags.BufferHint);

    /// <inheritdoc/>
    public override async Task WatchReceipts(
        WatchReceiptsRequest request, IServerStreamWriter<WatchReceiptsResponse> responseStream, ServerCallContext context)
    {
        var heartbeat = HeartbeatInterval(request);
        var authorityId = context.Account().AuthorityId;
        var scope = context.Scope();
        var feed = await ReadAsync(scope, sql => sql.GetFeedAsync(authorityId), context);
        var position = request.FromCase switch
        {
            WatchReceiptsRequest.FromOneofCase.AfterCursor => feed.NumberAt(request.AfterCursor),
            WatchReceiptsRequest.FromOneofCase.AfterNumber => feed.Checked(request.AfterNumber),
            WatchReceiptsRequest.FromOneofCase.OnlyNew when request.OnlyNew => feed.Head,
            _ => 0,
        };

        // It is woken for what comes from here on, and by the end of the call, the server or the right to call.
        using var follower = followed.Join(feed, heartbeat);
        using var cancelled = context.CancellationToken.UnsafeRegister(static follower => ((Follower)follower!).Wake(), follower);
        var streamsEnd = context.Streams().Ending;
        using var stopped = streamsEnd.UnsafeRegister(static follower => ((Follower)follower!).Wake(), follower);

        // The headers tell the caller that the watch stands, before there is a receipt to send.
        await context.WriteResponseHeadersAsync([]);
        var caughtUp = position == feed.Head;
        while (!caughtUp)
        {
            var page = await ReadAsync(scope, sql => sql.ListReceiptsAsync(feed, position, PageSize), context);
            caughtUp = page.Count < PageSize;
            if (page.Count > 0)
                position = await SendAsync(page, responseStream, follower, context);
        }

        var place = new CaughtUp { Cursor = feed.CursorAt(position), Number = position };
        await responseStream.WriteAsync(new WatchReceiptsResponse { CaughtUp = place }, context.CancellationToken);
        follower.Sent();
        while (true)
        {
            var receipts = follower.Feed.After(position, PageSize, out var behind);
            if (behind)
                receipts = await ReadAsync(scope, sql => sql.ListReceiptsAsync(feed, position, PageSize), context);
            if (receipts.Count > 0)
            {
                position = await SendAsync(receipts, responseStream, follower, context);
            }
            else if (follower.IsQuiet)
            {
                var message = new Heartbeat { Cursor = feed.CursorAt(position), Time = clock.GetUtcNow().ToTimestamp() };
                await responseStream.WriteAsync(new WatchReceiptsResponse { Heartbeat = message }, context.CancellationToken);
                follower.Sent();
            }
            else
            {
                await follower.WaitAsync();
                context.CancellationToken.ThrowIfCancellationRequested();
                streamsEnd.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Sends receipts; all have left when this ends.</summary>
    internal static async Task SendAsync(
        IReadOnlyList<Receipt> receipts, IServerStreamWriter<WatchReceiptsResponse> responseStream, CancellationToken cancellationToken)
    {
        for (var index = 0; index < receipts.Count; index++)
        {
            responseStream.WriteOptions = index + 1 == receipts.Count || index % SentTogether == SentTogether - 1 ? null : Hold;
            await responseStream.WriteAsync(new WatchReceiptsResponse { Receipt = receipts[index] }, cancellationToken);
        }
    }

    private static TimeSpan HeartbeatInterval(WatchReceiptsRequest request)
    {
        if (request.HeartbeatInterval is not { } asked)
            return TimeSpan.FromSeconds(15);

        var rules = new FieldRules();
        rules.Range("heartbeat_interval", asked, 1, 300);
        rules.ThrowIfAny();
        return asked.ToTimeSpan();
    }

    private static async Task<long> SendAsync(
        IReadOnlyList<Receipt> receipts, IServerStreamWriter<WatchReceiptsResponse> responseStream, Follower follower, ServerCallContext context)
    {
        await SendAsync(receipts, responseStream, context.CancellationToken);
        follower.Sent();
        return receipts[^1].Number;
    }

    private async Task<T> ReadAsync<T>(Scope scope, Func<Sql, Task<T>> read, ServerCallContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, context.Streams().Ending);
        await using var sql = await database.OpenAsync(scope, ending.Token);
        return await read(sql);
    }
}
