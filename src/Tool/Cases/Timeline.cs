using Spectre.Console;
using Spectre.Console.Rendering;

namespace SingleWindowBridge.Tool.Cases;

/// <summary>What has happened to a case, as a table that grows.</summary>
internal sealed class Timeline
{
    public Table Table { get; } = Screen.Table("", "时间 time", "谁 who", "事 event", "阶段 stage", "状态 status", "意见 opinion");

    public static IRenderable Head(Case of) => new Rows(
        new Markup($"[bold]{Markup.Escape(of.Number ?? of.Id)}[/]  {Markup.Escape(of.Category ?? "")}  {Markup.Escape(of.Kind.Name().Zh)} {Markup.Escape(of.Kind.Name().En)}"),
        new Text(of.Summary),
        new Text($"{of.Stage.Name().Zh} {of.Status.Name().Zh} · {of.Stage.Name().En}, {of.Status.Name().En}"),
        new Text(of.Opinion?.Text ?? of.FailureReason ?? "", Color.Yellow));

    /// <summary>The same as a line of text.</summary>
    public static string Line(TimelineEntry entry) =>
        $"{entry.Sequence,4}  {entry.Time.LocalDateTime:yyyy-MM-dd HH:mm:ss}  {Codes.Of(entry.Actor),-9}  {Codes.Of(entry.Event),-21}  "
        + $"{Codes.Of(entry.Stage)} {Codes.Of(entry.Status)}  {Words(entry).ReplaceLineEndings(" ")}".TrimEnd();

    public void Add(TimelineEntry entry) => Table.AddRow(
        new Text($"{entry.Sequence}", Color.Grey),
        Screen.At(entry.Time),
        Screen.Named(entry.Actor.Name(), entry.Actor == Actor.Customs ? Color.DodgerBlue1 : Color.Grey),
        Screen.Named(entry.Event.Name(), Color.Default),
        Screen.Named(entry.Stage.Name(), Color.Default),
        Screen.Named(entry.Status),
        new Text(Words(entry), Color.Grey));

    private static string Words(TimelineEntry entry) => entry.Opinion ?? entry.FailureReason ?? "";
}
