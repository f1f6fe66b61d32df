using System.Text.Json;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Interop.Tests.Xml;

namespace SingleWindowBridge.Interop.Tests.Files;

/// <summary>How what the far end says is taken in.</summary>
public sealed class ReceivingTests : IDisposable
{
    private readonly FarEnd _end = new();

    [Fact]
    public async Task Receipt_comes_until_it_is_acknowledged_and_then_lies_in_Done()
    {
        var receipt = MessageSamples.Receipt(MessageSamples.Acts.OfType<PublishProtocol>().Single()) with { Sequence = 3 };
        var name = _end.Give(receipt);
        for (var times = 0; times < 3; times++)
        {
            var given = Assert.Single(await _end.ReceiveAsync());
            Assert.Equal((receipt.MessageId, 3, receipt.CaseNumber), (given.MessageId, given.Sequence, given.CaseNumber));
            Assert.Equal(receipt.Act.Files.Select(f => Convert.ToHexString(f.Content.Span)), given.Act.Files.Select(f => Convert.ToHexString(f.Content.Span)));
            if (times == 1) _end.Restart();
        }

        await _end.AcknowledgeAsync(receipt);
        await _end.AcknowledgeAsync(receipt);
        Assert.Empty(await _end.ReceiveSoonAsync());
        Assert.Equal([name], _end.Names("InBox/Done"));
    }

    [Fact]
    public async Task Waiting_receiver_is_woken_by_a_file()
    {
        _end.Options = _end.Options with { PollEvery = TimeSpan.FromMinutes(1) };
        _end.Restart();
        var receiving = _end.ReceiveAsync();
        await Task.Delay(100);
        _end.Give(MessageSamples.Receipt(new Received()));
        Assert.IsType<Received>(Assert.Single(await receiving).Act);
    }

    [Fact]
    public async Task Receipts_come_by_time_then_by_sequence_and_new_ones_before_those_given()
    {
        var at = DateTimeOffset.UnixEpoch;
        CustomsReceipt Receipt(int minute, int sequence) =>
            MessageSamples.Receipt(new Received()) with { CreatedAt = at.AddMinutes(minute), Sequence = sequence };
        foreach (var receipt in (CustomsReceipt[])[Receipt(2, 4), Receipt(1, 2), Receipt(1, 1), Receipt(2, 3)]) _end.Give(receipt);
        Assert.Equal([1, 2, 3, 4], (await _end.ReceiveAsync()).Select(r => r.Sequence));
        _end.Give(Receipt(3, 5));
        await Task.Delay(50);
        Assert.Equal(5, (await _end.ReceiveAsync(max: 1))[0].Sequence);
        Assert.Equal(1, (await _end.ReceiveAsync(max: 1))[0].Sequence);
    }

    [Fact]
    public async Task Files_that_are_being_written_are_left_alone()
    {
        var content = MessageSamples.Write(MessageSamples.Receipt(new Received()));
        foreach (var name in (string[])["a.xml.tmp", ".hidden.xml", "~draft.xml", "note.txt"]) _end.Give(name, content);
        Assert.Empty(await _end.ReceiveSoonAsync());
        _end.Give("A.XML", content);
        Assert.Single(await _end.ReceiveAsync());
    }

    [Fact]
    public async Task File_that_becomes_whole_in_its_time_is_taken()
    {
        _end.Options = _end.Options with { UnreadableAfter = TimeSpan.FromSeconds(30) };
        _end.Restart();
        var content = MessageSamples.Write(MessageSamples.Receipt(new Received()));
        _end.Give("half.xml", content[..100]);
        Assert.Empty(await _end.ReceiveSoonAsync());
        File.WriteAllBytes(Path.Combine(_end.Root, "InBox", "half.xml"), content);
        Assert.IsType<Received>(Assert.Single(await _end.ReceiveAsync()).Act);
    }

    [Fact]
    public async Task What_cannot_be_read_goes_to_FailBox_with_its_reason_holds_nothing_up_and_can_be_retried()
    {
        _end.Give("broken.xml", "<Message"u8.ToArray());
        _end.Give(MessageSamples.Receipt(new Received()));
        var given = await _end.ReceiveAsync();
        var broken = given.Single(r => r.Act is Unreadable);
        Assert.IsType<Received>(given.Single(r => r != broken).Act);
        var unreadable = (Unreadable)broken.Act;
        Assert.Equal("broken.xml", unreadable.Source);
        Assert.Contains("NotXml", unreadable.Reason, StringComparison.Ordinal);
        Assert.Equal("<Message"u8.ToArray(), unreadable.Content.ToArray());
        foreach (var receipt in given) await _end.AcknowledgeAsync(receipt);
        Assert.Equal(["broken.xml", "broken.xml.reason.json"], _end.Names("FailBox"));
        using var reason = JsonDocument.Parse(File.ReadAllText(Path.Combine(_end.Root, "FailBox", "broken.xml.reason.json")));
        Assert.Equal(unreadable.Reason, reason.RootElement.GetProperty("reason").GetString());

        Assert.False(await _end.Channel.RetryAsync("../InBox/x.xml", CancellationToken.None));
        Assert.False(await _end.Channel.RetryAsync("other.xml", CancellationToken.None));
        Assert.True(await _end.Channel.RetryAsync("broken.xml", CancellationToken.None));
        Assert.Equal(broken.MessageId, Assert.Single(await _end.ReceiveAsync()).MessageId);
        Assert.Empty(_end.Names("FailBox"));
        File.WriteAllBytes(Path.Combine(_end.Root, "InBox", "broken.xml"), MessageSamples.Write(MessageSamples.Receipt(new Close())));
        Assert.IsType<Close>(Assert.Single(await _end.ReceiveAsync()).Act);
    }

