using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Grpc;

/// <summary>The messages of a caller, until the server stops.</summary>
/// <param name="messages">The messages.</param>
/// <param name="ending">Cancelled when the call is, or when streams are to end.</param>
internal sealed class EndingReader<T>(IAsyncStreamReader<T> messages, CancellationToken ending) : IAsyncStreamReader<T>
{
    public T Current => messages.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (cancellationToken == ending || !cancellationToken.CanBeCanceled)
            return await messages.MoveNext(ending);

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending);
        return await messages.MoveNext(either.Token);
    }
}

/// <summary>
/// The way to a reader that must take what it is sent. A write waits where the reader's window and our buffer are full; one that waits
/// too long, or does not go when streams are to end, resets the stream, which frees what it holds.
/// </summary>
/// <param name="messages">The way.</param>
/// <param name="context">The call.</param>
/// <param name="longest">How long a write may wait.</param>
/// <param name="clock">Says how long it has waited.</param>
/// <param name="streamsEnd">Cancelled when streams are to end.</param>
internal sealed class PatientWriter<T>(
    IServerStreamWriter<T> messages, ServerCallContext context, TimeSpan longest, TimeProvider clock, CancellationToken streamsEnd)
    : IServerStreamWriter<T>
{
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    public WriteOptions? WriteOptions
    {
        get => messages.WriteOptions;
        set => messages.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        streamsEnd.ThrowIfCancellationRequested();
        var write = messages.WriteAsync(message, cancellationToken);
        return write.IsCompletedSuccessfully ? write : WaitAsync(write);
    }

    // The call's own end needs no watching: it ends the write.
    private async Task WaitAsync(Task write)
    {
        try
        {
            await write.WaitAsync(longest, clock, streamsEnd);
            return;
        }
        catch (TimeoutException)
        {
            // It is stuck.
        }
        catch (OperationCanceledException) when (streamsEnd.IsCancellationRequested && !write.IsCompleted)
        {
            if (await Task.WhenAny(write, Task.Delay(LastWord, clock, CancellationToken.None)) == write)
            {
                await write;
                return;
            }
        }

        // A status would queue up behind the message that does not go.
        context.GetHttpContext().Features.Get<IHttpResetFeature>()?.Reset(WireGate.EnhanceYourCalm);
        await write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        streamsEnd.ThrowIfCancellationRequested();
        throw new BridgeException(ErrorReason.ReadTooSlowly);
    }
}
