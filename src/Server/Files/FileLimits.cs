namespace SingleWindowBridge.Server.Files;

/// <summary>How many files, and how large, the bridge takes and keeps: the settings under Files. 0 stands for no limit.</summary>
public sealed class FileLimits
{
    /// <summary>The most pixels of an image, all its frames together: a page A3 scanned at 600 dpi has 70 million.</summary>
    public const long UsualPixels = 100_000_000;

    /// <summary>The most pixels of an uploaded image. Those of Customs are held to <see cref="UsualPixels"/>.</summary>
    public long MostPixels { get; set; } = UsualPixels;

    /// <summary>How many files an account may have uploaded.</summary>
    public long AccountFiles { get; set; } = 100_000;

    /// <summary>How many bytes all files that an account has uploaded may have: 100 GiB.</summary>
    public long AccountBytes { get; set; } = 100L * 1024 * 1024 * 1024;

    /// <summary>How many files may go with one case, beside those of its application form, of which there are at most 20.</summary>
    public long CaseFiles { get; set; } = 2_000;

    /// <summary>How many bytes the files of one case may have, beside those of its application form: 2 GiB.</summary>
    public long CaseBytes { get; set; } = 2L * 1024 * 1024 * 1024;
}
