namespace SingleWindowBridge.Interop.Xml;

/// <summary>Where the content of files travels.</summary>
public enum FilePlacement
{
    /// <summary>Beside the message, named by its SHA-256; the message holds name, size and SHA-256.</summary>
    Beside = 0,

    /// <summary>Inside the message, in base64; what would make the message too large goes beside it.</summary>
    Inside = 1,
}
