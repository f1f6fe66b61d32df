using Spectre.Console;
using Spectre.Console.Rendering;

namespace SingleWindowBridge.Tool;

/// <summary>Something that happened to a case, as a person reads it in a terminal of any width: when and who, what came of it in both
/// languages, and what Customs says.</summary>
/// <param name="Number">Its number in the feed or in the timeline.</param>
/// <param name="Time">When.</param>
/// <param name="Of">The case, where it is not said elsewhere.</param>
/// <param name="By">Who did it.</param>
/// <param name="Event">What was done.</param>
/// <param name="Stage">The stage that the case came into.</param>
/// <param name="Status">The status that it came into.</param>
/// <param name="Words">What Customs says, or why something failed; empty where there is nothing.</param>
internal sealed record Happening(
    long Number, DateTimeOffset Time, string? Of, Actor By, CaseEvent Event, Stage Stage, Status Status, string Words)
{
    private const int NumberWidth = 6;

    public Happening(Receipt of)
        : this(of.Number, of.Time, of.CaseNumber ?? of.CaseId, of.Actor, of.Event, of.Stage, of.Status, of.Opinion ?? of.FailureReason ?? "")
    {
    }

    public Happening(TimelineEntry of)
        : this(of.Sequence, of.Time, null, of.Actor, of.Event, of.Stage, of.Status, of.Opinion ?? of.FailureReason ?? "")
    {
    }

    /// <summary>Three lines and the words, indented under the number.</summary>
    public IRenderable Shown()
    {
        var (by, what, stage, status) = (By.Name(), Event.Name(), Stage.Name(), Status.Name());
        var when = new Paragraph($"{Time.LocalDateTime:yyyy-MM-dd HH:mm:ss}  ", Color.Grey)
            .Append($"{by.Zh} {by.En}", By == Actor.Customs ? Color.DodgerBlue1 : Color.Default);
        if (Of is not null)
            when.Append($"  {Of}", Color.Grey);

        var colour = Screen.ColourOf(Status);
        var zh = new Paragraph($"{what.Zh} → {stage.Zh} ").Append(status.Zh, colour);
        var en = new Paragraph($"{what.En} → {stage.En}, ").Append(status.En, colour);
        var row = new Grid();
        row.AddColumn(new GridColumn().Width(NumberWidth).NoWrap().RightAligned().Padding(0, 0, 2, 0));
        row.AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        row.AddRow(new Text($"{Number}", Color.Grey), Words.Length > 0 ? new Rows(when, zh, en, new Text(Words, Color.Grey)) : new Rows(when, zh, en));
        return row;
    }

    /// <summary>The same as a line for logs and pipes, with the contract's names.</summary>
    public string Line() =>
        $"{Number,6}  {Time.LocalDateTime:yyyy-MM-dd HH:mm:ss}  {(Of is null ? "" : $"{Of,-26}  ")}{Codes.Of(By),-9}  {Codes.Of(Event),-21}  "
        + $"{Codes.Of(Stage)} {Codes.Of(Status)}  {Words.ReplaceLineEndings(" ")}".TrimEnd();
}
