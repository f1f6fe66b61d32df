using System.Diagnostics.CodeAnalysis;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Catalogue;

/// <summary>
/// The questionnaires in all their versions, from the files built in and an operator's folder; the format is told in
/// Data/Templates/README.md. <see cref="FoodCatalogue.Reload"/> brings them up to date. Its messages are shared by all callers:
/// clone one before changing it. What a case was opened with is kept with the case, not here.
/// </summary>
public sealed class QuestionnaireTemplates
{
    private volatile TemplateSet current;

    /// <summary>Loads the questionnaires.</summary>
    /// <param name="folder">
    /// A folder whose Templates/*.json add questionnaires, new versions of those built in, and common sets; null for none.
    /// </param>
    /// <exception cref="InvalidDataException">A file is wrong; the message lists all that is.</exception>
    public QuestionnaireTemplates(string? folder = null)
    {
        var faults = new List<string>();
        current = TemplateSet.Load(new DataFiles(folder, faults), faults);
        if (faults.Count > 0)
            throw new InvalidDataException("The questionnaires are wrong:\n" + string.Join('\n', faults));
    }

    /// <summary>The questionnaires as they are now.</summary>
    internal TemplateSet Current
    {
        get => current;
        set => current = value;
    }

    /// <summary>Every version of every questionnaire.</summary>
    public IReadOnlyCollection<QuestionnaireTemplate> All => current.All;

    /// <summary>Gives a questionnaire in one version, or in the newest where the version is 0.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public QuestionnaireTemplate Get(string templateId, int version = 0) =>
        TryGet(templateId, version, out var template)
            ? template
            : throw new KeyNotFoundException($"There is no questionnaire {templateId} in version {version}.");

    /// <summary>Finds a questionnaire in one version, or in the newest where the version is 0.</summary>
    public bool TryGet(string templateId, int version, [NotNullWhen(true)] out QuestionnaireTemplate? template) =>
        current.TryGet(templateId, version, out template);
}
