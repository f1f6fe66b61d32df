using System.IO.Pipelines;
using SingleWindowBridge.Server.Limits;

namespace SingleWindowBridge.Server.Tests.Limits;

/// <summary>How what has come on a connection is handed on.</summary>
public sealed class PausedReaderTests
{
    private const int Large = 100_000;
    private const int Part = 8 * 1024;

    private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly ConnectionUse use;
    private readonly PausedReader reader;
    private readonly byte[] sent = new byte[Large];

    public PausedReaderTests()
    {
        var (settings, clock) = (new LimitSettings(), new StandingClock());
        use = new ConnectionUse(new AddressUse(settings, clock), settings, givenUpAtOnce: 1, clock) { Close = () => { } };
        reader = new PausedReader(pipe.Reader, use);
        new Random(1).NextBytes(sent);
    }

    [Fact]
    public async Task Much_that_has_come_is_read_a_part_at_a_time_and_whole()
    {
        await SendAsync();
        var received = new MemoryStream();
        while (true)
        {
            var read = await reader.ReadAsync();
            Assert.InRange(read.Buffer.Length, 0, Part);
            foreach (var segment in read.Buffer)
                received.Write(segment.Span);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }

        Assert.Equal(sent, received.ToArray());
    }

    [Fact]
    public async Task Who_can_do_nothing_with_a_part_gets_more()
    {
        await SendAsync();
        var reads = 1;
        for (var read = await reader.ReadAsync(); read.Buffer.Length < Large; read = await reader.ReadAsync())
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            Assert.InRange(++reads, 2, 5);
        }
    }

    [Fact]
    public async Task What_lies_there_after_a_part_waits_where_the_connection_is_paused_meanwhile()
    {
        await SendAsync();
        var first = await reader.ReadAsync();
        reader.AdvanceTo(first.Buffer.End);
        use.GiveUp();
        use.GiveUp();
        Assert.True(use.IsPaused);
        var next = reader.ReadAsync().AsTask();
        await Task.Delay(50);
        Assert.False(next.IsCompleted);

        use.EndPause();
        Assert.Equal(Part, (await next).Buffer.Length);
    }

    private async Task SendAsync()
    {
        await pipe.Writer.WriteAsync(sent);
        await pipe.Writer.CompleteAsync();
    }
}
