using System.Security.Cryptography;
using SingleWindowBridge.Interop.Messages;

namespace SingleWindowBridge.Interop.Xml;

/// <summary>Files in messages: name, size, SHA-256, and the content where it travels inside.</summary>
internal sealed class FileXml
{
    /// <summary>The most characters of a file's name.</summary>
    public const int MostName = 255;

    private readonly Func<string, long, ReadOnlyMemory<byte>?> _beside;

    /// <summary>Reads or writes the files of one message.</summary>
    /// <param name="beside">Gives the content that travels beside the message by SHA-256 and size, or null if it is not there.</param>
    public FileXml(Func<string, long, ReadOnlyMemory<byte>?> beside) => _beside = beside;

    /// <summary>What travels inside, by SHA-256.</summary>
    public Dictionary<string, ReadOnlyMemory<byte>> Inside { get; } = new(StringComparer.Ordinal);

    /// <summary>The SHA-256 as messages have it.</summary>
    public static string Hash(ReadOnlyMemory<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content.Span));

    /// <summary>Writes a file of a submission; its content goes inside if it is in <see cref="Inside"/>.</summary>
    public void Write(ElementWriter xml, Attachment file, string element = "File") =>
        Write(xml, element, file.Name, file.MediaType, file.SizeBytes, file.Sha256);

    /// <summary>Writes a file of Customs; its content goes inside if it is in <see cref="Inside"/>.</summary>
    public void Write(ElementWriter xml, CustomsFile file) =>
        Write(xml, "File", file.Name, "", file.Content.Length, Hash(file.Content));

    /// <summary>Reads a file of a submission.</summary>
    public Attachment ReadAttachment(ElementReader xml, string element = "File")
    {
        var (name, mediaType, size, sha256, content) = Read(xml, element);
        if (content is { } inside) Inside[sha256] = inside;
        return new Attachment(name, mediaType, size, sha256);
    }

    /// <summary>Reads a file of Customs with its content.</summary>
    public CustomsFile ReadCustomsFile(ElementReader xml)
    {
        var (name, _, size, sha256, content) = Read(xml, "File");
        if (content is null)
        {
            content = _beside(sha256, size)
                ?? throw xml.Fault(MessageFault.FileMissing, $"The file {sha256} is not beside the message");
            if (content.Value.Length != size || Hash(content.Value) != sha256)
                throw xml.Fault(MessageFault.FileMismatch, $"The file {sha256} beside the message is another");
        }

        return new CustomsFile(name, content.Value);
    }

    private void Write(ElementWriter xml, string element, string name, string mediaType, long size, string sha256)
    {
        xml.Start(element);
        xml.Text("Name", name);
        xml.TextOrNone("MediaType", mediaType);
        xml.Number("SizeBytes", size);
        xml.Word("Sha256", sha256);
        if (Inside.TryGetValue(sha256, out var content)) xml.Bytes("Content", content);
        xml.End();
    }

    private static (string Name, string MediaType, long Size, string Sha256, ReadOnlyMemory<byte>? Content) Read(
        ElementReader xml, string element)
    {
        xml.Enter(element);
        var name = xml.Text("Name", MostName);
        var mediaType = xml.TextOrNone("MediaType", MostName);
        var size = xml.Number("SizeBytes", 0, xml.Limits.FileBytes);
        var sha256 = xml.Word("Sha256", Patterns.Sha256(), "64 lower-case hexadecimal digits");
        ReadOnlyMemory<byte>? content = null;
        if (xml.At("Content"))
        {
            content = xml.Bytes("Content", size, xml.Limits.FileBytes);
            if (content.Value.Length != size)
                throw xml.Fault(MessageFault.FileMismatch, $"A file should have {size} bytes and has {content.Value.Length}");
            if (Hash(content.Value) != sha256)
                throw xml.Fault(MessageFault.FileMismatch, $"The content of a file is not what its SHA-256 {sha256} says");
        }

        xml.Leave();
        return (name, mediaType, size, sha256, content);
    }
}
