using Spectre.Console;
using Spectre.Console.Rendering;

namespace SingleWindowBridge.Tool.Cases;

/// <summary>What stands above a case's timeline and below it.</summary>
internal static class Timeline
{
    /// <summary>What the case is and how it stands.</summary>
    public static IRenderable Head(Case of)
    {
        var lines = new List<IRenderable>
        {
            new Paragraph(of.Number ?? of.Id, new Style(decoration: Decoration.Bold)).Append($"  {of.Category}  {of.Kind.Name().Zh} {of.Kind.Name().En}"),
            new Text(of.Summary),
            new Text(Words(of), Screen.ColourOf(of.Status)),
        };
        if ((of.Opinion?.Text ?? of.FailureReason) is { Length: > 0 } words)
            lines.Add(new Text(words, Color.Yellow));
        lines.Add(Text.Empty);
        return new Rows(lines);
    }

    /// <summary>How the case stands, in a line.</summary>
    public static string Words(Case of) =>
        $"{of.Stage.Name().Zh} {of.Status.Name().Zh} · {of.Stage.Name().En}, {of.Status.Name().En}";
}
