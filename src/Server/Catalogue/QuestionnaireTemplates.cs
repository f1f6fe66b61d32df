using System.Diagnostics.CodeAnalysis;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Catalogue;

/// <summary>
/// The questionnaires in all their versions. Loaded once, from the files built in and an operator's folder; the format is told in
/// Data/Templates/README.md. Its messages are shared by all callers: clone one before changing it.
/// </summary>
public sealed class QuestionnaireTemplates
{
    private readonly Dictionary<(string TemplateId, int Version), QuestionnaireTemplate> versions = [];
    private readonly Dictionary<string, QuestionnaireTemplate> newest = new(StringComparer.Ordinal);

    /// <summary>Loads the questionnaires.</summary>
    /// <param name="folder">
    /// A folder whose Templates/*.json add questionnaires, new versions of those built in, and common sets; null for none.
    /// </param>
    /// <exception cref="InvalidDataException">A file is wrong; the message lists all that is.</exception>
    public QuestionnaireTemplates(string? folder = null)
    {
        var files = new DataFiles(folder);
        var faults = new List<string>();
        var common = LoadCommon(files, faults);
        foreach (var (name, content) in files.ReadTemplates<TemplateFile>(name => !IsCommon(name)))
        {
            var template = new TemplateReader(name, common, faults).Read(content);
            if (!versions.TryAdd((template.TemplateId, template.Version), template))
                faults.Add($"{name}: {template.TemplateId} has a version {template.Version} already; a version never changes, give a new one");
        }

        foreach (var template in versions.Values.OrderBy(template => template.Version))
            newest[template.TemplateId] = template;
        if (faults.Count > 0)
            throw new InvalidDataException("The questionnaires are wrong:\n" + string.Join('\n', faults));
    }

    /// <summary>Every version of every questionnaire.</summary>
    public IReadOnlyCollection<QuestionnaireTemplate> All => versions.Values;

    /// <summary>Gives a questionnaire in one version, or in the newest where the version is 0.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public QuestionnaireTemplate Get(string templateId, int version = 0) =>
        TryGet(templateId, version, out var template)
            ? template
            : throw new KeyNotFoundException($"There is no questionnaire {templateId} in version {version}.");

    /// <summary>Finds a questionnaire in one version, or in the newest where the version is 0.</summary>
    public bool TryGet(string templateId, int version, [NotNullWhen(true)] out QuestionnaireTemplate? template) =>
        version == 0 ? newest.TryGetValue(templateId, out template) : versions.TryGetValue((templateId, version), out template);

    private static bool IsCommon(string name) => name.StartsWith("common", StringComparison.Ordinal);

    private static CommonFile LoadCommon(DataFiles files, List<string> faults)
    {
        var parts = new Dictionary<string, TextEntry>(StringComparer.Ordinal);
        var sets = new Dictionary<string, IReadOnlyList<QuestionEntry>>(StringComparer.Ordinal);
        foreach (var (name, content) in files.ReadTemplates<CommonFile>(IsCommon))
        {
            foreach (var (part, title) in content.Parts)
            {
                if (title.Fault is { } fault)
                    faults.Add($"{name}: part {part}: {fault}");
                if (!parts.TryAdd(part, title))
                    faults.Add($"{name}: part {part} is there already");
            }

            foreach (var (set, questions) in content.Sets)
            {
                if (questions.Any(question => question.Include is not null))
                    faults.Add($"{name}: set {set} includes another set");
                if (!sets.TryAdd(set, questions))
                    faults.Add($"{name}: set {set} is there already; a set never changes, give a new one");
            }
        }

        return new CommonFile(parts, sets);
    }
}
