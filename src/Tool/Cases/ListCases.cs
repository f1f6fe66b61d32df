using System.CommandLine;
using Spectre.Console;

namespace SingleWindowBridge.Tool.Cases;

/// <summary>swbridge cases list: the authority's cases, newest first.</summary>
internal static class ListCases
{
    public static Command Make()
    {
        var stage = Codes.Option<Stage>("--stage", "Only cases in this stage, such as QUESTIONNAIRE.");
        var status = Codes.Option<Status>("--status", "Only cases in this status, such as PENDING.");
        var category = new Option<string?>("--category") { Description = "Only cases of this food category, such as AQUATIC." };
        var limit = new Option<int>("--limit") { Description = "How many at most; 0 for all.", DefaultValueFactory = _ => 50 };
        return ClientCommand.Make(
            "list", "Lists the cases, newest first.", [stage, status, category, limit],
            async (options, client, screen, cancellationToken) =>
            {
                var filter = new CaseFilter
                {
                    Stage = options.GetValue(stage), Status = options.GetValue(status), Category = options.GetValue(category),
                };
                var most = options.GetValue(limit);
                var table = Screen.Table("案件 case", "状态 status", "更新 changed", "事由 summary");

                // Numbers and codes are copied from here: they are never broken, however narrow the terminal.
                table.Columns[0].NoWrap();
                table.Columns[2].NoWrap();
                await foreach (var each in client.Cases.ListAsync(filter, cancellationToken).Take(most > 0 ? most : int.MaxValue))
                {
                    if (screen.IsJson)
                        Screen.Line(each);
                    else
                        Add(table, each);
                }

                if (!screen.IsJson)
                    Screen.Show(table);
            });
    }

    private static void Add(Table table, Case each)
    {
        var (stage, status, colour) = (each.Stage.Name(), each.Status.Name(), Screen.ColourOf(each.Status));
        table.AddRow(
            new Text($"{each.Number ?? each.Id}\n{each.Category}"),
            new Paragraph($"{stage.Zh} ").Append(status.Zh, colour).Append($"\n{stage.En}, ").Append(status.En, colour),
            new Text($"{each.UpdateTime.LocalDateTime:yyyy-MM-dd\nHH:mm:ss}", Color.Grey),
            new Text(each.Summary.Length > 60 ? each.Summary[..60] + "…" : each.Summary));
    }
}