    [Fact]
    public async Task What_fits_nothing_that_was_sent_is_no_answer()
    {
        _end.Give(FarEnd.Answer(Samples.MessageId(), ""));
        _end.Give("mine.xml", MessageSamples.Write(MessageSamples.Submission(MessageSamples.Contents[0])));
        var given = await _end.ReceiveAsync();
        Assert.Equal(2, given.Count);
        Assert.All(given, receipt => Assert.IsType<Unreadable>(receipt.Act));
    }

    [Fact]
    public async Task File_beside_is_waited_for()
    {
        var receipt = MessageSamples.Receipt(new PublishProtocol { Files = [new CustomsFile("p.pdf", MessageSamples.Content)] });
        _end.Give(receipt, inside: false);
        Assert.Contains("FileMissing", ((Unreadable)Assert.Single(await _end.ReceiveAsync()).Act).Reason, StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(_end.Root, "Attachments", MessageSamples.File.Sha256), MessageSamples.Content);
        var given = Assert.Single(await _end.ReceiveAsync());
        Assert.Equal(MessageSamples.Content, Assert.Single(given.Act.Files).Content.ToArray());
        await _end.AcknowledgeAsync(given);
        Assert.Empty(_end.Names("FailBox"));
    }

    [Fact]
    public async Task Repeat_under_the_same_name_overwrites_nothing()
    {
        var receipt = MessageSamples.Receipt(new Received());
        for (var times = 0; times < 3; times++)
        {
            _end.Give(receipt, "same.xml");
            await _end.AcknowledgeAsync(Assert.Single(await _end.ReceiveAsync()));
        }

        Assert.Equal(["same.xml", "same_r-1.xml", "same_r-2.xml"], _end.Names("InBox/Done"));
    }

    [Fact]
    public async Task Another_message_under_an_id_that_was_used_is_given_too()
    {
        var first = MessageSamples.Receipt(new Received());
        var other = first with { Act = new ReceiveFailed("附件损坏") };
        _end.Give(first, "first.xml");
        var given = Assert.Single(await _end.ReceiveAsync());
        _end.Give(other, "other.xml");
        await _end.AcknowledgeAsync(given);
        Assert.Equal(["other.xml"], _end.Names("InBox"));
        var seen = Assert.Single(await _end.ReceiveAsync());
        Assert.IsType<ReceiveFailed>(seen.Act);
        await _end.AcknowledgeAsync(seen);
        Assert.Equal(["first.xml", "other.xml"], _end.Names("InBox/Done"));

        // Let go of by a server that did not give it itself: the one before it died in between.
        _end.Give(first with { CreatedAt = first.CreatedAt.AddHours(1) }, "again.xml");
        _end.Give(other, "more.xml");
        _end.Restart();
        await _end.AcknowledgeAsync(first);
        Assert.Equal(["more.xml"], _end.Names("InBox"));
    }

    [Fact]
    public async Task One_server_takes_in_and_another_takes_over_when_it_ends()
    {
        _end.Give(MessageSamples.Receipt(new Received()));
        using var second = _end.NewChannel();
        Assert.Single(await _end.ReceiveAsync());
        Assert.Empty(await _end.ReceiveSoonAsync(second));
        _end.Channel.Dispose();
        Assert.Single(await _end.ReceiveSoonAsync(second));
    }

    [Fact]
    public async Task Server_that_does_not_take_in_can_send()
    {
        using var second = _end.NewChannel();
        using var stop = new CancellationTokenSource();
        var takingIn = _end.Channel.ReceiveAsync(1, stop.Token);
        await _end.WhileTakingAsync(second.SendAsync(MessageSamples.Submission(MessageSamples.Contents[0]), CancellationToken.None));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => takingIn);
    }

    [Fact]
    public async Task What_was_handled_is_removed_after_its_term_and_nothing_else_is()
    {
        await _end.WhileTakingAsync(_end.SendAsync(MessageSamples.Submission(MessageSamples.Contents[0])));
        _end.Give("broken.xml", "<"u8.ToArray());
        _end.Give(MessageSamples.Receipt(new Received()), "handled.xml");
        foreach (var receipt in await _end.ReceiveAsync()) await _end.AcknowledgeAsync(receipt);
        File.WriteAllText(Path.Combine(_end.Root, "TempBox", "left.tmp"), "x");
        foreach (var path in Directory.EnumerateFiles(_end.Root, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".turn", StringComparison.Ordinal)))
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-31));
        _end.Restart();
        Assert.Empty(await _end.ReceiveSoonAsync());
        Assert.Empty(_end.Names("SentBox"));
        Assert.Empty(_end.Names("InBox/Done"));
        Assert.Empty(_end.Names("TempBox"));
        Assert.Equal(["broken.xml", "broken.xml.reason.json"], _end.Names("FailBox"));
        Assert.Single(_end.Names("Attachments"));

        foreach (var name in _end.Names("FailBox"))
            File.SetLastWriteTimeUtc(Path.Combine(_end.Root, "FailBox", name), DateTime.UtcNow.AddDays(-366));
        _end.Restart();
        Assert.Empty(await _end.ReceiveSoonAsync());
        Assert.Empty(_end.Names("FailBox"));
        Assert.Empty(_end.Names("Attachments"));
    }

    public void Dispose() => _end.Dispose();
}
