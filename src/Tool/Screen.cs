using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SingleWindowBridge.Tool;

/// <summary>Where a command writes: JSON for scripts, or tables for a person.</summary>
internal sealed class Screen
{
    // Where nobody looks, lines are not broken to a terminal's width.
    private const int UnboundedWidth = 250;

    public Screen(bool json)
    {
        IsJson = json;
        Console.OutputEncoding = System.Text.Encoding.UTF8;
        if (!IsLive)
            AnsiConsole.Profile.Width = UnboundedWidth;
    }

    public bool IsJson { get; }

    /// <summary>Whether a person looks at a terminal.</summary>
    public bool IsLive => !IsJson && AnsiConsole.Profile.Out.IsTerminal && AnsiConsole.Profile.Capabilities.Interactive;

    /// <summary>Writes an object as a line.</summary>
    public static void Line<T>(T value) => Console.WriteLine(JsonSerializer.Serialize(value, Codes.Json));

    /// <summary>Writes something for a person.</summary>
    public static void Show(IRenderable shown) => AnsiConsole.Write(shown);

    /// <summary>A table with these columns.</summary>
    public static Table Table(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
            table.AddColumn(new Spectre.Console.TableColumn(new Text(column, Color.Grey)));
        return table;
    }

    /// <summary>A name in both languages, one below the other.</summary>
    public static Text Named(LocalizedText name, Color colour) => new($"{name.Zh}\n{name.En}", colour);

    /// <summary>A status with the colour that says how it is meant.</summary>
    public static Text Named(SingleWindowBridge.Status status) => Named(status.Name(), status switch
    {
        SingleWindowBridge.Status.Approved => Color.Green,
        SingleWindowBridge.Status.Rejected or SingleWindowBridge.Status.NotAccepted or SingleWindowBridge.Status.SendFailed
            or SingleWindowBridge.Status.ReceiveFailed => Color.Red,
        SingleWindowBridge.Status.Pending or SingleWindowBridge.Status.CorrectionRequired => Color.Yellow,
        _ => Color.Default,
    });

    /// <summary>A time as a person on this machine reads it.</summary>
    public static Text At(DateTimeOffset time) => new($"{time.LocalDateTime:yyyy-MM-dd HH:mm:ss}", Color.Grey);
}
