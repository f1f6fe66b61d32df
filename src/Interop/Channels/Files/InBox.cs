using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Interop.Channels.Files;

/// <summary>
/// What lies in InBox. Communication receipts are put where <see cref="AnswerTo"/> finds them; business receipts, and what cannot be
/// read, wait to be given and acknowledged. Not for several threads.
/// </summary>
internal sealed class InBox(Folders folders, DirectoryOptions options, TimeProvider time)
{
    /// <summary>How many bytes of messages are given at once, unless a single one has more.</summary>
    private const long MostBytesGiven = 64 * 1024 * 1024;

    private static readonly JsonSerializerOptions ReasonJson = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, Entry> _waiting = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<CustomsReceipt, string> _givenFrom = [];
    private long _givenSoFar;

    /// <summary>Looks at what is new. A file that cannot be opened now is looked at again later.</summary>
    public void Scan()
    {
        var names = Directory.EnumerateFiles(folders.InBox).Select(path => Path.GetFileName(path)).Where(Folders.IsMessage).ToHashSet();
        foreach (var gone in _waiting.Keys.Where(name => !names.Contains(name)).ToList()) _waiting.Remove(gone);
        foreach (var name in names.Where(name => !_waiting.ContainsKey(name)).Order(StringComparer.Ordinal))
        {
            switch (Read(name))
            {
                case CommunicationReceipt answer:
                    TryKeep(name, answer);
                    break;
                case CustomsReceipt receipt:
                    _waiting[name] = new Entry(name, receipt.MessageId, receipt.CreatedAt, receipt.CaseNumber, receipt.Sequence);
                    break;
            }
        }
    }

    /// <summary>At most so many receipts, by time and then by sequence; new ones before those given earlier and not acknowledged.</summary>
    public IReadOnlyList<CustomsReceipt> Give(int max)
    {
        var order = _waiting.Values.OrderBy(entry => entry.Given).ThenBy(entry => entry.CreatedAt)
            .ThenBy(entry => entry.CaseNumber, StringComparer.Ordinal).ThenBy(entry => entry.Sequence).ThenBy(entry => entry.Name, StringComparer.Ordinal);
        var given = new List<CustomsReceipt>();
        var bytes = 0L;
        foreach (var entry in order.Take(max).ToList())
        {
            var file = new FileInfo(Path.Combine(folders.InBox, entry.Name));
            bytes += file.Exists ? file.Length : 0;
            if (given.Count > 0 && bytes > MostBytesGiven) break;
            if (Read(entry.Name) is not CustomsReceipt receipt) continue;
            entry.Given = ++_givenSoFar;
            _givenFrom.AddOrUpdate(receipt, entry.Name);
            given.Add(receipt);
        }

        return given;
    }

    /// <summary>
    /// Lets go of a receipt: to Done, or to FailBox with its reason where it could not be read. A file that says something else under the
    /// same id stays: it is given in its turn, so that it is seen.
    /// </summary>
    public void Acknowledge(CustomsReceipt receipt)
    {
        foreach (var entry in _waiting.Values.Where(entry => entry.MessageId == receipt.MessageId).ToList())
        {
            if (!IsOf(receipt, entry)) continue;
            if (receipt.Act is Unreadable unreadable) Fail(entry.Name, unreadable.Reason);
            else Move("receipt", entry.Name, Folders.Free(folders.Done, entry.Name));
            _waiting.Remove(entry.Name);
        }
    }

    // The receipt that was given from the file is known; one from before a restart is read again to be compared.
    private bool IsOf(CustomsReceipt receipt, Entry entry)
    {
        if (_givenFrom.TryGetValue(receipt, out var name)) return name == entry.Name;
        return Read(entry.Name) is not CustomsReceipt other || Text(other) == Text(receipt);
    }

    // Dated anew it is still the same, as it is for the bridge.
    private static string Text(CustomsReceipt receipt) => JsonSerializer.Serialize(receipt with { CreatedAt = default });

    /// <summary>The communication receipt which says that the message was taken, else the one that refuses this attempt, else none.</summary>
    public CommunicationReceipt? AnswerTo(string messageId, int attempt)
    {
        var path = folders.TakenAnswer(messageId);
        if (!File.Exists(path)) path = folders.Refusal(messageId, attempt);
        if (!File.Exists(path)) return null;
        using var file = File.OpenRead(path);
        return MessageXml.Read(file, options.Limits).Body as CommunicationReceipt;
    }

