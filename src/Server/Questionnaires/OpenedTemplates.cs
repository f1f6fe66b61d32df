using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using SingleWindow.Bridge.V1;
using SingleWindowBridge.Server.Catalogue;
using SingleWindowBridge.Server.Storage;

namespace SingleWindowBridge.Server.Questionnaires;

/// <summary>
/// The questions that cases were opened with, kept in the database by the hash of what they say: a case has its questions for as long
/// as it lives, whatever becomes of the files that they came from. What is kept never changes, so each is read once.
/// </summary>
/// <param name="catalogue">Has the questions of cases opened before templates were kept.</param>
public sealed class OpenedTemplates(QuestionnaireTemplates catalogue)
{
    private readonly ConcurrentDictionary<string, QuestionnaireTemplate> read = new(StringComparer.Ordinal);

    /// <summary>Keeps a template, if it is not kept yet, and gives its hash.</summary>
    public static async Task<string> KeepAsync(Sql sql, QuestionnaireTemplate template)
    {
        var content = template.ToByteArray();
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        await sql.PostAsync(
            "INSERT INTO opened_templates (sha256, content) VALUES (@sha256, @content) ON CONFLICT (sha256) DO NOTHING",
            new { sha256, content });
        return sha256;
    }

    /// <summary>Gives a template that was kept. It is shared by all callers: clone it before changing it.</summary>
    /// <param name="sql">The database.</param>
    /// <param name="sha256">Its hash; empty for a case opened before templates were kept.</param>
    /// <param name="templateId">Its id.</param>
    /// <param name="version">Its version.</param>
    public async Task<QuestionnaireTemplate> GetAsync(Sql sql, string sha256, string templateId, int version)
    {
        if (sha256.Length == 0)
            return catalogue.Get(templateId, version);
        if (read.TryGetValue(sha256, out var template))
            return template;
        var content = await sql.GetAsync<byte[]>("SELECT content FROM opened_templates WHERE sha256 = @sha256", new { sha256 });
        return read.GetOrAdd(sha256, QuestionnaireTemplate.Parser.ParseFrom(content));
    }
}
