using System.Diagnostics.CodeAnalysis;
using SingleWindow.Bridge.V1;

namespace SingleWindowBridge.Server.Catalogue;

/// <summary>
/// The codes of the contract with their names: food categories, specific products, countries, enum values; and which products get
/// which questionnaire. An operator's files are read at the start and again by <see cref="Reload"/>. Its messages are shared by all
/// callers: clone one before changing it.
/// </summary>
public sealed class FoodCatalogue
{
    private readonly QuestionnaireTemplates templates;
    private readonly string? folder;
    private volatile CatalogueContent current;

    /// <summary>Loads the catalogue.</summary>
    /// <param name="templates">The questionnaires that the products may name, from the same folder.</param>
    /// <param name="folder">A folder whose categories.json, countries.json and enum-names.json replace those built in; null for none.</param>
    /// <exception cref="InvalidDataException">The data is wrong; the message lists all that is.</exception>
    public FoodCatalogue(QuestionnaireTemplates templates, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(templates);
        (this.templates, this.folder) = (templates, folder);
        var faults = new List<string>();
        current = CatalogueContent.Load(new DataFiles(folder, faults), templates.Current, faults);
        ThrowIfAny(faults);
    }

    /// <summary>The food categories in the order of the Single Window's form.</summary>
    public IReadOnlyList<Category> Categories => current.Categories;

    /// <summary>The countries and regions of ISO 3166-1 by code.</summary>
    public IReadOnlyList<Country> Countries => current.Countries;

    /// <summary>The values of the contract's enums by enum and number.</summary>
    public IReadOnlyList<EnumValue> EnumValues => current.EnumValues;

    /// <summary>
    /// Reads the operator's files anew and puts them in the place of what was read before: all of them, questionnaires too, or none.
    /// </summary>
    /// <exception cref="InvalidDataException">The data is wrong; the message lists all that is, and what was read before stays.</exception>
    public void Reload()
    {
        var faults = new List<string>();
        var files = new DataFiles(folder, faults);
        var set = TemplateSet.Load(files, faults);
        templates.Current.CheckKept(set, faults);
        var content = CatalogueContent.Load(files, set, faults);
        ThrowIfAny(faults);
        templates.Current = set;
        current = content;
    }

    /// <summary>Finds a category by code.</summary>
    public bool TryGetCategory(string code, [NotNullWhen(true)] out Category? category) =>
        current.CategoriesByCode.TryGetValue(code, out category);

    /// <summary>Finds a specific product, and its category, by code.</summary>
    public bool TryGetProduct(string code, [NotNullWhen(true)] out Product? product, [NotNullWhen(true)] out Category? category)
    {
        var found = current.Products.TryGetValue(code, out var entry);
        (product, category) = (entry.Product, entry.Category);
        return found;
    }

    /// <summary>Finds a country by code.</summary>
    public bool TryGetCountry(string code, [NotNullWhen(true)] out Country? country) => current.CountriesByCode.TryGetValue(code, out country);

    /// <summary>Finds one enum's values by its name, such as <c>Stage</c>.</summary>
    public bool TryGetEnumValues(string enumName, [NotNullWhen(true)] out IReadOnlyList<EnumValue>? values) =>
        current.Enums.TryGetValue(enumName, out values);

    /// <summary>
    /// Finds the questionnaire that a case for these products gets, in its newest version: the one that all of them name, or the
    /// category's combined one where they name different ones. Products that the catalogue no longer has count for nothing.
    /// </summary>
    /// <returns>Whether there is one; not where the catalogue has none of the products.</returns>
    public bool TryGetTemplateFor(IEnumerable<string> productCodes, [NotNullWhen(true)] out QuestionnaireTemplate? template)
    {
        ArgumentNullException.ThrowIfNull(productCodes);
        template = null;
        var (content, known) = (current, new List<(Category Category, Product Product)>());
        foreach (var code in productCodes)
            if (content.Products.TryGetValue(code, out var entry))
                known.Add(entry);
        if (known.Count == 0)
            return false;

        var named = known.Select(entry => entry.Product.TemplateId).Distinct(StringComparer.Ordinal).ToList();
        return content.Templates.TryGet(named.Count == 1 ? named[0] : known[0].Category.CombinedTemplateId, 0, out template);
    }

    private static void ThrowIfAny(List<string> faults)
    {
        if (faults.Count > 0)
            throw new InvalidDataException("The catalogue's data is wrong:\n" + string.Join('\n', faults));
    }
}
