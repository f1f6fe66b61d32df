using System.Text;
using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Interop.Tests.Xml;

/// <summary>100,000 broken messages, made from valid ones by a seed: each gets an answer of the one kind, soon and in little memory.</summary>
[Collection(Measured.Name)]
public sealed class Fuzz
{
    /// <summary>What reading takes however small the message is: the buffers of the decoder and of two XML readers, and the fault itself.</summary>
    public const long Floor = 256 * 1024;

    private const int Inputs = 100_000;

    private static readonly string[] Pieces =
    [
        "<", ">", "</", "/>", "<!", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<?xml version='1.0' encoding='gbk'?>", "&", "&#0;", "&#x10FFFF;", "&#xFFFFFFFFF;",
        "&lt;", "&x;", "\"", "'", "=", " xmlns='urn:x'", " xmlns:a='urn:x'", "a:b", ":", "escaped=\"true\"", "\\u0000", "\\", "\0", "\u0001", "\uFFFE", "\uD800", "\r",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>", "%x;", "-1", "99999999999999999999", "1e9", "NaN", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "文", "\U0001F9C0", "    ",
        " version='1'", " version='1' version='1'", "xml:space='preserve'", "xml:lang='zh'", "<a xmlns:xml='urn:x'/>", "<Files/>", "<File>", "</File>", "<Content>", "=AAA",
    ];

    private readonly byte[][] _envelopes = [.. MessageSamples.Bodies.Select(body => MessageSamples.Write(body))];
    private readonly (byte[] Before, byte[] Body, byte[] After)[] _parts;

    public Fuzz() => _parts = [.. _envelopes.Select(Split)];

    [Theory]
    [InlineData(20251120)]
    public void Every_broken_message_gets_a_typed_answer_soon_and_in_little_memory(int seed)
    {
        Read(_envelopes[0]);
        var failures = new List<string>();
        var answers = new int[Enum.GetValues<MessageFault>().Length + 1];
        var (slowest, most) = (TimeSpan.Zero, 0.0);
        Parallel.For(0, Inputs, new ParallelOptions { MaxDegreeOfParallelism = 2 }, number =>
        {
            var message = Make(new Random(unchecked((seed * 31) + number)));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = ThreadClock.Now;
            var (answer, unexpected) = Read(message);
            var took = ThreadClock.Now - started;
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            lock (failures)
            {
                answers[answer]++;
                if (took > slowest) slowest = took;
                most = Math.Max(most, (allocated - Floor) / (double)Math.Max(1, message.Length));
                if (unexpected is not null || took > TimeSpan.FromSeconds(1) || allocated > (10L * message.Length) + Floor)
                    failures.Add($"{number}: {took.TotalMilliseconds} ms, {allocated} bytes for {message.Length}, {unexpected}\n{Convert.ToBase64String(message.AsSpan(0, Math.Min(message.Length, 3000)))}");
            }
        });
        Assert.True(failures.Count == 0, $"{failures.Count} of {Inputs}; the first: {failures.FirstOrDefault()}");
        Assert.True(most <= 10 && slowest <= TimeSpan.FromSeconds(1));
        // The inputs reach far into the format: no answer but one that a stream alone can give is never given.
        Assert.All(
            Enum.GetValues<MessageFault>().Except([MessageFault.TooLarge, MessageFault.UnknownType]),
            fault => Assert.True(answers[(int)fault] > 0, $"No input was answered {fault}"));
        Assert.True(answers[0] > 1000, "Some inputs stay valid");
    }

    /// <summary>The same input for the same number: some bytes or pieces of the envelope, of the body, or of both are other than they were.</summary>
    private byte[] Make(Random random)
    {
        var (before, body, after) = _parts[random.Next(_parts.Length)];
        switch (random.Next(10))
        {
            case < 3:
                return Mutate(_envelopes[random.Next(_envelopes.Length)], random);
            case < 9:
                return [.. before, .. Base64(Mutate(body, random)), .. after];
            default:
                var text = Encoding.UTF8.GetString(Mutate([.. before, .. Base64(body), .. after], random));
                var encoding = Pick(random, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, Encoding.Latin1, Encoding.UTF8, Encoding.ASCII);
                return random.Next(2) == 0 ? [.. encoding.GetPreamble(), .. encoding.GetBytes(text)] : encoding.GetBytes(text);
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = new List<byte>(original);
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(1, random.Next(1, 200)), bytes.Count - at);
            switch (random.Next(9))
            {
                case 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 1:
                    bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3 when length > 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 4 when length > 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 5:
                    bytes.InsertRange(at, Enumerable.Repeat(bytes.Skip(at).Take(random.Next(1, 20)), random.Next(1, 2000)).SelectMany(part => part).Take(20_000).ToList());
                    break;
                case 6:
                    var value = Find(bytes, random, (byte)'>', (byte)'<');
                    bytes.RemoveRange(value.At, value.Length);
                    bytes.InsertRange(value.At, Piece(random));
                    break;
                default:
                    bytes.InsertRange(at, Piece(random));
                    break;
            }
        }

        return [.. bytes];
    }

    // A text between two tags.
    private static (int At, int Length) Find(List<byte> bytes, Random random, byte from, byte to)
    {
        var start = bytes.IndexOf(from, random.Next(bytes.Count + 1));
        if (start < 0) return (bytes.Count, 0);
        var end = bytes.IndexOf(to, start);
        return end < 0 ? (start, 0) : (start + 1, end - start - 1);
    }

    private static byte[] Piece(Random random) => Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]);

    private static byte[] Base64(byte[] body) => Encoding.ASCII.GetBytes(Convert.ToBase64String(body));

    private static T Pick<T>(Random random, params T[] from) => from[random.Next(from.Length)];

    private static (byte[] Before, byte[] Body, byte[] After) Split(byte[] envelope)
    {
        var start = envelope.AsSpan().IndexOf("<Body>"u8) + 6;
        var end = envelope.AsSpan().IndexOf("</Body>"u8);
        return (envelope[..start], Convert.FromBase64String(Encoding.ASCII.GetString(envelope, start, end - start)), envelope[end..]);
    }

    private static (int Answer, Exception? Unexpected) Read(byte[] message)
    {
        try
        {
            MessageSamples.Read(message);
            return (0, null);
        }
        catch (MessageFormatException refusal)
        {
            return ((int)refusal.Fault, null);
        }
        catch (Exception unexpected)
        {
            return (0, unexpected);
        }
    }
}
