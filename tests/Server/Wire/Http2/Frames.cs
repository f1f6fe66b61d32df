using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace SingleWindowBridge.Server.Tests.Wire.Http2;

/// <summary>Writes HTTP/2 frames by hand, right ones and wrong ones: no rule of the protocol is kept unless the caller keeps it.</summary>
public sealed class Frames
{
    public const byte Data = 0, Headers = 1, Priority = 2, Reset = 3, Settings = 4, PushPromise = 5, Ping = 6, GoAway = 7,
        WindowUpdate = 8, Continuation = 9;

    public const byte EndStream = 1, Ack = 1, EndHeaders = 4, Padded = 8;

    private readonly ArrayBufferWriter<byte> bytes = new();

    public ReadOnlyMemory<byte> Bytes => bytes.WrittenMemory;

    /// <summary>Bytes that are no frame.</summary>
    public Frames Raw(ReadOnlySpan<byte> content)
    {
        bytes.Write(content);
        return this;
    }

    public Frames Preface() => Raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);

    public Frames Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload, int? length = null)
    {
        Span<byte> head = stackalloc byte[9];
        BinaryPrimitives.WriteInt32BigEndian(head, (length ?? payload.Length) << 8);
        (head[3], head[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        return Raw(head).Raw(payload);
    }

    public Frames SettingsFrame(params (short Id, uint Value)[] settings)
    {
        var payload = new byte[settings.Length * 6];
        for (var i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteInt16BigEndian(payload.AsSpan(i * 6), settings[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan((i * 6) + 2), settings[i].Value);
        }

        return Frame(Settings, 0, 0, payload);
    }

    public Frames HeadersFrame(int stream, IEnumerable<(string Name, string Value)> fields, bool end = false) =>
        Frame(Headers, (byte)(EndHeaders | (end ? EndStream : 0)), stream, Block(fields));

    public Frames DataFrame(int stream, ReadOnlySpan<byte> content, bool end = false) =>
        Frame(Data, end ? EndStream : (byte)0, stream, content);

    public Frames Number(byte type, int stream, uint value, byte flags = 0)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(payload, value);
        return Frame(type, flags, stream, payload);
    }

    /// <summary>A block of headers: every field a literal that is not indexed, names and values as they are.</summary>
    public static byte[] Block(IEnumerable<(string Name, string Value)> fields)
    {
        using var block = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            block.WriteByte(0);
            Text(block, name);
            Text(block, value);
        }

        return block.ToArray();
    }

    /// <summary>A message as gRPC frames it.</summary>
    public static byte[] Message(ReadOnlySpan<byte> content, byte flag = 0, uint? length = null)
    {
        var message = new byte[content.Length + 5];
        message[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(1), length ?? (uint)content.Length);
        content.CopyTo(message.AsSpan(5));
        return message;
    }

    private static void Text(MemoryStream block, string text)
    {
        var content = Encoding.Latin1.GetBytes(text);
        if (content.Length < 127)
        {
            block.WriteByte((byte)content.Length);
        }
        else
        {
            block.WriteByte(127);
            var rest = content.Length - 127;
            for (; rest >= 128; rest >>= 7)
                block.WriteByte((byte)((rest & 127) | 128));
            block.WriteByte((byte)rest);
        }

        block.Write(content);
    }
}
