using SingleWindowBridge;
using Spectre.Console;
using Status = SingleWindowBridge.Status;

namespace BackOffice;

/// <summary>The timeline in a terminal: a row a receipt, and below them how the case stands.</summary>
public sealed class LiveTimeline(IAnsiConsole console) : ITimeline
{
    private const int Indent = 15;
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
        var row = new Grid();
        row.AddColumns(Column(5), Column(Indent - 7), Column(21), Column(27), Column(22));
        row.AddRow(
            new Text($"{receipt.Number}", Color.Grey),
            new Text($"{receipt.Time.LocalDateTime:HH:mm:ss}", Color.Grey),
            Named(receipt.Actor.Name(), receipt.Actor == Actor.Customs ? Color.DodgerBlue1 : Color.Grey),
            Named(receipt.Stage.Name(), Color.Default),
            Named(receipt.Status.Name(), Colour(receipt.Status)));
        console.Write(row);
        if (receipt.Words() is { } words)
            console.Write(Indented(words, Color.Grey));
        var (stage, status) = (receipt.Stage.Name(), receipt.Status.Name());
        _standing?.Status(Markup.Escape($"{stage.Zh} {status.Zh} · {stage.En}, {status.En}"));
    }

    /// <inheritdoc/>
    public void Note(LocalizedText text) => console.Write(Indented($"→ {text.Zh} {text.En}", Color.Default));

    /// <inheritdoc/>
    public Task<T> DuringAsync<T>(Func<Task<T>> work) => console.Status().StartAsync("……", context =>
    {
        _standing = context;
        return work();
    });

    private static GridColumn Column(int width) => new GridColumn().Width(width).NoWrap().Padding(0, 0, 1, 0);

    private static Text Named(LocalizedText name, Color colour) => new($"{name.Zh}\n{name.En}", colour);

    private static Padder Indented(string text, Color colour) => new(new Text(text, colour), new Padding(Indent, 0, 0, 0));

    private static Color Colour(Status status) => status switch
    {
        Status.Approved => Color.Green,
        Status.Rejected or Status.NotAccepted or Status.SendFailed or Status.ReceiveFailed => Color.Red,
        Status.Pending or Status.CorrectionRequired => Color.Yellow,
        _ => Color.Default,
    };
}
