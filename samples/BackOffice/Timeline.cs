using SingleWindowBridge;

namespace BackOffice;

/// <summary>Shows a person what happens to the case.</summary>
public interface ITimeline
{
    /// <summary>Shows what came before, in an earlier run.</summary>
    void Recall(IEnumerable<Receipt> receipts);

    /// <summary>Shows a receipt that has just come.</summary>
    void Show(Receipt receipt);

    /// <summary>Says what the program itself does.</summary>
    void Note(LocalizedText text);

    /// <summary>Does the work while the timeline is shown.</summary>
    Task<T> DuringAsync<T>(Func<Task<T>> work);
}

/// <summary>One plain line a receipt, for logs and pipes; what else there is to say goes to the error output.</summary>
public sealed class PlainTimeline(TextWriter output, TextWriter notes) : ITimeline
{
    /// <inheritdoc/>
    public void Recall(IEnumerable<Receipt> receipts)
    {
        // They stand in the log of the earlier run.
    }

    /// <inheritdoc/>
    public void Show(Receipt receipt)
    {
        var (actor, stage, status) = (receipt.Actor.Name(), receipt.Stage.Name(), receipt.Status.Name());
        var line = $"{receipt.Number,4}  {receipt.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}Z  "
            + $"{actor.Zh} {stage.Zh} {status.Zh} | {actor.En}: {stage.En}, {status.En}";
        output.WriteLine(receipt.Words() is { } words ? $"{line} | {words.ReplaceLineEndings(" ")}" : line);
    }

    /// <inheritdoc/>
    public void Note(LocalizedText text) => notes.WriteLine($"{text.Zh} {text.En}");

    /// <inheritdoc/>
    public Task<T> DuringAsync<T>(Func<Task<T>> work) => work();
}
