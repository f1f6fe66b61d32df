namespace SingleWindowBridge.Interop.Xml;

/// <summary>How much a message may hold. They hold before anything of it is kept.</summary>
public sealed record MessageLimits
{
    /// <summary>What the format allows (docs/customs-exchange.md).</summary>
    public static MessageLimits Default { get; } = new();

    /// <summary>The most bytes of a message, with all that is inside it.</summary>
    public long Bytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>How deep elements may stand in one another.</summary>
    public int Depth { get; init; } = 16;

    /// <summary>The most attributes of one element, declarations of namespaces included.</summary>
    public int Attributes { get; init; } = 16;

    /// <summary>The most characters of a name, and of the value of an attribute.</summary>
    public int Name { get; init; } = 256;

    /// <summary>The most elements of one document.</summary>
    public int Elements { get; init; } = 1_000_000;

    /// <summary>The most characters of a comment or a processing instruction.</summary>
    public int Comment { get; init; } = 16 * 1024;

    /// <summary>The most characters of one text of a body; a file's content in base64 is the longest.</summary>
    public int Text { get; init; } = 6 * 1024 * 1024;

    /// <summary>The most bytes of one file.</summary>
    public int FileBytes { get; init; } = 4 * 1024 * 1024;
}
