using System.CommandLine;
using Spectre.Console;

namespace SingleWindowBridge.Tool.Cases;

/// <summary>swbridge cases show: one case with its timeline, live if wished.</summary>
internal static class ShowCase
{
    public static Command Make()
    {
        var which = new Argument<string>("case") { Description = "The case's id or number." };
        var watch = new Option<bool>("--watch") { Description = "Goes on showing what happens until the case has ended." };
        return ClientCommand.Make(
            "show", "Shows one case, its timeline and its files.", [which, watch],
            (options, client, screen, cancellationToken) =>
            {
                var handle = client.Case(options.GetRequiredValue(which));
                return options.GetValue(watch)
                    ? WatchAsync(client, handle, screen, cancellationToken)
                    : ShowAsync(handle, screen, cancellationToken);
            });
    }

    private static async Task ShowAsync(CaseHandle handle, Screen screen, CancellationToken cancellationToken)
    {
        var details = await handle.GetAsync(cancellationToken);
        var entries = await handle.TimelineAsync(cancellationToken).ToListAsync(cancellationToken);
        if (screen.IsJson)
        {
            Screen.Line(new { details.Case, details.Opinions, details.ProtocolFiles, details.CertificateFiles, Timeline = entries });
            return;
        }

        Screen.Show(Timeline.Head(details.Case));
        var timeline = new Timeline();
        foreach (var entry in entries)
            timeline.Add(entry);
        Screen.Show(timeline.Table);
        foreach (var file in details.ProtocolFiles.Concat(details.CertificateFiles))
            Screen.Show(new Text($"  {file.Id}  {file.Name}  {file.SizeBytes:N0} B\n"));
    }

    // A place in the feed first, then the timeline: what comes after is then sure to bring a receipt.
    private static async Task WatchAsync(
        SingleWindowClient client, CaseHandle handle, Screen screen, CancellationToken cancellationToken)
    {
        var found = (await handle.GetAsync(cancellationToken)).Case;
        var timeline = new Timeline();
        if (!screen.IsJson)
            Screen.Show(Timeline.Head(found));
        if (screen.IsLive)
        {
            await AnsiConsole.Live(timeline.Table).StartAsync(live => FollowAsync(entry =>
            {
                timeline.Add(entry);
                live.Refresh();
            }));
        }
        else
        {
            await FollowAsync(entry =>
            {
                if (screen.IsJson)
                    Screen.Line(entry);
                else
                    Console.WriteLine(Timeline.Line(entry));
            });
        }

        async Task FollowAsync(Action<TimelineEntry> show)
        {
            var shown = 0;
            await foreach (var message in client.Receipts.WatchAsync(ReceiptPosition.Now, cancellationToken: cancellationToken))
            {
                if (message is ReceiptMessage.Reconnecting || (message is ReceiptMessage.Receipt { Value: var receipt } && receipt.CaseId != found.Id))
                    continue;
                var entries = await handle.TimelineAsync(cancellationToken).ToListAsync(cancellationToken);
                foreach (var entry in entries.Skip(shown))
                    show(entry);
                shown = entries.Count;
                if ((await handle.GetAsync(cancellationToken)).Case.HasEnded && entries.Count == shown)
                    return;
            }
        }
    }
}
