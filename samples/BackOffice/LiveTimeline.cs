using SingleWindowBridge;
using Spectre.Console;
using Spectre.Console.Rendering;
using Status = SingleWindowBridge.Status;

namespace BackOffice;

/// <summary>The timeline in a terminal of any width: some lines a receipt, and below them how the case stands.</summary>
public sealed class LiveTimeline(IAnsiConsole console) : ITimeline
{
    private StatusContext? _standing;

    /// <inheritdoc/>
    public void Recall(IEnumerable<Receipt> receipts)
    {
        foreach (var receipt in receipts)
            Show(receipt);
    }

    /// <inheritdoc/>
    public void Show(Receipt receipt)
    {
        var (by, stands) = (receipt.Actor.Name(), Colour(receipt.Status));
        var lines = new List<IRenderable>
        {
            new Paragraph($"{receipt.Time.LocalDateTime:HH:mm:ss}  ", Color.Grey)
                .Append($"{by.Zh} {by.En}", receipt.Actor == Actor.Customs ? Color.DodgerBlue1 : Color.Default),
            new Paragraph($"{receipt.Stage.Name().Zh} ").Append(receipt.Status.Name().Zh, stands),
            new Paragraph($"{receipt.Stage.Name().En}, ").Append(receipt.Status.Name().En, stands),
        };
        if (receipt.Words() is { } words)
            lines.Add(new Text(words, Color.Grey));
        Write($"{receipt.Number}", new Rows(lines));
        var (stage, status) = (receipt.Stage.Name(), receipt.Status.Name());
        _standing?.Status(Markup.Escape($"{stage.Zh} {status.Zh} · {stage.En}, {status.En}"));
    }

    /// <inheritdoc/>
    public void Note(LocalizedText text) => Write("→", new Text($"{text.Zh} {text.En}"));

    /// <inheritdoc/>
    public Task<T> DuringAsync<T>(Func<Task<T>> work) => console.Status().StartAsync("……", context =>
    {
        _standing = context;
        return work();
    });

    // As wide as the terminal, so that nothing is left of the line below, which it is written over.
    private void Write(string mark, IRenderable what)
    {
        var row = new Grid().Expand();
        row.AddColumn(new GridColumn().Width(5).NoWrap().RightAligned().Padding(0, 0, 2, 0));
        row.AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        row.AddRow(new Text(mark, Color.Grey), what);
        console.Write(row);
    }

    private static Color Colour(Status status) => status switch
    {
        Status.Approved => Color.Green,
        Status.Rejected or Status.NotAccepted or Status.SendFailed or Status.ReceiveFailed => Color.Red,
        Status.Pending or Status.CorrectionRequired => Color.Yellow,
        _ => Color.Default,
    };
}
