using System.Diagnostics.CodeAnalysis;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Catalogue;

/// <summary>The questionnaires in all their versions, as they were at one moment.</summary>
internal sealed class TemplateSet
{
    private readonly Dictionary<(string TemplateId, int Version), QuestionnaireTemplate> versions = [];
    private readonly Dictionary<string, QuestionnaireTemplate> newest = new(StringComparer.Ordinal);

    private TemplateSet()
    {
    }

    /// <summary>Every version of every questionnaire.</summary>
    public IReadOnlyCollection<QuestionnaireTemplate> All => versions.Values;

    /// <summary>Loads the questionnaires; what is wrong with them goes to the faults.</summary>
    public static TemplateSet Load(DataFiles files, List<string> faults)
    {
        var set = new TemplateSet();
        var common = LoadCommon(files, faults);
        foreach (var (name, content) in files.ReadTemplates<TemplateFile>(name => !IsCommon(name)))
        {
            var template = new TemplateReader(name, common, faults).Read(content);
            if (!set.versions.TryAdd((template.TemplateId, template.Version), template))
                faults.Add($"{name}: {template.TemplateId} has a version {template.Version} already; a version never changes, give a new one");
        }

        foreach (var template in set.versions.Values.OrderBy(template => template.Version))
            set.newest[template.TemplateId] = template;
        return set;
    }

    /// <summary>Finds a questionnaire in one version, or in the newest where the version is 0.</summary>
    public bool TryGet(string templateId, int version, [NotNullWhen(true)] out QuestionnaireTemplate? template) =>
        version == 0 ? newest.TryGetValue(templateId, out template) : versions.TryGetValue((templateId, version), out template);

    /// <summary>Adds to the faults what was given out in this set and says something else in a later one.</summary>
    public void CheckKept(TemplateSet later, List<string> faults)
    {
        foreach (var template in versions.Values)
        {
            if (later.TryGet(template.TemplateId, template.Version, out var same) && !same.Equals(template))
                faults.Add($"version {template.Version} of {template.TemplateId} is in use and says something else now; give a new version");
        }
    }

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
                    faults.Add($"{name}: parts.{part}: {fault}");
                if (!parts.TryAdd(part, title))
                    faults.Add($"{name}: parts.{part}: part {part} is there already");
            }

            foreach (var (set, questions) in content.Sets)
            {
                if (questions.Any(question => question.Include is not null))
                    faults.Add($"{name}: sets.{set}: set {set} includes another set");
                if (!sets.TryAdd(set, questions))
                    faults.Add($"{name}: sets.{set}: set {set} is there already; a set never changes, give a new one");
            }
        }

        return new CommonFile(parts, sets);
    }
}
