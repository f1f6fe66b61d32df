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
                var table = Screen.Table("编号 number", "类别 category", "阶段 stage", "状态 status", "更新 changed", "事由 summary");
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

    private static void Add(Table table, Case each) => table.AddRow(
        new Text(each.Number ?? each.Id),
        new Text(each.Category ?? ""),
        Screen.Named(each.Stage.Name(), Color.Default),
        Screen.Named(each.Status),
        Screen.At(each.UpdateTime),
        new Text(each.Summary.Length > 60 ? each.Summary[..60] + "…" : each.Summary));
}
