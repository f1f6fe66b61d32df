using System.CommandLine;
using Spectre.Console;

namespace SingleWindowBridge.Tool.Cases;

/// <summary>swbridge cases show: one case with its timeline, live if wished.</summary>
internal static class ShowCase
{
    public static Command Make()
    {
        var which = new Argument<string>("case") { Description = "The case's id or number." };
        var watch = new Option<bool>("--watch") { Description = "Goes on showing what happens until the case has ended, or Ctrl+C." };
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
        foreach (var entry in entries)
            Screen.Show(new Happening(entry).Shown());
        foreach (var file in details.ProtocolFiles.Concat(details.CertificateFiles))
            Screen.Show(new Text($"  {file.Id}  {file.Name}  {file.SizeBytes:N0} B\n"));
    }

    private static async Task WatchAsync(
        SingleWindowClient client, CaseHandle handle, Screen screen, CancellationToken cancellationToken)
    {
        var found = (await handle.GetAsync(cancellationToken)).Case;
        if (!screen.IsJson)
            Screen.Show(Timeline.Head(found));
        if (!screen.IsLive)
        {
            await FollowAsync(
                client, handle, found.Id, entry => Print(entry, screen), _ => { }, cut => Console.Error.WriteLine(Screen.Words(cut)), cancellationToken);
            return;
        }

        // What has happened scrolls by as anything does in a terminal; the line below it says how the case stands now.
        var stands = found;
        using (var footer = new Footer())
        {
            footer.Say(Timeline.Words(found), Screen.ColourOf(found.Status));
            await FollowAsync(
                client, handle, found.Id,
                entry => footer.Above(() => Screen.Show(new Happening(entry).Shown())),
                now => footer.Say(Timeline.Words(stands = now), Screen.ColourOf(now.Status)),
                cut => footer.Say(Screen.Words(cut), Color.Yellow),
                cancellationToken);
        }

        Screen.Show(new Text($"{Timeline.Words(stands)}\n", Screen.ColourOf(stands.Status)));
    }

    // A place in the feed first, then the timeline: what comes after is then sure to bring a receipt. And how the case stands first, then
    // the timeline: the one of an ended case is whole.
    private static async Task FollowAsync(
        SingleWindowClient client, CaseHandle handle, string caseId, Action<TimelineEntry> show, Action<Case> stands,
        Action<ReceiptMessage.Reconnecting> cut, CancellationToken cancellationToken)
    {
        var shown = 0;
        await foreach (var message in client.Receipts.WatchAsync(ReceiptPosition.Now, cancellationToken: cancellationToken))
        {
            if (message is ReceiptMessage.Reconnecting reconnecting)
                cut(reconnecting);
            if (message is ReceiptMessage.Reconnecting || (message is ReceiptMessage.Receipt { Value: var receipt } && receipt.CaseId != caseId))
                continue;
            var now = (await handle.GetAsync(cancellationToken)).Case;
            var entries = await handle.TimelineAsync(cancellationToken).ToListAsync(cancellationToken);
            foreach (var entry in entries.Skip(shown))
                show(entry);
            shown = entries.Count;
            stands(now);
            if (now.HasEnded)
                return;
        }
    }

    private static void Print(TimelineEntry entry, Screen screen)
    {
        if (screen.IsJson)
            Screen.Line(entry);
        else
            Console.WriteLine(new Happening(entry).Line());
    }
}
