using System.Globalization;
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
    /// <param name="most">How many may come where it is never known how many are to; null where it is.</param>
    /// <exception cref="BridgeException">UPLOAD_TOO_SLOW.</exception>
    public async Task<bool> NextAsync<T>(IAsyncStreamReader<T> messages, int received, int declared, int? most = null)
    {
        var due = limits.UploadGrace + TimeSpan.FromSeconds(Math.Min(received + MostChunk, most ?? declared) / (double)limits.SlowestUpload);
        var left = due - clock.GetElapsedTime(start);
        tooSlow.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooSlow.Token, cancellationToken);
        try
        {
            return await messages.MoveNext(either.Token);
        }
        catch (OperationCanceledException) when (tooSlow.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new BridgeException(
                ErrorReason.UploadTooSlow,
                ("received_bytes", Text(received)), ("declared_bytes", Text(declared)), ("seconds", Text((int)Math.Ceiling(due.TotalSeconds))),
                ("least_rate", Text(limits.SlowestUpload)));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => tooSlow.Dispose();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
