using System.Text.Json;

namespace SingleWindowBridge.Faults.Ledger;

/// <summary>What happened to a change, as its client knows it.</summary>
public enum LedgerWord
{
    /// <summary>It is about to be asked for.</summary>
    Intent,

    /// <summary>No answer came, or one that it may have been made: it is asked for again with the same request id.</summary>
    Unknown,

    /// <summary>The bridge said that it was made.</summary>
    Acknowledged,

    /// <summary>The bridge said that it was not made, and never will be.</summary>
    Refused,
}

/// <summary>One line of a ledger.</summary>
/// <param name="Word">What happened.</param>
/// <param name="RequestId">The change's request id.</param>
/// <param name="Event">What the change does to a case; null where a file is uploaded.</param>
/// <param name="CaseId">The case; null for a new one that is not answered yet, and for a file.</param>
/// <param name="ETag">The case's etag after the change; null where it has none, or is not answered.</param>
/// <param name="Summary">The summary that the change gives the case; null where it gives none.</param>
/// <param name="FileId">The uploaded file; null where it is none, or not answered.</param>
/// <param name="Sha256">The SHA-256 of an uploaded file's content, in hexadecimal; null where it is none.</param>
/// <param name="Said">What the bridge said, where that was no answer.</param>
public sealed record LedgerLine(
    LedgerWord Word,
    Guid RequestId,
    CaseEvent? Event,
    string? CaseId = null,
    string? ETag = null,
    string? Summary = null,
    string? FileId = null,
    string? Sha256 = null,
    string? Said = null);

/// <summary>What one client writes down before and after every change; each line is on disk before the client goes on.</summary>
internal sealed class LedgerFile(string path)
{
    /// <summary>Everything in it, oldest first; nothing where its client came to do nothing.</summary>
    public IReadOnlyList<LedgerLine> Read() => !File.Exists(path) ? [] : [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<LedgerLine>(line)!)];

    /// <summary>Writes a line down, and has it on disk.</summary>
    public void Write(LedgerLine line)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        JsonSerializer.Serialize(file, line);
        file.WriteByte((byte)'\n');
        file.Flush(flushToDisk: true);
    }
}
