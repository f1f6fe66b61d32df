using System.Globalization;
using System.Text.RegularExpressions;

namespace SingleWindowBridge.Interop.Channels.Files;

/// <summary>The folders of the exchange and the names in them.</summary>
internal sealed partial class Folders(string root)
{
    private const string CommunicationReceipt = "CommunicationReceipt";

    private static readonly string[] SubmissionTypes =
        ["Application", "Questionnaire", "Rectification", "NegotiationReply", "Signatories", "ReviewAnswer"];

    /// <summary>What both sides share.</summary>
    public string Root => root;

    /// <summary>What the bridge sends, until the far end has taken it.</summary>
    public string OutBox { get; } = Path.Combine(root, "OutBox");

    /// <summary>What the far end has taken.</summary>
    public string SentBox { get; } = Path.Combine(root, "SentBox");

    /// <summary>What the far end sends, until the bridge has taken it in.</summary>
    public string InBox { get; } = Path.Combine(root, "InBox");

    /// <summary>What the bridge has taken in.</summary>
    public string Done { get; } = Path.Combine(root, "InBox", "Done");

    /// <summary>What could not be taken, of either side.</summary>
    public string FailBox { get; } = Path.Combine(root, "FailBox");

    /// <summary>What is being written.</summary>
    public string TempBox { get; } = Path.Combine(root, "TempBox");

    /// <summary>The files that travel beside messages, of both sides, named by their SHA-256.</summary>
    public string Attachments { get; } = Path.Combine(root, "Attachments");

    /// <summary>Makes the folders in the root, which must be there.</summary>
    /// <exception cref="DirectoryNotFoundException">The root is not there.</exception>
    public void Make()
    {
        if (!Directory.Exists(root)) throw new DirectoryNotFoundException($"The folder {root} of the exchange is not there.");
        foreach (var folder in (string[])[OutBox, SentBox, InBox, Done, FailBox, TempBox, Attachments])
            Directory.CreateDirectory(folder);
    }

    /// <summary>The name of a message's file.</summary>
    public static string NameOf(string type, string messageId, int attempt) =>
        string.Create(CultureInfo.InvariantCulture, $"{type}_{messageId.ToUpperInvariant()}_t-{attempt}.xml");

    /// <summary>Where the communication receipt is kept which says that a message was taken, whatever the attempt.</summary>
    public string TakenAnswer(string messageId) => Path.Combine(Done, $"{CommunicationReceipt}_{messageId.ToUpperInvariant()}_taken.xml");

    /// <summary>Where the communication receipt is kept which refuses an attempt.</summary>
    public string Refusal(string messageId, int attempt) => Path.Combine(Done, NameOf(CommunicationReceipt, messageId, attempt));

    /// <summary>The attempt that a file's name tells of; 0 where it tells of none.</summary>
    public static int AttemptOf(string fileName) =>
        AttemptInName().Match(fileName) is { Success: true } match
            && int.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            ? attempt
            : 0;

    /// <summary>Whether a file is no submission, or the answer to it has been taken in: only then may it go.</summary>
    public bool IsAnswered(string fileName)
    {
        var attempt = AttemptOf(fileName);
        return fileName.Split('_') is not [var type, var messageId, _] || attempt == 0 || !SubmissionTypes.Contains(type)
            || File.Exists(TakenAnswer(messageId)) || File.Exists(Refusal(messageId, attempt));
    }

    /// <summary>The message that a file's name tells of; null where it tells of none.</summary>
    public static string? MessageIdOf(string fileName) => fileName.Split('_').ElementAtOrDefault(1);

    /// <summary>The latest attempt at sending a message that has left a trace in the folders; 0 where there is none.</summary>
    public int LatestAttempt(string messageId)
    {
        var attempt = 0;
        while (IsKnown(messageId, attempt + 1)) attempt++;
        return attempt;
    }

    /// <summary>Whether this attempt waits for the far end to take it.</summary>
    public bool IsWaiting(string messageId, int attempt) =>
        SubmissionTypes.Any(type => File.Exists(Path.Combine(OutBox, NameOf(type, messageId, attempt))));

    /// <summary>A path in a folder that no file has yet.</summary>
    public static string Free(string folder, string fileName)
    {
        var path = Path.Combine(folder, fileName);
        for (var repeat = 1; File.Exists(path); repeat++)
        {
            path = Path.Combine(folder, string.Create(
                CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(fileName)}_r-{repeat}{Path.GetExtension(fileName)}"));
        }

        return path;
    }

    /// <summary>A new path for writing aside.</summary>
    public string NewTemp(string fileName) => Path.Combine(TempBox, $"{fileName}.{Guid.NewGuid():N}.tmp");

    /// <summary>Whether a file in InBox is a whole message and not one that is being written.</summary>
    public static bool IsMessage(string fileName) =>
        fileName.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) && fileName[0] is not ('.' or '~');

    private bool IsKnown(string messageId, int attempt) =>
        File.Exists(Refusal(messageId, attempt))
        || SubmissionTypes.Select(type => NameOf(type, messageId, attempt)).Any(name =>
            File.Exists(Path.Combine(OutBox, name)) || File.Exists(Path.Combine(SentBox, name)) || File.Exists(Path.Combine(FailBox, name)));

    [GeneratedRegex(@"_t-([0-9]{1,9})\.xml$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AttemptInName();
}
