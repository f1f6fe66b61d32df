using System.Text;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Cases;

/// <summary>
/// Draws docs/case-states.md from the workflow table: for each kind of case a picture of its stages, and one of the statuses of
/// each stage, in Mermaid's plainest syntax.
/// </summary>
public sealed class CaseStatesPage
{
    private const string Heading = """
        # The states of a case 业务状态图

        Drawn from the workflow table, `src/Server/Cases/Workflow.cs`, by `eng/case-states.sh`; do not edit it here.

        A case has a stage (阶段) and in it a status (状态). For each kind of case there is a picture of the stages, and one of each
        stage's statuses. What stands at an arrow happened, with who did it in brackets (the authority, the bridge's own delivery or
        Customs) and what else must hold. A picture of a stage begins where the case comes into it, and ends with the stages to which
        it goes on. What has no arrow is refused.
        """;

    private static readonly (CaseKind Kind, CasePosition Start)[] Kinds =
        [(CaseKind.Assessment, CasePosition.NoAssessment), (CaseKind.Review, CasePosition.NoReview)];

    private readonly Dictionary<(string Enum, int Number), LocalizedText> names;
    private readonly StringBuilder page = new();

    private CaseStatesPage(IEnumerable<EnumValue> names) =>
        this.names = names.ToDictionary(value => (value.EnumName, value.Number), value => value.Name);

    /// <summary>The page as text.</summary>
    /// <param name="names">The names of the contract's enum values.</param>
    public static string Write(IEnumerable<EnumValue> names)
    {
        var writer = new CaseStatesPage(names);
        writer.WriteAll();
        return writer.page.ToString();
    }

    private void WriteAll()
    {
        page.Append(Heading.ReplaceLineEndings("\n")).Append('\n');
        var drawn = new Dictionary<string, CaseKind>();
        foreach (var (kind, start) in Kinds)
        {
            var steps = StepsFrom(start);
            page.Append($"\n## {Name(kind).Zh} {Name(kind).En}\n\n");
            WritePicture(OfStages(steps));
            foreach (var stage in steps.Select(step => step.To.Stage).Distinct().Where(it => it != Stage.Unspecified).Order())
            {
                var picture = OfStatuses(steps, stage);
                page.Append($"\n### {Name(stage).Zh} {Name(stage).En} (`{WireNames.Of(stage)}`)\n\n");
                if (drawn.TryAdd(picture, kind))
                    WritePicture(picture);
                else
                    page.Append($"As in the {Name(drawn[picture]).En.ToLowerInvariant()} above.\n");
            }
        }

        page.Append("\n## Names 名称\n");
        WriteNames<Stage>("Stage 阶段");
        WriteNames<Status>("Status 状态");
        WriteNames<CaseEvent>("What happened 事件");
    }

    // Each step that can happen, wherever the case may have come from.
    private static List<Step> StepsFrom(CasePosition start) =>
    [
        .. from at in WorkflowReach.Reachable(start)
           from row in WorkflowReach.At(at)
           let to = row.From(at)
           select new Step((at.Stage, at.Status), row.Actor, row.Event, row.Condition, to),
    ];

    private string OfStages(List<Step> steps)
    {
        var picture = new Picture();
        var between = steps.Distinct().Where(step => step.From.Stage != step.To.Stage && step.To.Stage != Stage.Unspecified).ToList();
        foreach (var (stage, status) in between.Select(step => End(step.To)).Distinct().Order())
            picture.Box(Id(stage, status), status == Status.Unspecified ? Title(stage) : $"{Title(stage)}, {Title(status)}");
        foreach (var arrow in between.GroupBy(step => (From: End((step.From.Stage, Status.Unspecified)), To: End(step.To))).OrderBy(it => it.Key))
            picture.Arrow(Id(arrow.Key.From.Stage, default), Id(arrow.Key.To.Stage, arrow.Key.To.Status), arrow.Select(Label));
        return picture.Text;

        // Of the end it matters how a case ends; every other stage is one box.
        static (Stage Stage, Status Status) End((Stage Stage, Status Status) at) =>
            at.Stage == Stage.Completed ? at : (at.Stage, Status.Unspecified);

        static string Id(Stage stage, Status status) => stage == Stage.Unspecified ? Picture.Outside
            : status == Status.Unspecified ? WireNames.Of(stage)
            : $"{WireNames.Of(stage)}_{WireNames.Of(status)}";
    }

    private string OfStatuses(List<Step> steps, Stage stage)
    {
        var picture = new Picture();
        var here = steps.Distinct().Where(step => step.From.Stage == stage || step.To.Stage == stage).ToList();
        // Where the case goes from here is drawn, where it came from is not.
        var places = here.SelectMany(step => new[] { step.From, step.To }.Where(at => at.Stage == stage || at == step.To)).Distinct()
            .Where(at => at.Stage != Stage.Unspecified).OrderBy(at => (at.Stage != stage, at.Stage, at.Status));
        foreach (var at in places)
            picture.Box(Id(at), at.Stage == stage ? Title(at.Status) : $"{Title(at.Stage)}, {Title(at.Status)}");
        foreach (var arrow in here.GroupBy(step => (From: Start(step.From), step.To)).OrderBy(it => it.Key))
            picture.Arrow(Id(arrow.Key.From), Id(arrow.Key.To), arrow.Select(Label));
        return picture.Text;

        (Stage Stage, Status Status) Start((Stage Stage, Status Status) at) => at.Stage == stage ? at : default;

        string Id((Stage Stage, Status Status) at) => at.Stage == Stage.Unspecified ? Picture.Outside
            : at.Stage == stage ? WireNames.Of(at.Status)
            : $"{WireNames.Of(at.Stage)}_{WireNames.Of(at.Status)}";
    }

    private void WritePicture(string text) => page.Append($"```mermaid\n{text}```\n");

    private void WriteNames<TEnum>(string title)
        where TEnum : struct, Enum
    {
        page.Append($"\n| {title} | 中文 | English |\n| --- | --- | --- |\n");
        foreach (var value in Enum.GetValues<TEnum>().Where(WireNames.IsKnown))
            page.Append($"| `{WireNames.Of(value)}` | {Name(value).Zh} | {Name(value).En} |\n");
    }

    private string Title<TEnum>(TEnum value)
        where TEnum : struct, Enum => $"{WireNames.Of(value)} {Name(value).Zh}";

    private string Label(Step step) => $"{WireNames.Of(step.Event)} {Name(step.Event).Zh} ({WireNames.Of(step.Actor).ToLowerInvariant()}"
        + (step.Condition.Length > 0 ? $", {step.Condition})" : ")");

    private LocalizedText Name<TEnum>(TEnum value)
        where TEnum : struct, Enum => names[(typeof(TEnum).Name, Convert.ToInt32(value, null))];

    private readonly record struct Step(
        (Stage Stage, Status Status) From, Actor Actor, CaseEvent Event, string Condition, (Stage Stage, Status Status) To);

    private sealed class Picture
    {
        /// <summary>Where a picture begins and ends.</summary>
        public const string Outside = "[*]";

        private readonly StringBuilder text = new("stateDiagram-v2\n");

        public string Text => text.ToString();

        public void Box(string id, string title) => text.Append($"    state \"{title}\" as {id}\n");

        public void Arrow(string from, string to, IEnumerable<string> labels) =>
            text.Append($"    {from} --> {to} : {string.Join(" / ", labels.Distinct().Order(StringComparer.Ordinal))}\n");
    }
}
