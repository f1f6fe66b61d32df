using System.CommandLine;

namespace SingleWindowBridge.Tool.Receipts;

/// <summary>swbridge receipts tail: the newest receipts, and what comes; or all that a named consumer has not had yet.</summary>
internal static class TailReceipts
{
    private const int UsualLast = 10;

    public static Command Make()
    {
        var last = new Option<int?>("--last") { Description = $"How many of the receipts that there are to begin with; {UsualLast} if unset." };
        var from = new Option<long?>("--from") { Description = "Begin with the receipt of this number instead." };
        var consumer = new Option<string?>("--consumer")
        {
            Description = "Go on where this consumer stands: the bridge keeps its place, which moves on with each receipt shown. A new one begins "
                + "with the first receipt, or where --from or --last says. One process at a time.",
        };
        var which = new Option<string?>("--case") { Description = "Only receipts of this case, by id or number." };
        var once = new Option<bool>("--once") { Description = "End when all that there are have been shown." };
        return ClientCommand.Make(
            "tail", "Shows the newest receipts, and each that comes until Ctrl+C.", [last, from, consumer, which, once],
            async (options, client, screen, cancellationToken) =>
            {
                var only = options.GetValue(which);
                var name = options.GetValue(consumer);
                var begin = await BeginAsync(
                    client, options.GetValue(from), options.GetValue(last) ?? (name is null ? UsualLast : null), cancellationToken);
                var messages = name is null
                    ? client.Receipts.WatchAsync(begin, cancellationToken: cancellationToken)
                    : client.Receipts.WatchAsync(name, new WatchOptions { FirstPosition = begin }, cancellationToken);
                await foreach (var message in messages)
                {
                    switch (message)
                    {
                        case ReceiptMessage.Receipt { Value: var receipt } when only is null || only == receipt.CaseId || only == receipt.CaseNumber:
                            Show(receipt, screen);
                            break;
                        case ReceiptMessage.CaughtUp when options.GetValue(once):
                            return;
                        case ReceiptMessage.Reconnecting cut:
                            Console.Error.WriteLine(Screen.Words(cut));
                            break;
                        default:
                            break;
                    }
                }
            });
    }

    private static async Task<ReceiptPosition> BeginAsync(
        SingleWindowClient client, long? from, int? last, CancellationToken cancellationToken)
    {
        if (from is < 1)
            throw new ArgumentException("--from：从 1 开始。 --from begins at 1.");
        if (last is < 0)
            throw new ArgumentException("--last：不能为负数。 --last is not negative.");
        if (from is { } first)
            return ReceiptPosition.After(first - 1);
        if (last is null)
            return ReceiptPosition.Beginning;
        var head = (await client.Receipts.ListPageAsync(pageSize: 1, cancellationToken: cancellationToken)).HeadNumber;
        return ReceiptPosition.After(Math.Max(0, head - last.Value));
    }

    private static void Show(Receipt receipt, Screen screen)
    {
        if (screen.IsJson)
            Screen.Line(receipt);
        else if (screen.IsLive)
            Screen.Show(new Happening(receipt).Shown());
        else
            Console.WriteLine(new Happening(receipt).Line());
    }
}
