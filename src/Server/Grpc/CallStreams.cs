using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

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
/// The way to a reader that must take what it is sent. A write waits where the reader's window and 64 KiB of ours are full; one that
/// waits too long, or is still waiting when streams are to end, resets the stream, which frees what it holds.
/// </summary>
/// <param name="messages">The way.</param>
/// <param name="context">The call.</param>
/// <param name="longest">How long a write may wait.</param>
/// <param name="clock">Says how long it has waited.</param>
/// <param name="ending">Cancelled when the call is, or when streams are to end.</param>
internal sealed class PatientWriter<T>(
    IServerStreamWriter<T> messages, ServerCallContext context, TimeSpan longest, TimeProvider clock, CancellationToken ending)
    : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => messages.WriteOptions;
        set => messages.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ending.ThrowIfCancellationRequested();
        var write = messages.WriteAsync(message, cancellationToken);
        return write.IsCompletedSuccessfully ? write : WaitAsync(write);
    }

    private async Task WaitAsync(Task write)
    {
        await Task.WhenAny(write.WaitAsync(longest, clock, ending));
        if (write.IsCompleted)
        {
            await write;
            return;
        }

        // A status would queue up behind the message that does not go.
        context.GetHttpContext().Features.Get<IHttpResetFeature>()?.Reset(WireGate.EnhanceYourCalm);
        await ((Task)Task.WhenAny(write)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ending.ThrowIfCancellationRequested();
        throw new RpcException(new Status(StatusCode.ResourceExhausted, "The stream was read too slowly; resume it from where it was read to."));
    }
}
