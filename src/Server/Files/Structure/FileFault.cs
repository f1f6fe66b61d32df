namespace SingleWindowBridge.Server.Files.Structure;

/// <summary>What is wrong with the content of a file.</summary>
public enum FileFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It does not begin as a file of its type does.</summary>
    AnotherType,

    /// <summary>It ends before the file does.</summary>
    CutShort,

    /// <summary>It does not hold together at a place.</summary>
    Broken,

    /// <summary>Something stands after the end of the file.</summary>
    DataAfterEnd,

    /// <summary>It is a file of its type and an archive or a PDF at the same time.</summary>
    TwoTypes,

    /// <summary>It is encrypted, with a password or without.</summary>
    Encrypted,
}

/// <summary>What the walk through a file found.</summary>
/// <param name="Fault">What is wrong; <see cref="FileFault.None"/> for nothing.</param>
/// <param name="Offset">Where, in bytes from the start.</param>
/// <param name="Width">For an image that is right: its width in pixels.</param>
/// <param name="Height">For an image that is right: its height in pixels.</param>
/// <param name="Pixels">For an image that is right: the pixels of all its pictures together, be they frames or previews.</param>
public readonly record struct FileFinding(FileFault Fault, int Offset, long Width = 0, long Height = 0, long Pixels = 0)
{
    /// <summary>A fault at a place.</summary>
    public static FileFinding At(FileFault fault, int offset) => new(fault, offset);

    /// <summary>An image that is right.</summary>
    public static FileFinding Image(long width, long height, long pixels) => new(FileFault.None, 0, width, height, pixels);
}
