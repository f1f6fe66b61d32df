using System.CommandLine;
using Spectre.Console;

namespace SingleWindowBridge.Tool.Receipts;

/// <summary>swbridge receipts tail: the newest receipts, and what comes.</summary>
internal static class TailReceipts
{
    public static Command Make()
    {
        var last = new Option<int>("--last") { Description = "How many of the receipts that there are to begin with.", DefaultValueFactory = _ => 10 };
        var from = new Option<long?>("--from") { Description = "Begin with the receipt of this number instead." };
        var which = new Option<string?>("--case") { Description = "Only receipts of this case, by id or number." };
        var once = new Option<bool>("--once") { Description = "End when all that there are have been shown." };
        return ClientCommand.Make(
            "tail", "Shows the newest receipts, and each that comes until Ctrl+C.", [last, from, which, once],
            async (options, client, screen, cancellationToken) =>
            {
                var only = options.GetValue(which);
                var head = (await client.Receipts.ListPageAsync(pageSize: 1, cancellationToken: cancellationToken)).HeadNumber;
                var after = options.GetValue(from) is { } first ? first - 1 : head - options.GetValue(last);
                if (after < 0 && options.GetValue(from) is not null)
                    throw new ArgumentException("--from：从 1 开始。 --from begins at 1.");
                var position = ReceiptPosition.After(Math.Max(0, after));
                await foreach (var message in client.Receipts.WatchAsync(position, cancellationToken: cancellationToken))
                {
                    switch (message)
                    {
                        case ReceiptMessage.Receipt { Value: var receipt } when only is null || only == receipt.CaseId || only == receipt.CaseNumber:
                            Show(receipt, screen);
                            break;
                        case ReceiptMessage.CaughtUp when options.GetValue(once):
                            return;
                        case ReceiptMessage.Reconnecting { Reason: var reason, Delay: var delay }:
                            Console.Error.WriteLine($"连接中断，{delay.TotalSeconds:0.#} 秒后重连。 Cut ({reason}); again in {delay.TotalSeconds:0.#} s.");
                            break;
                        default:
                            break;
                    }
                }
            });
    }

    private static void Show(Receipt receipt, Screen screen)
    {
        if (screen.IsJson)
            Screen.Line(receipt);
        else if (screen.IsLive)
            Screen.Show(Row(receipt));
        else
            Console.WriteLine(Line(receipt));
    }

    private static string Line(Receipt receipt) =>
        $"{receipt.Number,6}  {receipt.Time.LocalDateTime:yyyy-MM-dd HH:mm:ss}  {receipt.CaseNumber ?? receipt.CaseId,-26}  "
        + $"{Codes.Of(receipt.Event),-21}  {Codes.Of(receipt.Stage)} {Codes.Of(receipt.Status)}  {Words(receipt).ReplaceLineEndings(" ")}".TrimEnd();

    private static Grid Row(Receipt receipt)
    {
        var row = new Grid();
        foreach (var width in new[] { 6, 19, 26, 24, 20, 20 })
            row.AddColumn(new GridColumn().Width(width).Padding(0, 0, 1, 0));
        row.AddColumn();
        row.AddRow(
            new Text($"{receipt.Number}", Color.Grey),
            Screen.At(receipt.Time),
            new Text(receipt.CaseNumber ?? receipt.CaseId),
            Screen.Named(receipt.Event.Name(), receipt.Actor == Actor.Customs ? Color.DodgerBlue1 : Color.Default),
            Screen.Named(receipt.Stage.Name(), Color.Default),
            Screen.Named(receipt.Status),
            new Text(Words(receipt), Color.Grey));
        return row;
    }

    private static string Words(Receipt receipt) => receipt.Opinion ?? receipt.FailureReason ?? "";
}
