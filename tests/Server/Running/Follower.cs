using Grpc.Core;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Tests.Running;

/// <summary>One stream of WatchReceipts, read message by message.</summary>
public sealed class Follower(Authority authority, WatchReceiptsRequest request) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly AsyncServerStreamingCall<WatchReceiptsResponse> call = authority.Receipts.WatchReceipts(request);

    /// <summary>Follows from the first receipt.</summary>
    public static Follower FromBeginning(Authority authority) => new(authority, new WatchReceiptsRequest());

    /// <summary>Follows from a cursor.</summary>
    public static Follower From(Authority authority, string cursor) => new(
        authority, new WatchReceiptsRequest { AfterCursor = cursor });

    public void Dispose() => call.Dispose();

    /// <summary>Waits until the server says that the watch stands.</summary>
    public async Task StandsAsync() => await call.ResponseHeadersAsync.WaitAsync(Patience);

    /// <summary>The next message.</summary>
    public async Task<WatchReceiptsResponse> NextAsync()
    {
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience), "The stream has ended.");
        return call.ResponseStream.Current;
    }

    /// <summary>The next message, which must be a receipt.</summary>
    public async Task<Receipt> ReceiptAsync()
    {
        var message = await NextAsync();
        Assert.Equal(WatchReceiptsResponse.MessageOneofCase.Receipt, message.MessageCase);
        return message.Receipt;
    }

    /// <summary>The next message, which must say that everything has been given.</summary>
    public async Task<CaughtUp> CaughtUpAsync()
    {
        var message = await NextAsync();
        Assert.Equal(WatchReceiptsResponse.MessageOneofCase.CaughtUp, message.MessageCase);
        return message.CaughtUp;
    }

    /// <summary>The receipts up to this number, all else passed over.</summary>
    public async Task<List<Receipt>> ReceiptsToAsync(long number)
    {
        var receipts = new List<Receipt>();
        while (receipts.Count == 0 || receipts[^1].Number < number)
        {
            if (await NextAsync() is { MessageCase: WatchReceiptsResponse.MessageOneofCase.Receipt } message)
                receipts.Add(message.Receipt);
        }

        return receipts;
    }
}
