using Grpc.Core;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Files;

/// <summary>
/// How fast an upload must come: the header within the grace, then on average so many bytes a second. The stack has no such rule
/// for calls with several requests, and Kestrel's would cut the whole connection off.
/// </summary>
internal sealed class UploadPace(WireLimits limits, TimeProvider clock, CancellationToken cancellationToken) : IDisposable
{
    private const int MostChunk = 1024 * 1024;

    private readonly long start = clock.GetTimestamp();
    private readonly CancellationTokenSource tooSlow = new(Timeout.InfiniteTimeSpan, clock);

    /// <summary>Waits for the next message, as long as it may take.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="received">How many bytes of the content have come.</param>
    /// <param name="declared">How many are to come; 0 while that is not known.</param>
    /// <exception cref="RpcException">DEADLINE_EXCEEDED: it came too slowly.</exception>
    public async Task<bool> NextAsync(IAsyncStreamReader<UploadFileRequest> messages, int received, int declared)
    {
        var due = limits.UploadGrace + TimeSpan.FromSeconds(Math.Min(received + MostChunk, declared) / (double)limits.SlowestUpload);
        var left = due - clock.GetElapsedTime(start);
        tooSlow.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooSlow.Token, cancellationToken);
        try
        {
            return await messages.MoveNext(either.Token);
        }
        catch (OperationCanceledException) when (tooSlow.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new global::Grpc.Core.Status(
                StatusCode.DeadlineExceeded,
                $"The upload came too slowly, {received} of {declared} bytes in {due.TotalSeconds:F0} s; at least {limits.SlowestUpload} "
                + "bytes a second are needed. Send the whole file again with the same request id."));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => tooSlow.Dispose();
}
