using SingleWindowBridge.Interop.Xml;

namespace SingleWindowBridge.Interop.Channels.Files;

/// <summary>How the directory channel works.</summary>
public sealed record DirectoryOptions
{
    /// <summary>
    /// The folder that both sides share. It must be there already, so that a share which is not mounted is noticed; the folders in
    /// it are made where they are missing. All of it must be on one file system.
    /// </summary>
    public string Folder { get; init; } = "";

    /// <summary>The bridge's code: the sender of what it sends.</summary>
    public string Sender { get; init; } = "BRIDGE";

    /// <summary>The far end's code: the receiver of what the bridge sends.</summary>
    public string Receiver { get; init; } = "GACC";

    /// <summary>Where the files of submissions travel: beside the message unless set.</summary>
    public FilePlacement Files { get; init; } = FilePlacement.Beside;

    /// <summary>How many bytes of files may travel inside one message; what goes beyond travels beside it. 32 MiB unless set.</summary>
    public long InsideBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How long one attempt waits for the communication receipt; 30 seconds unless set.</summary>
    public TimeSpan AnswerWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the folders are looked at where the file system tells of no change; 1 second unless set.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a file that cannot be read is given to become whole, since its last write; 5 seconds unless set.</summary>
    public TimeSpan UnreadableAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long handled files are kept, since they were written; 30 days unless set.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long files in FailBox are kept for an operator to look at, since they were written; 365 days unless set.</summary>
    public TimeSpan FailRetention { get; init; } = TimeSpan.FromDays(365);

    /// <summary>How old a file in OutBox may be before the far end counts as not reached; 15 minutes unless set.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How much space must be free for the channel to count as healthy; 256 MiB unless set.</summary>
    public long FreeBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>How much a message that comes in may hold.</summary>
    public MessageLimits Limits { get; init; } = MessageLimits.Default;
}
