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
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override async Task WatchReceipts(
        WatchReceiptsRequest request, IServerStreamWriter<WatchReceiptsResponse> responseStream, ServerCallContext context)
    {
        var heartbeat = HeartbeatInterval(request);
        var authorityId = context.Account().AuthorityId;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.StreamsEnd);
        var feed = await ReadAsync(authorityId, sql => sql.GetFeedAsync(authorityId), ending.Token);
        var position = request.FromCase switch
        {
            WatchReceiptsRequest.FromOneofCase.AfterCursor => feed.NumberAt(request.AfterCursor),
            WatchReceiptsRequest.FromOneofCase.AfterNumber => feed.Checked(request.AfterNumber),
            WatchReceiptsRequest.FromOneofCase.OnlyNew when request.OnlyNew => feed.Head,
            _ => 0,
        };

        // The headers tell the caller that the watch stands, before there is a receipt to send.
        await context.WriteResponseHeadersAsync([]);
        var caughtUp = false;
        var quietSince = clock.GetTimestamp();
        while (true)
        {
            var changed = signals.Next(authorityId);
            var receipts = await ReadAsync(authorityId, sql => sql.ListReceiptsAsync(feed, position, PageSize), ending.Token);
            if (receipts.Count > 0)
            {
                await SendAsync(receipts, responseStream, ending.Token);
                position = receipts[^1].Number;
                quietSince = clock.GetTimestamp();
            }
            else if (!caughtUp)
            {
                caughtUp = true;
                var message = new CaughtUp { Cursor = feed.CursorAt(position), Number = position };
                await responseStream.WriteAsync(new WatchReceiptsResponse { CaughtUp = message }, ending.Token);
                quietSince = clock.GetTimestamp();
            }
            else if (clock.GetElapsedTime(quietSince) >= heartbeat)
            {
                var message = new Heartbeat { Cursor = feed.CursorAt(position), Time = clock.GetUtcNow().ToTimestamp() };
                await responseStream.WriteAsync(new WatchReceiptsResponse { Heartbeat = message }, ending.Token);
                quietSince = clock.GetTimestamp();
            }
            else
            {
                await Task.WhenAny(changed, Task.Delay(PollInterval, clock, ending.Token));
                ending.Token.ThrowIfCancellationRequested();
                // A feed that began anew would be silent to whoever followed the one before.
                var present = await ReadAsync(authorityId, sql => sql.GetFeedAsync(authorityId), ending.Token);
                if (present.Epoch != feed.Epoch)
                    throw new BridgeException(ErrorReason.CursorInvalid, ("field", "after_cursor"));
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

    private async Task<T> ReadAsync<T>(string authorityId, Func<Sql, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var sql = await database.OpenAsync(Scope.Of(authorityId), cancellationToken);
        return await read(sql);
    }
}
