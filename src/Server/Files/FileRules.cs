using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Files;

/// <summary>What a file may be, everywhere: .jpg .jpeg .gif .png .pdf, at most 4 MiB, the content being what the name says.</summary>
public static class FileRules
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>How many files one field may name.</summary>
    public const int MostFiles = 20;

    /// <summary>How many bytes from the start are enough to know the content's type.</summary>
    public const int SignatureBytes = 8;

    private const string Jpeg = "image/jpeg";
    private const string Gif = "image/gif";
    private const string Png = "image/png";
    private const string Pdf = "application/pdf";

    private static readonly Dictionary<string, string> MediaTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".jpg"] = Jpeg, [".jpeg"] = Jpeg, [".gif"] = Gif, [".png"] = Png, [".pdf"] = Pdf,
    };

    /// <summary>The media type that a name promises.</summary>
    /// <exception cref="BridgeException">FILE_TYPE_NOT_ALLOWED.</exception>
    public static string MediaTypeOf(string name) =>
        MediaTypes.TryGetValue(Path.GetExtension(name), out var mediaType)
            ? mediaType
            : throw new BridgeException(ErrorReason.FileTypeNotAllowed, ("name", name));

    /// <summary>Refuses a size past the limit.</summary>
    /// <exception cref="BridgeException">FILE_TOO_LARGE.</exception>
    public static void CheckSize(long size)
    {
        if (size > MostBytes)
            throw new BridgeException(ErrorReason.FileTooLarge, ("limit_bytes", $"{MostBytes}"));
    }

    /// <summary>Refuses a content that does not begin as the name promises.</summary>
    /// <exception cref="BridgeException">FILE_CONTENT_MISMATCH.</exception>
    public static void CheckStart(string name, ReadOnlySpan<byte> start) => Check(name, MediaTypeOf(name) switch
    {
        Jpeg => start.StartsWith<byte>([0xFF, 0xD8, 0xFF]),
        Gif => start.StartsWith("GIF87a"u8) || start.StartsWith("GIF89a"u8),
        Png => start.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        _ => start.StartsWith("%PDF-"u8),
    });

    /// <summary>Refuses a content that does not end as the name promises: one that was cut short.</summary>
    /// <exception cref="BridgeException">FILE_CONTENT_MISMATCH.</exception>
    public static void CheckEnd(string name, ReadOnlySpan<byte> content)
    {
        var end = content[^Math.Min(content.Length, 1024)..];
        Check(name, MediaTypeOf(name) switch
        {
            Jpeg => end.LastIndexOf<byte>([0xFF, 0xD9]) >= 0,
            Gif => end.LastIndexOf((byte)0x3B) >= 0,
            Png => end.LastIndexOf("IEND"u8) >= 0,
            _ => end.LastIndexOf("%%EOF"u8) >= 0,
        });
    }

    private static void Check(string name, bool right)
    {
        if (!right)
            throw new BridgeException(ErrorReason.FileContentMismatch, ("name", name), ("expected", MediaTypeOf(name)));
    }
}
