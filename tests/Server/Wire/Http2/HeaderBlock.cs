using System.Text;

namespace SingleWindowBridge.Server.Tests.Wire.Http2;

/// <summary>Reads a block of headers of a server that was told to keep no table, so that only the static table and literals come.</summary>
public static class HeaderBlock
{
    private static readonly string[] StaticNames =
    [
        "", ":authority", ":method", ":method", ":path", ":path", ":scheme", ":scheme", ":status", ":status", ":status", ":status",
        ":status", ":status", ":status", "accept-charset", "accept-encoding", "accept-language", "accept-ranges", "accept",
        "access-control-allow-origin", "age", "allow", "authorization", "cache-control", "content-disposition", "content-encoding",
        "content-language", "content-length", "content-location", "content-range", "content-type", "cookie", "date", "etag", "expect",
        "expires", "from", "host", "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since",
        "last-modified", "link", "location", "max-forwards", "proxy-authenticate", "proxy-authorization", "range", "referer", "refresh",
        "retry-after", "server", "set-cookie", "strict-transport-security", "transfer-encoding", "user-agent", "vary", "via",
        "www-authenticate",
    ];

    private static readonly string[] Statuses = ["200", "204", "206", "304", "400", "404", "500"];

    /// <summary>Adds the block's fields.</summary>
    public static void Read(ReadOnlySpan<byte> block, Dictionary<string, string> fields)
    {
        while (block.Length > 0)
        {
            var first = block[0];
            if (first >= 0x80)
            {
                var index = Number(ref block, 7);
                fields[StaticNames[index]] = index is >= 8 and <= 14 ? Statuses[index - 8] : "";
            }
            else if ((first & 0xE0) == 0x20)
            {
                Number(ref block, 5);
            }
            else
            {
                var index = Number(ref block, first >= 0x40 ? 6 : 4);
                var name = index > 0 ? StaticNames[index] : Text(ref block);
                fields[name] = Text(ref block);
            }
        }
    }

    private static int Number(ref ReadOnlySpan<byte> block, int bits)
    {
        var most = (1 << bits) - 1;
        var number = block[0] & most;
        block = block[1..];
        if (number < most)
            return number;

        for (var shift = 0; ; shift += 7)
        {
            var next = block[0];
            block = block[1..];
            number += (next & 127) << shift;
            if (next < 128)
                return number;
        }
    }

    private static string Text(ref ReadOnlySpan<byte> block)
    {
        if (block[0] >= 0x80)
            throw new InvalidDataException("The server sent a Huffman code, which this reader does not know.");
        var length = Number(ref block, 7);
        var text = Encoding.Latin1.GetString(block[..length]);
        block = block[length..];
        return text;
    }
}
