using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SingleWindowBridge.Tool;

/// <summary>Where a command writes: JSON for scripts, or tables for a person.</summary>
internal sealed class Screen
{
    // Where nobody looks, lines are not broken to a terminal's width.
    private const int UnboundedWidth = 250;
    private const int StandardOutput = 1;

    public Screen(bool json)
    {
        IsJson = json;
        Console.OutputEncoding = Encoding.UTF8;
        FailWhereNobodyReads();
        if (!AnsiConsole.Profile.Out.IsTerminal)
        {
            AnsiConsole.Profile.Width = UnboundedWidth;
            AnsiConsole.Profile.Capabilities.Ansi = false;
        }
    }

    public bool IsJson { get; }

    /// <summary>Whether a person looks at a terminal.</summary>
    public bool IsLive =>
        !IsJson && AnsiConsole.Profile.Out.IsTerminal && AnsiConsole.Profile.Capabilities is { Interactive: true, Ansi: true };

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

    /// <summary>The colour that says how a status is meant.</summary>
    public static Color ColourOf(SingleWindowBridge.Status status) => status switch
    {
        SingleWindowBridge.Status.Approved => Color.Green,
        SingleWindowBridge.Status.Rejected or SingleWindowBridge.Status.NotAccepted or SingleWindowBridge.Status.SendFailed
            or SingleWindowBridge.Status.ReceiveFailed => Color.Red,
        SingleWindowBridge.Status.Pending or SingleWindowBridge.Status.CorrectionRequired => Color.Yellow,
        _ => Color.Default,
    };

    /// <summary>That the stream was cut, in both languages.</summary>
    public static string Words(ReceiptMessage.Reconnecting cut) =>
        $"连接中断，{cut.Delay.TotalSeconds:0.#} 秒后重连。 Cut ({cut.Reason}); again in {cut.Delay.TotalSeconds:0.#} s.";

    // The console goes on over a pipe that nobody reads any more, as if all were well. Then a consumer's place would move on over receipts
    // that nobody has seen, so pipes are written to directly: a write that nobody reads fails.
    private static void FailWhereNobodyReads()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return;
        var output = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!output.CanSeek)
            Console.SetOut(new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
    }
}
