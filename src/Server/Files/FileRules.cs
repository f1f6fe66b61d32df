using System.Globalization;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Files.Structure;
using SingleWindowBridge.Server.Grpc;

namespace SingleWindowBridge.Server.Files;

/// <summary>
/// What a file may be, everywhere: .jpg .jpeg .gif .png .pdf, at most 4 MiB, the content being what the name says: whole, by the rules of
/// its type from the first byte to the last, and nothing else beside.
/// </summary>
public static class FileRules
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>How many files one field may name.</summary>
    public const int MostFiles = 20;

    /// <summary>How many bytes from the start are enough to know the content's type.</summary>
    public const int SignatureBytes = 8;

    internal const string Jpeg = "image/jpeg";
    internal const string Gif = "image/gif";
    internal const string Png = "image/png";
    internal const string Pdf = "application/pdf";

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

    /// <summary>Refuses a name that promises no type of ours, or two types at once.</summary>
    /// <param name="name">The name.</param>
    /// <param name="field">Where it stands in the request.</param>
    /// <exception cref="BridgeException">FILE_TYPE_NOT_ALLOWED or FILE_NAME_AMBIGUOUS.</exception>
    public static void CheckName(string name, string field)
    {
        MediaTypeOf(name);
        if (FileNames.OtherExtension(name) is { } other)
        {
            throw new BridgeException(
                ErrorReason.FileNameAmbiguous,
                [new Problem(field, FieldProblemCode.Malformed, $"名称中含有 {other}，请改名。", $"The name holds {other}; rename the file.")],
                ("name", name), ("extension", other));
        }
    }

    /// <summary>Refuses a size past the limit.</summary>
    /// <exception cref="BridgeException">FILE_TOO_LARGE.</exception>
    public static void CheckSize(long size)
    {
        if (size > MostBytes)
            throw new BridgeException(ErrorReason.FileTooLarge, ("limit_bytes", $"{MostBytes}"));
    }

    /// <summary>Refuses a content that does not begin as the name promises.</summary>
    /// <exception cref="BridgeException">FILE_CONTENT_MISMATCH.</exception>
    public static void CheckStart(string name, ReadOnlySpan<byte> start, string field)
    {
        if (!FileStructure.BeginsAs(MediaTypeOf(name), start))
            throw Mismatch(name, field, FileFinding.At(FileFault.AnotherType, 0));
    }

    /// <summary>Refuses a content that is not, from its first byte to its last, what the name promises.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="mostPixels">The most pixels of an image; 0 for no limit.</param>
    /// <param name="field">Where the content stands in the request.</param>
    /// <exception cref="BridgeException">FILE_CONTENT_MISMATCH, FILE_ENCRYPTED or IMAGE_TOO_LARGE.</exception>
    public static void CheckContent(string name, ReadOnlySpan<byte> content, long mostPixels, string field)
    {
        var finding = FileStructure.Check(MediaTypeOf(name), content);
        if (finding.Fault == FileFault.Encrypted)
            throw new BridgeException(ErrorReason.FileEncrypted, ("name", name));
        if (finding.Fault != FileFault.None)
            throw Mismatch(name, field, finding);
        if (mostPixels > 0 && finding.Pixels > mostPixels)
        {
            throw new BridgeException(
                ErrorReason.ImageTooLarge, ("name", name), ("width", Text(finding.Width)), ("height", Text(finding.Height)),
                ("pixels", Text(finding.Pixels)), ("limit_pixels", Text(mostPixels)));
        }
    }

    /// <summary>Whether two extensions stand for the same type.</summary>
    internal static bool IsSameType(string one, string other) =>
        MediaTypes.TryGetValue(one, out var type) && MediaTypes.GetValueOrDefault(other) == type;

    private static BridgeException Mismatch(string name, string field, FileFinding finding)
    {
        var (code, zh, en) = finding.Fault switch
        {
            FileFault.AnotherType => ("ANOTHER_TYPE", "文件开头不是该类型。请按实际类型更改后缀，或转换文件。",
                "It does not begin as such a file does; give it the extension of what it is, or convert it."),
            FileFault.CutShort => ("CUT_SHORT", $"文件在第 {finding.Offset} 字节处中断。请重新导出或扫描后上传。",
                $"It ends at byte {finding.Offset}, before the file does; export or scan it again."),
            FileFault.DataAfterEnd => ("DATA_AFTER_END", $"文件在第 {finding.Offset} 字节处已结束，其后还有其他数据。请重新导出后上传。",
                $"The file ends at byte {finding.Offset} and something else follows; export it again without that."),
            FileFault.TwoTypes => ("TWO_TYPES", $"第 {finding.Offset} 字节处含有压缩包或另一文件。请删除后重新导出。",
                $"At byte {finding.Offset} it holds an archive or another file; export it again without that."),
            _ => ("BROKEN", $"文件在第 {finding.Offset} 字节处的结构有误。请重新导出或扫描后上传。",
                $"It does not hold together at byte {finding.Offset}; export or scan it again."),
        };
        return new BridgeException(
            ErrorReason.FileContentMismatch, [new Problem(field, FieldProblemCode.Malformed, zh, en)],
            ("name", name), ("expected", MediaTypeOf(name)), ("problem", code), ("offset", Text(finding.Offset)));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
