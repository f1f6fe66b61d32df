using SingleWindowBridge.Interop.Channels.Files;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Tests.Xml;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Interop.Tests.Files;

/// <summary>A shared folder with a channel at one end, and the test at the other.</summary>
internal sealed class FarEnd : IDisposable
{
    public FarEnd()
    {
        Root = Directory.CreateTempSubdirectory("exchange-").FullName;
        Options = new DirectoryOptions
        {
            Folder = Root,
            Sender = "NZ-MPI",
            // As long as a machine may be busy: a test of silence makes it short.
            AnswerWait = TimeSpan.FromSeconds(30),
            PollEvery = TimeSpan.FromMilliseconds(20),
            UnreadableAfter = TimeSpan.Zero,
            FreeBytes = 1,
        };
        Channel = NewChannel();
    }

    public string Root { get; }

    public DirectoryOptions Options { get; set; }

    public DirectoryChannel Channel { get; private set; }

    public AttachmentStore Attachments { get; } = new();

    public DirectoryChannel NewChannel() => new(Options, Attachments, TimeProvider.System);

    /// <summary>Lets the server die and start again.</summary>
    public void Restart()
    {
        Channel.Dispose();
        Channel = NewChannel();
    }

    public string[] Names(string folder) => Directory.Exists(Path.Combine(Root, folder))
        ? [.. Directory.EnumerateFiles(Path.Combine(Root, folder)).Select(path => Path.GetFileName(path)!).Where(name => name[0] != '.').Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Waits until a message lies in OutBox, and gives its name. It is whole then.</summary>
    public async Task<string> PutAsync(Task sending)
    {
        while (Names("OutBox").Length == 0)
        {
            Assert.False(sending.IsCompleted, "It was not put into OutBox.");
            await Task.Delay(5);
        }

        return Assert.Single(Names("OutBox"));
    }

    /// <summary>Gives up on answers soon.</summary>
    public void Silence()
    {
        Options = Options with { AnswerWait = TimeSpan.FromMilliseconds(50) };
        Restart();
    }

    public ExchangeMessage Read(string folder, string name) => MessageSamples.Read(File.ReadAllBytes(Path.Combine(Root, folder, name)));

    /// <summary>Writes a receipt aside and renames it into InBox.</summary>
    public string Give(object receipt, string? name = null, bool inside = true)
    {
        var id = receipt is CustomsReceipt business ? business.MessageId : ((CommunicationReceipt)receipt).AnsweredMessageId;
        return Give(name ?? $"{MessageXml.TypeOf(receipt)}_{id}_t-1.xml", MessageSamples.Write(receipt, inside));
    }

    public string Give(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.Combine(Root, "InBox"));
        var temp = Path.Combine(Root, Guid.NewGuid().ToString());
        File.WriteAllBytes(temp, content);
        File.Move(temp, Path.Combine(Root, "InBox", name));
        return name;
    }

    /// <summary>Takes all that lies in OutBox, and answers it.</summary>
    public void Take(int code = 0, string text = "")
    {
        foreach (var name in Names("OutBox"))
        {
            var message = Read("OutBox", name);
            Give(Answer(message.Envelope.MessageId, name, code, text), $"{Guid.NewGuid()}.xml");
            File.Move(Path.Combine(Root, "OutBox", name), Path.Combine(Root, code == 0 ? "SentBox" : "FailBox", name));
        }
    }

    public static CommunicationReceipt Answer(string messageId, string fileName, int code = 0, string text = "") =>
        new(Samples.MessageId(), DateTimeOffset.UnixEpoch, code, text, 1, messageId, fileName);

    /// <summary>Takes what comes, until the task is done.</summary>
    public async Task WhileTakingAsync(Task task, int code = 0, string text = "")
    {
        while (!task.IsCompleted)
        {
            Take(code, text);
            await Task.WhenAny(task, Task.Delay(10));
        }

        await task;
    }

    public Task SendAsync(Submission submission) => Channel.SendAsync(submission, CancellationToken.None);

    public Task AcknowledgeAsync(CustomsReceipt receipt) => Channel.AcknowledgeAsync(receipt, CancellationToken.None);

    public async Task<IReadOnlyList<CustomsReceipt>> ReceiveAsync(int max = 100)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await Channel.ReceiveAsync(max, timeout.Token);
    }

    /// <summary>What is given within a few looks; nothing where a caller would have to wait.</summary>
    public async Task<IReadOnlyList<CustomsReceipt>> ReceiveSoonAsync(DirectoryChannel? channel = null)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        try
        {
            return await (channel ?? Channel).ReceiveAsync(100, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    public void Dispose()
    {
        Channel.Dispose();
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>Contents by SHA-256.</summary>
    internal sealed class AttachmentStore : IAttachmentSource
    {
        private readonly Dictionary<string, byte[]> _contents = new() { [MessageSamples.File.Sha256] = MessageSamples.Content };

        public Attachment Add(byte[] content)
        {
            var file = new Attachment("f.pdf", "application/pdf", content.Length, MessageSamples.Hash(content));
            _contents[file.Sha256] = content;
            return file;
        }

        public Task<Stream> OpenAsync(string sha256, CancellationToken cancellationToken) => _contents.TryGetValue(sha256, out var content)
            ? Task.FromResult<Stream>(new MemoryStream(content))
            : throw new FileNotFoundException(sha256);
    }
}
