using System.Buffers;

namespace SingleWindowBridge.Server.Tests.Wire.Http2;

/// <summary>One stream of a <see cref="RawConnection"/>: what the server has sent on it.</summary>
public sealed class RawStream(int id)
{
    private readonly TaskCompletionSource<CallEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, string> fields = [];
    private readonly ArrayBufferWriter<byte> body = new();
    private readonly ArrayBufferWriter<byte> block = new();
    private bool lastBlock;

    public int Id { get; } = id;

    /// <summary>How the call ended; a reset with the code -1 where the connection was cut.</summary>
    public Task<CallEnd> Ended => ended.Task;

    /// <summary>Ends with the first headers.</summary>
    public Task Begun => begun.Task;

    public bool HasEnded => ended.Task.IsCompleted;

    /// <summary>How many bytes of the body have come.</summary>
    public long BodyLength => body.WrittenCount;

    internal void TakeHeaders(byte[] payload, bool complete, bool last)
    {
        block.Write(payload);
        lastBlock |= last;
        if (!complete)
            return;

        HeaderBlock.Read(block.WrittenSpan, fields);
        block.Clear();
        begun.TrySetResult();
        if (lastBlock)
            End();
    }

    internal void TakeData(byte[] payload, bool last)
    {
        body.Write(payload);
        if (last)
            End();
    }

    internal void End(int? resetCode = null)
    {
        begun.TrySetResult();
        ended.TrySetResult(new CallEnd(fields, body.WrittenSpan.ToArray(), resetCode));
    }
}
