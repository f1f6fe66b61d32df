using System.Globalization;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Interop.Messages;
using SingleWindowBridge.Server.Cases;
using SingleWindowBridge.Server.Grpc;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Files;

/// <summary>How many files, and how many bytes, an account has uploaded and a case has sent to Customs. Files of Customs do not count.</summary>
public static class FileQuotas
{
    /// <summary>Counts one more file of an account.</summary>
    /// <exception cref="BridgeException">FILE_QUOTA_EXCEEDED.</exception>
    public static async Task CountUploadAsync(this Sql sql, string authorityId, long bytes, FileLimits limits)
    {
        // Uploads of an account pass here one after another, so that not one too many is taken.
        var (mostFiles, mostBytes) = (Most(limits.AccountFiles), Most(limits.AccountBytes));
        var counted = bytes > mostBytes ? 0 : await sql.ExecuteAsync(
            """
            INSERT INTO file_usage (authority_id, files, bytes) VALUES (@authorityId, 1, @bytes)
            ON CONFLICT (authority_id) DO UPDATE SET files = file_usage.files + 1, bytes = file_usage.bytes + @bytes
                WHERE file_usage.files < @mostFiles AND file_usage.bytes + @bytes <= @mostBytes
            """,
            new { authorityId, bytes, mostFiles, mostBytes });
        if (counted == 0)
            throw Exceeded("ACCOUNT", limits.AccountFiles, limits.AccountBytes);
    }

    /// <summary>Counts the files that a change sends to Customs, each content once a case; those of application forms, which are few, not.</summary>
    /// <exception cref="BridgeException">FILE_QUOTA_EXCEEDED.</exception>
    public static async Task CountCaseFilesAsync(this CaseChange change, FileLimits limits)
    {
        var sent = AttachmentsOf(change.Outgoing).DistinctBy(file => file.Sha256).ToList();
        if (sent.Count == 0)
            return;

        var caseId = change.Case.CaseId;
        var before = await change.Sql.ListAsync<Counted>("SELECT sha256, size_bytes FROM case_files WHERE case_id = @caseId", new { caseId });
        var known = before.Select(file => file.Sha256).ToHashSet();
        var added = sent.Where(file => !known.Contains(file.Sha256)).ToList();
        if (before.Count + added.Count > Most(limits.CaseFiles)
            || before.Sum(file => file.SizeBytes) + added.Sum(file => file.SizeBytes) > Most(limits.CaseBytes))
        {
            throw Exceeded("CASE", limits.CaseFiles, limits.CaseBytes);
        }

        foreach (var file in added)
        {
            await change.Sql.PostAsync(
                "INSERT INTO case_files (case_id, sha256, size_bytes) VALUES (@caseId, @Sha256, @SizeBytes)",
                new { caseId, file.Sha256, file.SizeBytes });
        }
    }

    private static IEnumerable<Attachment> AttachmentsOf(SubmissionContent? content) => content switch
    {
        QuestionnaireContent questionnaire => questionnaire.Answers.SelectMany(answer => answer.Files),
        RectificationContent rectification => rectification.Files,
        NegotiationContent negotiation => negotiation.Files,
        SignatoriesContent list => [.. list.Officers.Select(officer => officer.SpecimenSignature), .. list.Seals, .. list.Files],
        _ => [],
    };

    private static long Most(long limit) => limit > 0 ? limit : long.MaxValue / 2;

    private static BridgeException Exceeded(string scope, long files, long bytes) => new(
        ErrorReason.FileQuotaExceeded,
        ("scope", scope), ("limit_files", Text(files)), ("limit_bytes", Text(bytes)));

    private static string Text(long limit) => limit > 0 ? limit.ToString(CultureInfo.InvariantCulture) : "unlimited";

    private sealed class Counted
    {
        public string Sha256 { get; init; } = "";

        public long SizeBytes { get; init; }
    }
}
