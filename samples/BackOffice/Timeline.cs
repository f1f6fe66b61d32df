using System.Text.RegularExpressions;
using SingleWindowBridge;
using Spectre.Console;
using Status = SingleWindowBridge.Status;

namespace BackOffice;

/// <summary>Shows a person what happens to the case.</summary>
public interface ITimeline
{
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
    public void Show(Receipt receipt)
    {
        var (stage, status, actor) = (receipt.Stage.Name(), receipt.Status.Name(), receipt.Actor.Name());
        var line = $"{receipt.Number,4}  {receipt.Time:yyyy-MM-dd HH:mm:ss.fff}Z  {actor.Zh} {stage.Zh} {status.Zh} | {actor.En}: {stage.En}, {status.En}";
        var opinion = receipt.Opinion ?? receipt.FailureReason;
        output.WriteLine(opinion is null ? line : $"{line} | {opinion.ReplaceLineEndings(" ")}");
    }

    /// <inheritdoc/>
    public void Note(LocalizedText text) => notes.WriteLine($"{text.Zh} {text.En}");

    /// <inheritdoc/>
    public Task<T> DuringAsync<T>(Func<Task<T>> work) => work();
}

/// <summary>The timeline in a terminal: a row a receipt, and below them what the case waits for.</summary>
public sealed class LiveTimeline(IAnsiConsole console) : ITimeline
{
    private StatusContext? _waiting;

    /// <inheritdoc/>
    public void Show(Receipt receipt)
    {
        var row = new Grid().AddColumn(Column(5)).AddColumn(Column(8)).AddColumn(Column(22)).AddColumn(Column(40)).AddColumn(Column(30));
        row.AddRow(
            new Markup($"[grey]{receipt.Number}[/]"),
            new Markup($"[grey]{receipt.Time.LocalDateTime:HH:mm:ss}[/]"),
            Named(receipt.Actor.Name(), receipt.Actor == Actor.Customs ? "blue" : "grey"),
            Named(receipt.Stage.Name(), "default"),
            Named(receipt.Status.Name(), Colour(receipt.Status)));
        console.Write(row);
        if ((receipt.Opinion ?? receipt.FailureReason) is { } opinion)
            console.Write(new Padder(new Text(opinion, new Style(Color.Grey)), new Padding(15, 0, 0, 0)));
        _waiting?.Status($"[grey]{Both(receipt.Stage.Name())} · {Both(receipt.Status.Name())}[/]");
    }

    /// <inheritdoc/>
    public void Note(LocalizedText text) => console.Write(new Padder(new Text($"→ {text.Zh} {text.En}"), new Padding(15, 0, 0, 0)));

    /// <inheritdoc/>
    public Task<T> DuringAsync<T>(Func<Task<T>> work) => console.Status().StartAsync("等待 Waiting", async context =>
    {
        _waiting = context;
        return await work();
    });

    private static GridColumn Column(int width) => new GridColumn().Width(width).NoWrap().PadLeft(0).PadRight(1);

    private static Markup Named(LocalizedText name, string colour) => new($"[{colour}]{Both(name)}[/]");

    private static string Both(LocalizedText name) => Markup.Escape($"{name.Zh} {name.En}");

    private static string Colour(Status status) => status switch
    {
        Status.Approved => "green",
        Status.Rejected or Status.NotAccepted or Status.SendFailed or Status.ReceiveFailed => "red",
        Status.Pending or Status.CorrectionRequired => "yellow",
        _ => "default",
    };
}

/// <summary>The codes of the contract, such as CORRECTION_REQUIRED, for what programs read.</summary>
public static partial class Codes
{
    /// <summary>The code of a stage or status.</summary>
    public static string Code<T>(this T value)
        where T : struct, Enum => InnerCapital().Replace(value.ToString(), "_").ToUpperInvariant();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex InnerCapital();
}
