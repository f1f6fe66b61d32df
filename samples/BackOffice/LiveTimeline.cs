using SingleWindowBridge;
using Spectre.Console;
using Spectre.Console.Advanced;
using Spectre.Console.Rendering;
using Status = SingleWindowBridge.Status;

namespace BackOffice;

/// <summary>The timeline in a terminal of any width: some lines a receipt, and below them how the case stands.</summary>
public sealed class LiveTimeline(IAnsiConsole console) : ITimeline
{
    private const string Erase = "\r\u001b[J";
    private string _standing = "……";
    private bool _isLive;

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
        var (stage, status) = (receipt.Stage.Name(), receipt.Status.Name());
        _standing = $"… {stage.Zh} {status.Zh} · {stage.En}, {status.En}";
        Write($"{receipt.Number}", new Rows(lines));
    }

    /// <inheritdoc/>
    public void Note(LocalizedText text) => Write("→", new Text($"{text.Zh} {text.En}"));

    /// <inheritdoc/>
    public async Task<T> DuringAsync<T>(Func<Task<T>> work)
    {
        _isLive = true;
        DrawStanding();
        try
        {
            return await work();
        }
        finally
        {
            console.WriteAnsi(Erase);
            _isLive = false;
        }
    }

    // The line below is taken away before anything is written, and drawn again under it.
    private void Write(string mark, IRenderable what)
    {
        var row = new Grid();
        row.AddColumn(new GridColumn().Width(5).NoWrap().RightAligned().Padding(0, 0, 2, 0));
        row.AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        row.AddRow(new Text(mark, Color.Grey), what);
        if (_isLive)
            console.WriteAnsi(Erase);
        console.Write(row);
        if (_isLive)
            DrawStanding();
    }

    // One cell less than the terminal is wide: some go to the next line as soon as the last one is full.
    private void DrawStanding()
    {
        var (line, most) = (_standing, console.Profile.Width - 1);
        while (line.Length > 1 && line.GetCellWidth() > most)
            line = $"{line[..^2]}…";
        console.Write(new Text(line));
    }

    private static Color Colour(Status status) => status switch
    {
        Status.Approved => Color.Green,
        Status.Rejected or Status.NotAccepted or Status.SendFailed or Status.ReceiveFailed => Color.Red,
        Status.Pending or Status.CorrectionRequired => Color.Yellow,
        _ => Color.Default,
    };
}
