using System.Collections.Concurrent;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Sandbox;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>
/// Customs at the other end of the shared folder, by docs/customs-exchange.md: takes what lies in OutBox, answers it, acts by the
/// scenario "straight_through", and writes down what it took and what it said.
/// </summary>
internal sealed class DirectoryFarEnd : IAsyncDisposable
{
    private static readonly string[] Boxes = ["OutBox", "SentBox", "InBox", "FailBox", "TempBox", "Attachments"];

    private readonly string _folder;
    private readonly FarEndStore _store = new();
    private readonly SandboxChannel _customs;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<(string CaseNumber, string MessageId)> _taken = new();
    private readonly ConcurrentQueue<(string CaseNumber, string MessageId)> _said = new();
    private readonly HashSet<string> _known = [];
    private readonly Task _work;

    /// <summary>Begins to work in a folder.</summary>
    /// <param name="folder">The folder that both sides share.</param>
    public DirectoryFarEnd(string folder)
    {
        _folder = folder;
        foreach (var box in Boxes)
            Directory.CreateDirectory(Box(box));
        _customs = new SandboxChannel(_store, new SandboxOptions { ActDelay = TimeSpan.FromMilliseconds(10) }, TimeProvider.System);
        _work = Task.WhenAll(Task.Run(TakeAllAsync), Task.Run(SayAllAsync));
    }

    /// <summary>The submissions that had an effect here, in order.</summary>
    public IEnumerable<(string CaseNumber, string MessageId)> Taken => _taken;

    /// <summary>The acts that were given out, in order.</summary>
    public IEnumerable<(string CaseNumber, string MessageId)> Said => _said;

    /// <summary>Whether nothing is under way in either direction.</summary>
    public bool IsIdle => _store.IsIdle && Messages("OutBox").Length + Messages("InBox").Length == 0;

    /// <summary>What could not be taken, of either side; nothing should be.</summary>
    public IEnumerable<string> Failed => Messages("FailBox");

    /// <summary>The message ids of what was answered well and moved.</summary>
    public IEnumerable<string> Sent => Messages("SentBox").Select(file => Path.GetFileName(file).Split('_')[1]);

    /// <summary>Stops working. A failure of its own comes out here.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _work;
        _end.Dispose();
        _customs.Dispose();
        _store.Dispose();
    }

    private string Box(string name) => Path.Combine(_folder, name);

    private string[] Messages(string box) => Directory.GetFiles(Box(box), "*.xml");

    private async Task TakeAllAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            foreach (var file in new DirectoryInfo(Box("OutBox")).GetFiles("*.xml").OrderBy(file => file.LastWriteTimeUtc))
                await UntilWrittenAsync(() => TakeAsync(file.FullName));
            await Task.Delay(10);
        }
    }

    // A repeat of a message id has no second effect, and the same answer.
    private async Task TakeAsync(string path)
    {
        Submission submission;
        using (var file = File.OpenRead(path))
            submission = (Submission)MessageXml.Read(file).Body;
        var missing = submission.Content.AllFiles().FirstOrDefault(file => !File.Exists(Path.Combine(Box("Attachments"), file.Sha256)));
        if (missing is null)
        {
            await _customs.SendAsync(submission, CancellationToken.None);
            if (_known.Add(submission.MessageId))
                _taken.Enqueue((submission.CaseNumber, submission.MessageId));
        }

        var name = Path.GetFileName(path);
        var answer = new CommunicationReceipt(
            Guid.NewGuid().ToString().ToUpperInvariant(), DateTimeOffset.UtcNow, missing is null ? 0 : -5,
            missing is null ? "" : $"There is no file {missing.Sha256}", 0, submission.MessageId, name);
        Write($"CommunicationReceipt_{Guid.NewGuid():N}.xml", answer, null);
        File.Move(path, Path.Combine(Box(missing is null ? "SentBox" : "FailBox"), name), overwrite: true);
    }

    private async Task SayAllAsync()
    {
        try
        {
            while (true)
            {
                foreach (var receipt in await _customs.ReceiveAsync(32, _end.Token))
                {
                    await UntilWrittenAsync(() =>
                    {
                        Write($"{MessageXml.TypeOf(receipt)}_{receipt.MessageId}_t-1.xml", receipt, MessageXml.ContentsOf(receipt.Act));
                        return Task.CompletedTask;
                    });
                    _said.Enqueue((receipt.CaseNumber, receipt.MessageId));
                    await _customs.AcknowledgeAsync(receipt, CancellationToken.None);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // That is the end.
        }
    }

    // Where the disk is full it tries again until it is not.
    private async Task UntilWrittenAsync(Func<Task> step)
    {
        while (true)
        {
            try
            {
                await step();
                return;
            }
            catch (IOException) when (!_end.IsCancellationRequested)
            {
                await Task.Delay(100);
            }
        }
    }

    private void Write(string name, object body, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? inside)
    {
        var temp = Path.Combine(Box("TempBox"), $"far-{name}.tmp");
        using (var file = File.Create(temp))
            MessageXml.Write(file, body, new Routing("GACC", ["BRIDGE"], name), inside);
        File.Move(temp, Path.Combine(Box("InBox"), name), overwrite: true);
    }
}
