using System.Buffers;
using System.IO.Pipelines;

namespace SingleWindowBridge.Server.Limits;

/// <summary>
/// Reads what a connection sends, not while it is paused, and a part at a time. What is not read stays with the sender, who is stopped by
/// TCP's own window: the cheapest refusal there is.
/// </summary>
internal sealed class PausedReader(PipeReader input, ConnectionUse use) : PipeReader
{
    // Not so many calls that it matters to others when they come, or which of them is the one too many.
    private const int FewAtOnce = 8 * 1024;

    private int atOnce = FewAtOnce;
    private SequencePosition start;
    private bool more;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (use.IsPaused)
            return WaitAsync(cancellationToken);
        if (more)
            return YieldAsync(cancellationToken);

        // What comes while it is waited for is little; what lies there already may be a megabyte.
        var read = input.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new(Part(read.Result)) : read;
    }

    public override bool TryRead(out ReadResult result)
    {
        result = default;
        if (use.IsPaused || !input.TryRead(out var all))
            return false;
        result = Part(all);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // Whoever can do nothing with the part needs a larger one.
        if (more && consumed.Equals(start))
            atOnce *= 2;
        input.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead()
    {
        use.EndPause();
        input.CancelPendingRead();
    }

    public override void Complete(Exception? exception = null) => input.Complete(exception);

    private async ValueTask<ReadResult> WaitAsync(CancellationToken cancellationToken)
    {
        await use.PauseAsync(cancellationToken);
        return Part(await input.ReadAsync(cancellationToken));
    }

    // Others come first, and what was read is looked at before there is more.
    private async ValueTask<ReadResult> YieldAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        return use.IsPaused ? await WaitAsync(cancellationToken) : Part(await input.ReadAsync(cancellationToken));
    }

    private ReadResult Part(ReadResult all)
    {
        more = all.Buffer.Length > atOnce;
        start = all.Buffer.Start;
        return more ? new ReadResult(all.Buffer.Slice(0, atOnce), all.IsCanceled, isCompleted: false) : all;
    }
}
