using System.Text;
using SingleWindowBridge.Interop.Channels;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Tests.Xml;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Interop.Tests.Files;

/// <summary>How a submission gets through the folders.</summary>
public sealed class SendingTests : IDisposable
{
    private readonly FarEnd _end = new();
    private readonly Submission _submission = MessageSamples.Submission(MessageSamples.Contents[0]);

    [Fact]
    public async Task Submission_is_handed_over_when_its_communication_receipt_has_come()
    {
        var sending = _end.SendAsync(_submission);
        var name = await _end.PutAsync(sending);
        Assert.False(sending.IsCompleted);
        Assert.Equal($"Application_{_submission.MessageId}_t-1.xml", name);
        var message = _end.Read("OutBox", name);
        Assert.Equal(("NZ-MPI", "GACC", name), (message.Envelope.Routing.Sender, message.Envelope.Routing.Receivers[0], message.Envelope.Routing.FileName));
        Assert.Equal(_submission.MessageId, ((Submission)message.Body).MessageId);
        SchemaCheck.Check(File.ReadAllBytes(Path.Combine(_end.Root, "OutBox", name)));
        _end.Take();
        await sending;
        Assert.Empty(_end.Names("TempBox"));
    }

    [Fact]
    public async Task Attachments_go_beside_by_their_hash()
    {
        await _end.WhileTakingAsync(_end.SendAsync(_submission));
        Assert.Equal([MessageSamples.File.Sha256], _end.Names("Attachments"));
        Assert.Equal(MessageSamples.Content, File.ReadAllBytes(Path.Combine(_end.Root, "Attachments", MessageSamples.File.Sha256)));
        Assert.Empty(_end.Read("SentBox", _end.Names("SentBox")[0]).Contents);
    }

    [Fact]
    public async Task Attachments_go_inside_as_far_as_there_is_room_and_beside_beyond()
    {
        _end.Options = _end.Options with { Files = FilePlacement.Inside, InsideBytes = 3000 };
        _end.Restart();
        var (first, second) = (_end.Attachments.Add(new byte[2000]), _end.Attachments.Add(new byte[2001]));
        await _end.WhileTakingAsync(_end.SendAsync(MessageSamples.Submission(
            new RectificationContent("QH959CSFZ8M2BQ2YZB", 1, "Done.", [first, second, MessageSamples.File]))));
        Assert.Equal([second.Sha256], _end.Names("Attachments"));
        Assert.Equal(
            [first.Sha256, MessageSamples.File.Sha256], _end.Read("SentBox", _end.Names("SentBox")[0]).Contents.Keys);
    }