    /// <summary>Puts a file from FailBox back into InBox; what it was put away for is forgotten.</summary>
    public bool Retry(string name)
    {
        var from = Path.Combine(folders.FailBox, name);
        if (Path.GetFileName(name) != name || !Folders.IsMessage(name) || !File.Exists(from)) return false;
        DurableFiles.Rename("retry", from, Folders.Free(folders.InBox, name));
        File.Delete(Reason(name));
        return true;
    }

    private string Reason(string name) => Path.Combine(folders.FailBox, $"{name}.reason.json");

    /// <summary>Reads a file: a receipt of either kind, an <see cref="Unreadable"/>, or null where it is not to be read now.</summary>
    private object? Read(string name)
    {
        var path = Path.Combine(folders.InBox, name);
        try
        {
            using var file = File.OpenRead(path);
            return MessageXml.Read(file, options.Limits, Beside).Body switch
            {
                CustomsReceipt receipt => receipt,
                CommunicationReceipt answer when folders.LatestAttempt(answer.AnsweredMessageId) > 0 => answer,
                CommunicationReceipt answer => Unreadable(
                    path, $"It answers the message {answer.AnsweredMessageId}, of which there is no file in OutBox, SentBox or FailBox"),
                var other => Unreadable(path, $"A message of the type {MessageXml.TypeOf(other)} goes to Customs, it does not come from there"),
            };
        }
        catch (MessageFormatException wrong)
        {
            return Unreadable(path, $"{wrong.Fault}: {wrong.Message}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private CustomsReceipt? Unreadable(string path, string reason)
    {
        try
        {
            var file = new FileInfo(path);
            var written = new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero);
            if (time.GetUtcNow() - written < options.UnreadableAfter) return null;
            using var from = file.OpenRead();
            var content = new byte[Math.Min(from.Length, options.Limits.Bytes < from.Length ? Messages.Unreadable.MostBytes : from.Length)];
            from.ReadExactly(content);
            return CustomsReceipt.Unreadable(file.Name, reason, content, written);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private ReadOnlyMemory<byte>? Beside(string sha256, long size)
    {
        var path = new FileInfo(Path.Combine(folders.Attachments, sha256));
        return path.Exists && path.Length == size ? new ReadOnlyMemory<byte>(File.ReadAllBytes(path.FullName)) : (ReadOnlyMemory<byte>?)null;
    }

    /// <summary>
    /// Keeps an answer under the message, or under the attempt that it refuses; the first one of each stays. Where the folder does
    /// not allow it now, the next look tries again, and nothing else stops for it.
    /// </summary>
    private void TryKeep(string name, CommunicationReceipt answer)
    {
        var place = folders.TakenAnswer(answer.AnsweredMessageId);
        if (!answer.Taken)
        {
            var attempt = Folders.AttemptOf(answer.AnsweredFileName);
            place = folders.Refusal(answer.AnsweredMessageId, attempt > 0 ? attempt : folders.LatestAttempt(answer.AnsweredMessageId));
        }

        try
        {
            Move("answer", name, Folders.Free(folders.Done, Path.GetFileName(place)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private void Fail(string name, string reason)
    {
        var place = Folders.Free(folders.FailBox, name);
        var reasonName = $"{Path.GetFileName(place)}.reason.json";
        DurableFiles.Write("reason", folders.NewTemp(reasonName), Reason(Path.GetFileName(place)), to => JsonSerializer.Serialize(
            to, new { file = Path.GetFileName(place), reason, at = time.GetUtcNow() }, ReasonJson));
        Move("unreadable", name, place);
    }

    private void Move(string step, string name, string to)
    {
        var from = Path.Combine(folders.InBox, name);
        if (File.Exists(from)) DurableFiles.Rename(step, from, to);
    }

    private sealed record Entry(string Name, string MessageId, DateTimeOffset CreatedAt, string CaseNumber, int Sequence)
    {
        /// <summary>0 until it was given; then which giving it was.</summary>
        public long Given { get; set; }
    }
}
