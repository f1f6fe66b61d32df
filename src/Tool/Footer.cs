using Spectre.Console;
using Spectre.Console.Advanced;

namespace SingleWindowBridge.Tool;

/// <summary>
/// The last line of a terminal while something goes on above it: how things stand. Nothing else of the terminal is changed, the cursor
/// stays to be seen, and what scrolled by is there to be scrolled back to.
/// </summary>
internal sealed class Footer : IDisposable
{
    private const string Erase = "\r\u001b[J";
    private string text = "";
    private Color colour = Color.Default;

    /// <summary>Says how things stand now.</summary>
    public void Say(string stands, Color meant)
    {
        (text, colour) = (stands, meant);
        AnsiConsole.Console.WriteAnsi(Erase);
        Draw();
    }

    /// <summary>Shows something that stays, above the line.</summary>
    public void Above(Action show)
    {
        AnsiConsole.Console.WriteAnsi(Erase);
        show();
        Draw();
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose() => AnsiConsole.Console.WriteAnsi(Erase);

    // One cell less than the terminal is wide: some go to the next line as soon as the last one is full.
    private void Draw()
    {
        var line = $"… {text}  (Ctrl+C 退出 ends)";
        var most = AnsiConsole.Profile.Width - 1;
        if (line.GetCellWidth() > most)
            line = $"… {text}";
        while (line.Length > 1 && line.GetCellWidth() > most)
            line = $"{line[..^2]}…";
        AnsiConsole.Write(new Text(line, colour));
    }
}