    [Fact]
    public async Task Refusal_fails_with_its_code_and_text_and_the_next_attempt_is_a_new_file()
    {
        var refusal = await Assert.ThrowsAsync<CustomsUnavailableException>(
            () => _end.WhileTakingAsync(_end.SendAsync(_submission), -204, "签名无效 bad signature"));
        Assert.Contains("-204", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("签名无效 bad signature", refusal.Message, StringComparison.Ordinal);
        _end.Restart();
        await _end.WhileTakingAsync(_end.SendAsync(_submission));
        Assert.Equal([$"Application_{_submission.MessageId}_t-1.xml"], _end.Names("FailBox"));
        Assert.Equal([$"Application_{_submission.MessageId}_t-2.xml"], _end.Names("SentBox"));
    }

    [Fact]
    public async Task Silence_fails_the_attempt_and_the_file_goes_on_waiting()
    {
        _end.Silence();
        await Assert.ThrowsAsync<CustomsUnavailableException>(() => _end.SendAsync(_submission));
        _end.Restart();
        await Assert.ThrowsAsync<CustomsUnavailableException>(() => _end.SendAsync(_submission));
        Assert.Equal([$"Application_{_submission.MessageId}_t-1.xml"], _end.Names("OutBox"));
        _end.Take();
        await _end.SendAsync(_submission);
        Assert.Single(_end.Names("SentBox"));
    }

    [Fact]
    public async Task What_was_taken_is_not_sent_again()
    {
        await _end.WhileTakingAsync(_end.SendAsync(_submission));
        _end.Restart();
        await _end.SendAsync(_submission);
        await _end.SendAsync(_submission with { Delivery = 2 });
        Assert.Empty(_end.Names("OutBox"));
        Assert.Single(_end.Names("SentBox"));
    }

    [Fact]
    public async Task Submission_stays_until_its_answer_has_come_and_its_answer_as_long_however_old_they_are()
    {
        // The first look at the folders removes what is old.
        async Task AgeAsync()
        {
            foreach (var file in new DirectoryInfo(_end.Root).EnumerateFiles("*.xml", SearchOption.AllDirectories))
                file.LastWriteTimeUtc = DateTime.UtcNow - TimeSpan.FromDays(400);
            _end.Restart();
            Assert.Empty(await _end.ReceiveSoonAsync());
        }

        _end.Silence();
        await Assert.ThrowsAsync<CustomsUnavailableException>(() => _end.SendAsync(_submission));
        var name = Assert.Single(_end.Names("OutBox"));
        foreach (var folder in (string[])["SentBox", "FailBox"])
        {
            File.Copy(Path.Combine(_end.Root, "OutBox", name), Path.Combine(_end.Root, folder, name));
            await AgeAsync();
            Assert.Equal([name], _end.Names(folder));
            if (folder == "SentBox")
                File.Delete(Path.Combine(_end.Root, "SentBox", name));
        }

        File.Delete(Path.Combine(_end.Root, "OutBox", name));
        _end.Give(FarEnd.Answer(_submission.MessageId, name));
        await _end.SendAsync(_submission);
        Assert.Single(_end.Names("InBox/Done"));
        await AgeAsync();
        Assert.Empty(_end.Names("FailBox"));
        Assert.Empty(_end.Names("InBox/Done"));
    }

    [Fact]
    public async Task That_it_was_taken_stays_so_whatever_comes_after_it()
    {
        await _end.WhileTakingAsync(_end.SendAsync(_submission));
        _end.Give(FarEnd.Answer(_submission.MessageId, _end.Names("SentBox")[0], code: 7), "late.xml");
        await _end.SendAsync(_submission);
        Assert.Empty(_end.Names("InBox"));
        Assert.Equal(2, _end.Names("InBox/Done").Length);
        _end.Restart();
        await _end.SendAsync(_submission);
    }

    [Fact]
    public async Task Late_yes_after_a_no_counts()
    {
        await Assert.ThrowsAsync<CustomsUnavailableException>(() => _end.WhileTakingAsync(_end.SendAsync(_submission), 5));
        _end.Give(FarEnd.Answer(_submission.MessageId, _end.Names("FailBox")[0]), "late.xml");
        await _end.SendAsync(_submission);
        Assert.Empty(_end.Names("OutBox"));
    }

    [Fact]
    public async Task Ids_are_matched_without_regard_to_case()
    {
        var sending = _end.SendAsync(_submission);
        var name = await _end.PutAsync(sending);
        var answer = FarEnd.Answer(_submission.MessageId.ToLowerInvariant(), name.ToUpperInvariant());
        _end.Give(answer, "ANSWER.XML");
        await sending;
    }

    [Fact]
    public async Task Many_go_at_once()
    {
        var submissions = Enumerable.Range(0, 40).Select(_ => MessageSamples.Submission(MessageSamples.Contents[0])).ToList();
        await _end.WhileTakingAsync(Task.WhenAll(submissions.Select(_end.SendAsync)));
        Assert.Equal(40, _end.Names("SentBox").Length);
        Assert.Empty(_end.Names("OutBox"));
    }

    [Fact]
    public async Task Folder_that_is_not_there_is_not_made()
    {
        _end.Options = _end.Options with { Folder = Path.Combine(_end.Root, "not mounted") };
        _end.Restart();
        await Assert.ThrowsAsync<CustomsUnavailableException>(() => _end.SendAsync(_submission));
        Assert.False(await _end.Channel.IsReachableAsync(CancellationToken.None));
        Assert.False(Directory.Exists(_end.Options.Folder));
    }

    [Fact]
    public async Task Content_that_is_missing_is_the_bridges_fault_and_leaves_nothing_behind()
    {
        var missing = new Attachment("x.pdf", "application/pdf", 3, new string('b', 64));
        await Assert.ThrowsAsync<FileNotFoundException>(() => _end.SendAsync(MessageSamples.Submission(
            new RectificationContent("QH959CSFZ8M2BQ2YZB", 1, "Done.", [MessageSamples.File, missing]))));
        Assert.Empty(_end.Names("OutBox"));
        Assert.Empty(_end.Names("TempBox"));
    }

    [Fact]
    public async Task Health_tells_of_a_far_end_that_takes_nothing()
    {
        _end.Silence();
        Assert.True(await _end.Channel.IsReachableAsync(CancellationToken.None));
        await Assert.ThrowsAsync<CustomsUnavailableException>(() => _end.SendAsync(_submission));
        Assert.True(await _end.Channel.IsReachableAsync(CancellationToken.None));
        File.SetLastWriteTimeUtc(Path.Combine(_end.Root, "OutBox", _end.Names("OutBox")[0]), DateTime.UtcNow.AddMinutes(-16));
        Assert.False(await _end.Channel.IsReachableAsync(CancellationToken.None));
        _end.Take();
        Assert.True(await _end.Channel.IsReachableAsync(CancellationToken.None));
        _end.Options = _end.Options with { FreeBytes = long.MaxValue };
        _end.Restart();
        Assert.False(await _end.Channel.IsReachableAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Text_that_XML_cannot_hold_is_delivered()
    {
        const string statement = "bad \u0001 \uFFFF text";
        await _end.WhileTakingAsync(_end.SendAsync(MessageSamples.Submission(
            new RectificationContent("QH959CSFZ8M2BQ2YZB", 1, statement, []))));
        var sent = (Submission)_end.Read("SentBox", _end.Names("SentBox")[0]).Body;
        Assert.Equal(statement, ((RectificationContent)sent.Content).Statement);
        Assert.Contains("escaped=\"true\"", Encoding.UTF8.GetString(SchemaCheck.BodyOf(SchemaCheck.CheckDocument(
            File.ReadAllBytes(Path.Combine(_end.Root, "SentBox", _end.Names("SentBox")[0]))))), StringComparison.Ordinal);
    }

    public void Dispose() => _end.Dispose();
}
