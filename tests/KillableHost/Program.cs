using System.Diagnostics;
using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Interop.Channels.Files;
using SingleWindowBridge.Interop.KillableHost;
using SingleWindowBridge.Interop.Messages;

// Stands in for the server around a directory channel: sends two submissions and takes in what comes, keeping in files of its own
// what a server keeps in its database. It kills itself with SIGKILL at the fault point it is told.
//
//     FOLDER WORK EXPECTED [POINT]     EXPECTED: how many effects there are to be; POINT: the name of a fault point
//
// WORK/points lists the fault points it passed, in order.
var (folder, work, expected) = (args[0], args[1], int.Parse(args[2]));
var point = args.ElementAtOrDefault(3);
var passed = new HashSet<string>();
FaultPoint.Reached = name =>
{
    lock (passed)
        if (passed.Add(name) && point is null) File.AppendAllText(Path.Combine(work, "points"), name + "\n");
    if (name == point) Process.GetCurrentProcess().Kill();
};

var (sent, applied, retried) = (new Ledger(work, "sent"), new Ledger(work, "applied"), new Ledger(work, "retried"));
var options = new DirectoryOptions
{
    Folder = folder,
    AnswerWait = TimeSpan.FromSeconds(10),
    PollEvery = TimeSpan.FromMilliseconds(20),
    UnreadableAfter = TimeSpan.Zero,
};
using var channel = new DirectoryChannel(options, new Contents(), TimeProvider.System);
using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
var sending = SendAsync();
while (applied.Count < expected || retried.Count == 0 || sent.Count < Contents.Submissions.Count)
{
    foreach (var receipt in await ReceiveAsync())
    {
        FaultPoint.At("effect", "before the commit");
        applied.Add(receipt.MessageId);
        FaultPoint.At("effect", "after the commit");
        await channel.AcknowledgeAsync(receipt, timeout.Token);
    }

    if (retried.Count == 0 && await channel.RetryAsync("broken.xml", timeout.Token)) retried.Add("broken.xml");
}

await sending;
// What was given again is let go of as well.
while (Directory.EnumerateFiles(Path.Combine(folder, "InBox")).Any())
{
    foreach (var receipt in await ReceiveAsync())
    {
        applied.Add(receipt.MessageId);
        await channel.AcknowledgeAsync(receipt, timeout.Token);
    }
}

return 0;

async Task SendAsync()
{
    foreach (var submission in Contents.Submissions)
    {
        if (sent.Has(submission.MessageId)) continue;
        for (var delivery = 1; ; delivery++)
        {
            try
            {
                await channel.SendAsync(submission with { Delivery = delivery }, timeout.Token);
                break;
            }
            catch (CustomsUnavailableException) when (delivery < 3)
            {
                // Refused at first: the authority has it sent again.
            }
        }

        FaultPoint.At("sent", "before the commit");
        sent.Add(submission.MessageId);
        FaultPoint.At("sent", "after the commit");
    }
}

async Task<IReadOnlyList<CustomsReceipt>> ReceiveAsync()
{
    using var soon = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token);
    soon.CancelAfter(TimeSpan.FromMilliseconds(100));
    try
    {
        return await channel.ReceiveAsync(32, soon.Token);
    }
    catch (OperationCanceledException) when (!timeout.IsCancellationRequested)
    {
        return [];
    }
}
